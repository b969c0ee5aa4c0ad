import { FLAG, type InodeTable } from '../tree/inode-table.ts';
import { xattrCount } from './xattrs.ts';

const LAYOUT = { flat: 0, inlineTail: 2, chunked: 4 } as const;

/** Writes an inode without its attributes and data; returns its size. [Linux fs/erofs/erofs_fs.h] */
export function writeInode(
  inodes: InodeTable,
  inode: number,
  xattrSize: number,
  target: Buffer,
  at: number,
): number {
  const extended = inodes.has(inode, FLAG.extended);
  target.writeUInt16LE((extended ? 1 : 0) | (layoutOf(inodes, inode) << 1), at);
  target.writeUInt16LE(xattrCount(xattrSize), at + 2);
  target.writeUInt16LE(inodes.mode(inode), at + 4);
  target.writeUInt32LE(inodes.union(inode), at + 16);
  target.writeUInt32LE(inodes.serial(inode), at + 20);
  const size = inodes.size(inode);
  if (!extended) {
    target.writeUInt16LE(inodes.nlink(inode), at + 6);
    target.writeUInt32LE(size, at + 8);
    target.writeUInt16LE(inodes.uid(inode), at + 24);
    target.writeUInt16LE(inodes.gid(inode), at + 26);
    return 32;
  }
  target.writeUInt32LE(size % 2 ** 32, at + 8);
  target.writeUInt32LE(Math.floor(size / 2 ** 32), at + 12);
  target.writeUInt32LE(inodes.uid(inode), at + 24);
  target.writeUInt32LE(inodes.gid(inode), at + 28);
  target.writeUInt32LE(inodes.mtimeLow(inode), at + 32);
  target.writeUInt32LE(inodes.mtimeHigh(inode), at + 36);
  target.writeUInt32LE(inodes.nanoseconds(inode), at + 40);
  target.writeUInt32LE(inodes.nlink(inode), at + 44);
  return 64;
}

function layoutOf(inodes: InodeTable, inode: number): number {
  if (inodes.has(inode, FLAG.chunked)) return LAYOUT.chunked;
  return inodes.has(inode, FLAG.inlineTail) ? LAYOUT.inlineTail : LAYOUT.flat;
}
