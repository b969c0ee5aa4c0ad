import { type Node, type NodeCheck, ok, unknown, wrong } from './check.ts';
import type { NodeFiles } from './node-files.ts';

/** Modules that must be loaded, or built in, when containerd starts. */
const MODULES = ['erofs', 'overlay', 'dm-verity'] as const;

/**
 * What containerd does where a module is not loaded. Without dm-verity, the snapshotter fails, and with it the database
 * on which all services depend.
 * [containerd plugins/snapshots/erofs/erofs_linux.go, erofs.go; plugins/metadata/plugin.go]
 */
function consequenceOf(notLoaded: readonly string[]): string {
  return notLoaded.includes('dm-verity')
    ? 'With dmverity_mode = "on", containerd then runs no container of any kind'
    : 'containerd then starts without its EROFS snapshotter';
}

export async function checkModules({ files, kernel }: Node): Promise<NodeCheck> {
  const ofKernel = async (name: string): Promise<string | undefined> =>
    kernel === undefined ? undefined : files.text(`/lib/modules/${kernel}/${name}`);
  const [builtIn, available] = [await ofKernel('modules.builtin'), await ofKernel('modules.dep')];
  const has = (text: string | undefined, module: string): boolean =>
    text !== undefined && new RegExp(`/${module.replaceAll(/[-_]/g, '[-_]')}\\.ko`, 'm').test(text);
  const [absent, unseen]: [string[], string[]] = [[], []];
  for (const name of MODULES) {
    const isThere = has(builtIn, name) || (await isLoaded(files, name));
    if (isThere === undefined) unseen.push(name);
    if (isThere === false) absent.push(name);
  }
  const loadable = absent.filter((name) => has(available, name));
  const missing = absent.filter((name) => !has(available, name));
  if (missing.length > 0 && available !== undefined) {
    return wrong(
      'modules',
      `the kernel has no ${missing.join(', ')}`,
      'Install the modules of this kernel, or use another kernel',
    );
  }
  if (loadable.length > 0) {
    return wrong(
      'modules',
      `not loaded: ${loadable.join(', ')}. ${consequenceOf(loadable)}`,
      `Add ${loadable.join(', ')} to /etc/modules-load.d, run modprobe, and restart containerd`,
    );
  }
  const hidden = [...missing, ...unseen];
  if (hidden.length === 0) return ok('modules', 'erofs, overlay and dm-verity are there');
  return unknown(
    'modules',
    `it cannot be seen whether the running kernel has ${hidden.join(', ')}`,
    `On the node, run modprobe ${hidden.join(' && modprobe ')}, and look at /etc/modules-load.d`,
  );
}

/** Undefined where a running kernel does not show it, as in a copy of a disk. */
async function isLoaded(files: NodeFiles, name: (typeof MODULES)[number]): Promise<boolean | undefined> {
  if (name !== 'dm-verity') {
    const listed = await files.text('/proc/filesystems');
    return listed ? new RegExp(`(^|\\s)${name}$`, 'm').test(listed) : undefined;
  }
  const modules = await files.list('/sys/module');
  return modules.state === 'read' && modules.names.length > 0
    ? modules.names.includes('dm_verity')
    : undefined;
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
