import type { XattrRefs } from '../tree/xattr-refs.ts';
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

/** Bytes at the beginning of a name that an inode stores as an index. */
export function prefixLength(name: string): number {
  return PREFIXES.find(({ prefix }) => name.startsWith(prefix))?.prefix.length ?? 0;
}

/** The same for a name in bytes, with the index; 0 for none. */
function prefixOf(xattrs: XattrRefs, position: number): { index: number; length: number } {
  const page = xattrs.page(position);
  const start = xattrs.name(position);
  const nameLength = xattrs.nameLength(position);
  for (const { index, prefix } of PREFIXES) {
    if (prefix.length <= nameLength && startsWith(page, start, prefix))
      return { index, length: prefix.length };
  }
  return { index: 0, length: 0 };
}

function startsWith(page: Buffer, start: number, prefix: string): boolean {
  for (let at = 0; at < prefix.length; at++) if (page[start + at] !== prefix.charCodeAt(at)) return false;
  return true;
}

const aligned = (size: number): number => Math.ceil(size / 4) * 4;

/** Bytes of the attributes between an inode and what follows it. [lib/xattr.c, erofs_prepare_xattr_ibody] */
export function xattrSize(xattrs: XattrRefs): number {
  if (xattrs.length === 0) return 0;
  let size = HEADER;
  for (const position of xattrs.order) size = aligned(size + entrySize(xattrs, position));
  return size;
}

function entrySize(xattrs: XattrRefs, position: number): number {
  const suffix = xattrs.nameLength(position) - prefixOf(xattrs, position).length;
  return ENTRY + suffix + xattrs.valueLength(position);
}

/** The field of an inode for attributes of `size` bytes, truncated to 16 bits. */
export function xattrCount(size: number): number {
  return size === 0 ? 0 : ((size - HEADER) / 4 + 1) & 0xffff;
}

/**
 * A filter of 32 bits in which the hash of each name clears one bit: a bit that is set excludes names.
 * [Linux fs/erofs/erofs_fs.h, EROFS_XATTR_FILTER_*]
 */
export function nameFilter(xattrs: XattrRefs): number {
  let used = 0;
  for (const position of xattrs.order) {
    const { index, length } = prefixOf(xattrs, position);
    const start = xattrs.name(position);
    const hash = xxh32(
      xattrs.page(position),
      start + length,
      start + xattrs.nameLength(position),
      FILTER_SEED + index,
    );
    used |= 1 << (hash & 31);
  }
  return ~used >>> 0;
}

/** Writes `xattrSize` bytes. Lengths are truncated to the size of their fields, as mkfs.erofs does. */
export function writeXattrs(xattrs: XattrRefs, target: Buffer, start: number): void {
  target.writeUInt32LE(nameFilter(xattrs), start);
  let at = start + HEADER;
  for (const position of xattrs.order) {
    const { index, length } = prefixOf(xattrs, position);
    const page = xattrs.page(position);
    const suffix = xattrs.name(position) + length;
    const suffixLength = xattrs.nameLength(position) - length;
    const value = xattrs.value(position);
    const valueLength = xattrs.valueLength(position);
    target.writeUInt8(suffixLength & 0xff, at);
    target.writeUInt8(index, at + 1);
    target.writeUInt16LE(valueLength & 0xffff, at + 2);
    page.copy(target, at + ENTRY, suffix, suffix + suffixLength);
    page.copy(target, at + ENTRY + suffixLength, value, value + valueLength);
    at = start + aligned(at - start + ENTRY + suffixLength + valueLength);
  }
}
