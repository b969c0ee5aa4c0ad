import type { Time } from './pax.ts';
import type { PaxXattr } from './xattr-list.ts';

/** File types as in a mode. */
export const TYPE = {
  mask: 0o170000,
  fifo: 0o010000,
  char: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  file: 0o100000,
  link: 0o120000,
} as const;

/** One entry of a tar with everything that overrides its header taken in. Texts are latin1. */
export interface TarEntry {
  /** Without slashes at its end, unless a GNU long name gave it. */
  path: string;
  /** What 1.9.1 and earlier take for the path, where an empty PAX record said so. */
  oldPath: string;
  hardLink: boolean;
  /** Target of a hard or symbolic link. */
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
  /** Of a device. */
  major: number;
  minor: number;
  /** Where the data begins, in bytes of the tar as its headers declare them. */
  dataOffset: number;
  /** The entry's own, then the global ones. */
  xattrs: Iterable<PaxXattr>;
  /** As 1.8.10 decodes them. */
  reversedXattrs: Iterable<PaxXattr>;
}
