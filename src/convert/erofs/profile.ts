import type { ProfileName, VerityRoot } from '../../model/index.ts';
import { parseMkfsOptions } from './mkfs/mkfs-options.ts';

/**
 * How a node turns a layer into an EROFS image. [containerd, internal/erofsutils/mount.go;
 * microsoft/kata-containers, tardev-snapshotter and its tools: attach_erofs_meta]
 */
export interface Profile {
  name: ProfileName;
  /** The digest from which the image's UUID is derived; `fixed`: all images have one UUID. */
  uuidSource: 'digest' | 'diffId' | 'fixed';
  /** Block size of dm-verity. mkfs.erofs always gets 4096 and falls back to 512 for a tar index. */
  blockSize: VerityRoot['blockSize'];
  /** Whether the uncompressed tar follows the image in the same file. */
  appendsTar: boolean;
  /** The `mkfs_options` that the node's differ must have, unless the user sets mkfs-options. */
  defaultOptions: readonly string[];
}

const FULL_OPTIONS = ['-T0', '--mkfs-time', '--sort=none'];

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  containerd: {
    name: 'containerd',
    uuidSource: 'digest',
    blockSize: 4096,
    appendsTar: false,
    defaultOptions: FULL_OPTIONS,
  },
  'containerd-cache': {
    name: 'containerd-cache',
    uuidSource: 'diffId',
    blockSize: 4096,
    appendsTar: false,
    defaultOptions: FULL_OPTIONS,
  },
  'containerd-tar-index': {
    name: 'containerd-tar-index',
    uuidSource: 'digest',
    blockSize: 512,
    appendsTar: true,
    // A tar index has no file data to sort.
    defaultOptions: ['-T0', '--mkfs-time'],
  },
  tardev: {
    name: 'tardev',
    uuidSource: 'fixed',
    blockSize: 512,
    appendsTar: true,
    defaultOptions: ['-T0', '--mkfs-time'],
  },
};

/** The arguments of mkfs.erofs before the output file; the tar comes on standard input. */
export function mkfsArguments(profile: ProfileName, options: readonly string[], uuid: string): string[] {
  const mode = PROFILES[profile].appendsTar ? ['--tar=i'] : ['--tar=f'];
  const data = PROFILES[profile].appendsTar ? [] : ['-Enoinline_data'];
  const blocks = profile === 'tardev' ? [] : ['-b4096'];
  return [...mode, '--aufs', '--quiet', ...data, ...blocks, ...options, '-U', uuid];
}

/**
 * The user's mkfs options as words, or the profile's default.
 * @throws VeritySignError 'usage'; see `parseMkfsOptions`
 */
export function mkfsOptionsFor(profile: ProfileName, text: string | undefined): readonly string[] {
  return text === undefined ? PROFILES[profile].defaultOptions : parseMkfsOptions(text);
}
