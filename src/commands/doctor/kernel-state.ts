import { type Node, type NodeCheck, ok, unknown, wrong } from './check.ts';

/** Modules that must be loaded, or built in, when containerd starts. */
const MODULES = ['erofs', 'overlay', 'dm-verity'] as const;

/**
 * containerd starts without its EROFS snapshotter if a module is not loaded.
 * [containerd plugins/snapshots/erofs/erofs_linux.go, internal/dmverity/dmverity_linux.go]
 */
export async function checkModules({ files, kernel }: Node): Promise<NodeCheck> {
  const listed = await files.text('/proc/filesystems');
  const builtIn =
    kernel === undefined ? undefined : await files.text(`/lib/modules/${kernel}/modules.builtin`);
  const available = kernel === undefined ? undefined : await files.text(`/lib/modules/${kernel}/modules.dep`);
  const has = (text: string | undefined, module: string): boolean =>
    text !== undefined && new RegExp(`/${module.replaceAll(/[-_]/g, '[-_]')}\\.ko`, 'm').test(text);
  const verity = await files.list('/sys/module/dm_verity');
  const isThere = (name: string): boolean =>
    has(builtIn, name) ||
    (name === 'dm-verity' ? verity.state === 'read' : new RegExp(`(^|\\s)${name}$`, 'm').test(listed ?? ''));
  const [loadable, missing]: [string[], string[]] = [[], []];
  for (const name of MODULES) if (!isThere(name)) (has(available, name) ? loadable : missing).push(name);
  if (missing.length > 0 && (listed === undefined || available === undefined)) {
    return unknown(
      'modules',
      `it cannot be seen whether the kernel has ${missing.join(', ')}`,
      `Run modprobe ${missing.join(' && modprobe ')}`,
    );
  }
  if (missing.length > 0) {
    return wrong(
      'modules',
      `the kernel has no ${missing.join(', ')}`,
      'Install the modules of this kernel, or use another kernel',
    );
  }
  if (loadable.length > 0) {
    return wrong(
      'modules',
      `not loaded: ${loadable.join(', ')}. containerd then starts without its EROFS snapshotter`,
      `Add ${loadable.join(', ')} to /etc/modules-load.d, run modprobe, and restart containerd`,
    );
  }
  return ok('modules', 'erofs, overlay and dm-verity are there');
}

const AT_PAGESZ = 6n;

/** Before containerd 2.3.3, mkfs.erofs takes the page size as block size. */
export async function checkPageSize(
  node: Node,
  firstLargePages: string,
  isOlder: boolean | undefined,
): Promise<NodeCheck> {
  const size = node.live ? await pageSize(node) : undefined;
  if (size === undefined) {
    return unknown('page-size', 'the page size cannot be read', 'Look at getconf PAGESIZE');
  }
  if (size === 4096) return ok('page-size', '4096 bytes');
  const found = `${size} bytes`;
  const remedy = `Use containerd ${firstLargePages} or later: earlier ones make images with blocks of ${size} bytes`;
  if (isOlder === undefined) return unknown('page-size', found, remedy);
  return isOlder
    ? wrong('page-size', found, remedy)
    : ok('page-size', `${found}, and containerd sets the block size`);
}

async function pageSize({ files }: Node): Promise<number | undefined> {
  const file = await files.read('/proc/self/auxv');
  if (file.state !== 'read' || process.arch === 'ia32') return undefined;
  const { bytes } = file;
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    if (bytes.readBigUInt64LE(at) === AT_PAGESZ) return Number(bytes.readBigUInt64LE(at + 8));
  }
  return undefined;
}

export const REQUIRE_SIGNATURES = '/sys/module/dm_verity/parameters/require_signatures';

/** containerd passes no signatures to the kernel, so a kernel that requires them opens none of its devices. */
export async function checkRequireSignatures({ files, containerd }: Node): Promise<NodeCheck> {
  const value = await files.text(REQUIRE_SIGNATURES);
  if (value === undefined) {
    return unknown(
      'require-signatures',
      `${REQUIRE_SIGNATURES} cannot be read`,
      'Load dm-verity (modprobe dm-verity), and run as root',
    );
  }
  if (value === 'N' || value === '0') return ok('require-signatures', 'off: IPE decides what executes');
  const ours =
    containerd.state === 'read' &&
    containerd.settings.dmverityMode !== undefined &&
    containerd.settings.dmverityMode !== 'off';
  if (!ours) return ok('require-signatures', 'on');
  return wrong(
    'require-signatures',
    'on, but containerd passes no signatures to the kernel: none of its layers can be opened',
    'Boot with dm_verity.require_signatures=0, and enforce a policy that names root hashes (verity-sign ipe-policy)',
  );
}
