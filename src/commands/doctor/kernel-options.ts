import { gunzipSync } from 'node:zlib';
import { type Node, type NodeCheck, ok, unknown, type Wanted, wrong } from './check.ts';
import { needsSignatures, ONLY_FOR_SIGNATURES } from './keyrings.ts';

/** Options without which layers are not enforced or not mounted, and what each is for. */
const OPTIONS: Readonly<Record<string, string>> = {
  DM_VERITY: 'dm-verity devices',
  SECURITY_IPE: 'IPE',
  IPE_PROP_DM_VERITY: 'policies that name root hashes',
  EROFS_FS: 'layers as EROFS images',
  EROFS_FS_XATTR: 'extended attributes of layers',
  OVERLAY_FS: 'stacks of layers',
  BLK_DEV_LOOP: 'devices of image files',
  SYSTEM_TRUSTED_KEYRING: 'certificates of the signers of policies',
};
/** Those that only signatures on devices need. */
const SIGNATURE_OPTIONS: Readonly<Record<string, string>> = {
  DM_VERITY_VERIFY_ROOTHASH_SIG: 'signatures of root hashes',
  IPE_PROP_DM_VERITY_SIGNATURE: 'policies that demand a signature',
};
/** The release that brought IPE. */
const FIRST_IPE = [6, 12] as const;

export function checkKernelVersion({ kernel }: Node): NodeCheck {
  const [, major = '', minor = ''] = /^(\d+)\.(\d+)/.exec(kernel ?? '') ?? [];
  if (kernel === undefined || major === '') {
    return unknown(
      'kernel-version',
      'the release of the kernel cannot be read',
      'Look at uname -r: IPE is in Linux 6.12 and later',
    );
  }
  const older =
    Number(major) < FIRST_IPE[0] || (Number(major) === FIRST_IPE[0] && Number(minor) < FIRST_IPE[1]);
  if (!older) return ok('kernel-version', `Linux ${kernel}`);
  return wrong('kernel-version', `Linux ${kernel} has no IPE`, 'Use Linux 6.12 or later, built with IPE');
}

/** Looks at the configuration with which the kernel was built. */
export async function checkKernelOptions(node: Node, { layers }: Wanted): Promise<NodeCheck> {
  const found = await kernelConfig(node);
  if (found === undefined) {
    return unknown(
      'kernel-options',
      'the configuration of the kernel is neither in /proc/config.gz nor in /boot nor in /lib/modules',
      'Load the module configs (modprobe configs), or look for the options in the documentation of the kernel',
    );
  }
  const { options, path } = found;
  const missing = (of: Readonly<Record<string, string>>): string[] =>
    Object.entries(of).flatMap(([name, what]) => (options.has(name) ? [] : [`CONFIG_${name} (${what})`]));
  const needed = missing(OPTIONS);
  const signatures = missing(SIGNATURE_OPTIONS);
  const isNeeded = await needsSignatures(node, layers);
  if (needed.length > 0) {
    return wrong(
      'kernel-options',
      `${path} lacks ${[...needed, ...(isNeeded ? signatures : [])].join(', ')}`,
      'Use a kernel that is built with these options',
    );
  }
  if (signatures.length === 0) return ok('kernel-options', `${path} has all that is needed`);
  const lacks = `${path} lacks ${signatures.join(', ')}`;
  if (isNeeded === false)
    return ok('kernel-options', `${lacks}, but the node demands no signatures of layers`);
  const remedy =
    'Name root hashes in a signed policy (verity-sign ipe-policy), or use a kernel that is built with these options';
  return isNeeded
    ? wrong('kernel-options', `${lacks}: this kernel checks no signatures of layers`, remedy)
    : unknown('kernel-options', `${lacks}. ${ONLY_FOR_SIGNATURES}`, remedy);
}

async function kernelConfig({
  files,
  kernel,
}: Node): Promise<{ options: Set<string>; path: string } | undefined> {
  const of = kernel === undefined ? [] : [`/boot/config-${kernel}`, `/lib/modules/${kernel}/config`];
  for (const path of ['/proc/config.gz', ...of]) {
    const file = await files.read(path);
    if (file.state !== 'read') continue;
    const text = path.endsWith('.gz') ? unpacked(file.bytes) : file.bytes.toString('latin1');
    if (text === undefined) continue;
    return {
      options: new Set([...text.matchAll(/^CONFIG_(\w+)=[ym]$/gm)].map(([, name = '']) => name)),
      path,
    };
  }
  return undefined;
}

/** Undefined for what is not a gzip file, or a very large one. */
function unpacked(bytes: Buffer): string | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: 16 * 1024 * 1024 }).toString('latin1');
  } catch {
    return undefined;
  }
}
