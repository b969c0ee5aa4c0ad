import { xxh32 } from './xxh32.ts';

/** An extended attribute of an inode; name and value are latin1. */
export interface Xattr {
  name: string;
  value: string;
}

/** Indexes that replace the beginning of a name, in the order in which they are tried. [erofs_fs.h] */
const PREFIXES = [
  { index: 1, prefix: 'user.' },
  { index: 2, prefix: 'system.posix_acl_access' },
  { index: 3, prefix: 'system.posix_acl_default' },
  { index: 4, prefix: 'trusted.' },
  { index: 6, prefix: 'security.' },
] as const;
const HEADER = 12;
const ENTRY = 4;
const FILTER_SEED = 0x25bbe08f;

/** A name as an inode stores it: the index for its beginning, and the rest. */
export function storedName(name: string): { index: number; suffix: string } {
  const found = PREFIXES.find(({ prefix }) => name.startsWith(prefix));
  if (found === undefined) return { index: 0, suffix: name };
  return { index: found.index, suffix: name.slice(found.prefix.length) };
}

/** Sorts by the bytes of name, NUL and value; equal ones keep their order. [lib/xattr.c, erofs_comp_xattritem] */
export function sortXattrs(xattrs: Xattr[]): Xattr[] {
  if (xattrs.length < 2) return xattrs;
  const keyed = xattrs.map((xattr) => ({ key: `${xattr.name}\0${xattr.value}`, xattr }));
  keyed.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
  return keyed.map(({ xattr }) => xattr);
}

const aligned = (size: number): number => Math.ceil(size / 4) * 4;

/** Bytes of the attributes between an inode and what follows it. [lib/xattr.c, erofs_prepare_xattr_ibody] */
export function xattrSize(xattrs: readonly Xattr[] | undefined): number {
  if (xattrs === undefined || xattrs.length === 0) return 0;
  let size = HEADER;
  for (const { name, value } of xattrs)
    size = aligned(size + ENTRY + storedName(name).suffix.length + value.length);
  return size;
}

/** The field of an inode for attributes of `size` bytes, truncated to 16 bits. */
export function xattrCount(size: number): number {
  return size === 0 ? 0 : ((size - HEADER) / 4 + 1) & 0xffff;
}

/**
 * A filter of 32 bits in which the hash of each name clears one bit: a bit that is set excludes names.
 * [Linux fs/erofs/erofs_fs.h, EROFS_XATTR_FILTER_*]
 */
export function nameFilter(xattrs: readonly Xattr[]): number {
  let used = 0;
  for (const { name } of xattrs) {
    const { index, suffix } = storedName(name);
    used |= 1 << (xxh32(suffix, FILTER_SEED + index) & 31);
  }
  return ~used >>> 0;
}

/** Writes `xattrSize` bytes. Lengths are truncated to the size of their fields, as mkfs.erofs does. */
export function writeXattrs(xattrs: readonly Xattr[], target: Buffer, start: number): void {
  target.writeUInt32LE(nameFilter(xattrs), start);
  let at = start + HEADER;
  for (const { name, value } of xattrs) {
    const { index, suffix } = storedName(name);
    target.writeUInt8(suffix.length & 0xff, at);
    target.writeUInt8(index, at + 1);
    target.writeUInt16LE(value.length & 0xffff, at + 2);
    target.write(suffix, at + ENTRY, suffix.length, 'latin1');
    target.write(value, at + ENTRY + suffix.length, value.length, 'latin1');
    at = start + aligned(at - start + ENTRY + suffix.length + value.length);
  }
}
