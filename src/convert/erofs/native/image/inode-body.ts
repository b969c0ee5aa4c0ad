import { FLAG, type InodeTable } from '../tree/inode-table.ts';
import { put16, put32 } from './put.ts';
import { xattrCount } from './xattrs.ts';

const COMPACT = 32;
const EXTENDED = 64;
const LAYOUT = { flat: 0, inlineTail: 2, chunked: 4 } as const;

/** Bytes of an inode without its attributes and data. */
export function inodeSize(inodes: InodeTable, inode: number): number {
  return inodes.has(inode, FLAG.extended) ? EXTENDED : COMPACT;
}

/** Writes an inode without its attributes and data; returns its size. [Linux fs/erofs/erofs_fs.h] */
export function writeInode(
  inodes: InodeTable,
  inode: number,
  xattrSize: number,
  target: Buffer,
  at: number,
): number {
  const extended = inodes.has(inode, FLAG.extended);
  put16(target, at, (extended ? 1 : 0) | (layoutOf(inodes, inode) << 1));
  put16(target, at + 2, xattrCount(xattrSize));
  put16(target, at + 4, inodes.mode(inode));
  put32(target, at + 16, inodes.union(inode));
  put32(target, at + 20, inodes.serial(inode));
  const size = inodes.size(inode);
  if (!extended) {
    put16(target, at + 6, inodes.nlink(inode));
    put32(target, at + 8, size);
    put16(target, at + 24, inodes.uid(inode));
    put16(target, at + 26, inodes.gid(inode));
    return COMPACT;
  }
  put32(target, at + 8, size % 2 ** 32);
  put32(target, at + 12, Math.floor(size / 2 ** 32));
  put32(target, at + 24, inodes.uid(inode));
  put32(target, at + 28, inodes.gid(inode));
  put32(target, at + 32, inodes.mtimeLow(inode));
  put32(target, at + 36, inodes.mtimeHigh(inode));
  put32(target, at + 40, inodes.nanoseconds(inode));
  put32(target, at + 44, inodes.nlink(inode));
  return EXTENDED;
}

function layoutOf(inodes: InodeTable, inode: number): number {
  if (inodes.has(inode, FLAG.chunked)) return LAYOUT.chunked;
  return inodes.has(inode, FLAG.inlineTail) ? LAYOUT.inlineTail : LAYOUT.flat;
}
