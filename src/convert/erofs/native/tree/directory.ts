import { FILE_TYPE } from './dentries.ts';
import type { LayerTree } from './tree.ts';

/** A name in a directory. */
export interface DirectoryEntry {
  /** latin1 */
  name: string;
  inode: number;
  /** One of FILE_TYPE. */
  type: number;
}

const DIRENT = 12;
const isDots = (name: string): boolean => name === '.' || name === '..';

/**
 * A directory's entries with `.` and `..`, sorted by the bytes of their names, without whiteouts of `.` and
 * `..`. [erofs-utils, lib/inode.c: erofs_prepare_dir_inode, erofs_prepare_dir_file]
 */
export function entriesOf(tree: LayerTree, directory: number): DirectoryEntry[] {
  const { inodes, dentries } = tree;
  const entries: DirectoryEntry[] = [];
  for (let entry = inodes.first(directory); entry !== 0; entry = dentries.sibling(entry)) {
    const name = dentries.name(entry);
    if (!isDots(name)) entries.push({ name, inode: dentries.inode(entry), type: dentries.type(entry) });
  }
  for (let pairs = 0; pairs <= inodes.extraDots(directory); pairs++) {
    entries.push({ name: '.', inode: directory, type: FILE_TYPE.directory });
    entries.push({ name: '..', inode: inodes.parent(directory), type: FILE_TYPE.directory });
  }
  return entries.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

/** Bytes of a directory: an entry and its name never cross the end of a block. */
export function directorySize(entries: readonly DirectoryEntry[], blockSize: number): number {
  let size = 0;
  for (const { name } of entries) {
    const length = DIRENT + name.length;
    if ((size % blockSize) + length > blockSize) size = Math.ceil(size / blockSize) * blockSize;
    size += length;
  }
  return size;
}

/** Number of an inode in the image, 64 bits in two halves. */
export interface Nid {
  low: number;
  high: number;
}

/**
 * Writes one block of a directory: entries, then their names. Returns how many entries, from `start` on, the
 * block has. [Linux Documentation/filesystems/erofs.rst, directories]
 */
export function writeDirectoryBlock(
  entries: readonly DirectoryEntry[],
  start: number,
  blockSize: number,
  nidOf: (inode: number) => Nid,
  target: Buffer,
  at: number,
): number {
  let used = 0;
  let count = 0;
  for (let index = start; index < entries.length; index++, count++) {
    used += DIRENT + (entries[index]?.name.length ?? 0);
    if (used > blockSize) break;
  }
  let nameAt = count * DIRENT;
  for (const [index, { name, inode, type }] of entries.slice(start, start + count).entries()) {
    const nid = nidOf(inode);
    const entry = at + index * DIRENT;
    target.writeUInt32LE(nid.low, entry);
    target.writeUInt32LE(nid.high, entry + 4);
    target.writeUInt16LE(nameAt, entry + 8);
    target.writeUInt8(type, entry + 10);
    target.write(name, at + nameAt, name.length, 'latin1');
    nameAt += name.length;
  }
  return count;
}
