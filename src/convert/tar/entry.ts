import type { Time } from './pax/time.ts';
import type { PaxXattr } from './pax/xattr.ts';

/** File types, as in a mode. */
export const TYPE = {
  mask: 0o170000,
  fifo: 0o010000,
  char: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  file: 0o100000,
  link: 0o120000,
} as const;

/** File names with a meaning in a layer. [Linux, fs/aufs; OCI image-spec, layer.md, whiteouts] */
export const WHITEOUT = '.wh.';
export const OPAQUE = '.wh..wh..opq';

/** One entry of a tar, with PAX records and GNU long names applied to its header. Texts are latin1. */
export interface TarEntry {
  /** Without slashes at its end, unless a GNU long name gave it. */
  path: string;
  /** The path for releases up to 1.9.1, which use an empty PAX record as a value. */
  oldPath: string;
  hardLink: boolean;
  /** Target of a hard or symbolic link; else empty. */
  target: string;
  oldTarget: string;
  /** Type and permission bits. */
  mode: number;
  /** Bytes as declared, whatever the type. */
  size: number;
  uid: number;
  gid: number;
  mtime: Time;
  oldMtime: Time;
  /** Device numbers, 32 bits, signed; 0 for other types. */
  major: number;
  minor: number;
  /** The device number fits the bits that Linux has for it. */
  deviceFits: boolean;
  /** Where the data begins: bytes of the tar as its headers declare them. */
  dataOffset: number;
  /** The entry's own extended attributes, then the global ones; to be read before the next header. */
  xattrs: Iterable<PaxXattr>;
  /** The same as 1.8.10 decodes them. */
  reversedXattrs: Iterable<PaxXattr>;
  /** The path of the file whose sparse map is the data, if the entry is a PAX sparse file. */
  sparsePath: string | undefined;
}

/** The role of an entry by the last name of its path; a name that a slash follows is ordinary. */
export type Role = 'opaque marker' | 'whiteout' | 'ordinary';

export function roleOf(path: string): Role {
  const slash = path.lastIndexOf('/');
  if (!path.startsWith(WHITEOUT, slash + 1)) return 'ordinary';
  return path.length === slash + 1 + OPAQUE.length && path.endsWith(OPAQUE) ? 'opaque marker' : 'whiteout';
}

/**
 * Whether mkfs.erofs consumes `size` bytes of data behind the entry's header. It reads the data of
 * other entries as the next header. [erofs-utils, lib/tar.c, tarerofs_parse_tar]
 * @param path the entry's path, or its `oldPath`
 */
export function hasData({ hardLink, mode, size }: TarEntry, path: string): boolean {
  if (size === 0 || hardLink) return false;
  const role = roleOf(path);
  if (role !== 'ordinary') return role === 'whiteout';
  const type = mode & TYPE.mask;
  return type !== TYPE.directory && type !== TYPE.link;
}
