import { put16, put32 } from '../image/put.ts';
import { type Dentries, FILE_TYPE } from './dentries.ts';
import type { LayerTree } from './tree.ts';

const DIRENT = 12;
/** Stand for the names that no dentry has. */
const DOT = 0xffffffff;
const DOT_DOT = 0xfffffffe;

/** Sorts the entries of a directory by the bytes of their names, once all have been added. */
export function sortDirectory({ inodes, dentries }: LayerTree, directory: number): void {
  inodes.setFirst(directory, dentries.sort(inodes.first(directory)));
}

/**
 * The entries of a sorted directory with `.` and `..`, without whiteouts of `.` and `..`. Only numbers are
 * held: as objects, the names of a large directory would take many times as much.
 * [erofs-utils, lib/inode.c: erofs_prepare_dir_inode, erofs_prepare_dir_file]
 */
export class DirectoryEntries {
  readonly length: number;
  readonly #dentries: Dentries;
  /** Numbers of dentries in order, and DOT and DOT_DOT. */
  readonly #sorted: Uint32Array;
  readonly #directory: number;
  readonly #parent: number;

  constructor({ inodes, dentries }: LayerTree, directory: number) {
    this.#dentries = dentries;
    this.#directory = directory;
    this.#parent = inodes.parent(directory);
    const named: number[] = [];
    for (let entry = inodes.first(directory); entry !== 0; entry = dentries.sibling(entry)) {
      if (!isDots(dentries, entry)) named.push(entry);
    }
    const pairs = 1 + inodes.extraDots(directory);
    this.#sorted = withDots(dentries, named, pairs);
    this.length = this.#sorted.length;
  }

  /** Writes the name to `target`, from `at` on. */
  copyName(index: number, target: Buffer, at: number): void {
    const entry = this.#sorted[index] as number;
    if (entry >= DOT_DOT) target.fill(0x2e, at, at + this.nameLength(index));
    else this.#dentries.copyName(entry, target, at);
  }

  /** Bytes of the name. */
  nameLength(index: number): number {
    const entry = this.#sorted[index] as number;
    if (entry >= DOT_DOT) return entry === DOT ? 1 : 2;
    return this.#dentries.nameLength(entry);
  }

  inode(index: number): number {
    const entry = this.#sorted[index] as number;
    if (entry >= DOT_DOT) return entry === DOT ? this.#directory : this.#parent;
    return this.#dentries.inode(entry);
  }

  /** One of FILE_TYPE. */
  type(index: number): number {
    const entry = this.#sorted[index] as number;
    return entry >= DOT_DOT ? FILE_TYPE.directory : this.#dentries.type(entry);
  }

  isDots(index: number): boolean {
    return (this.#sorted[index] as number) >= DOT_DOT;
  }
}

function isDots(dentries: Dentries, entry: number): boolean {
  return dentries.nameLength(entry) <= 2 && /^\.\.?$/.test(dentries.name(entry));
}

/** Sorted entries with so many pairs of `.` and `..`, which need not come first. */
function withDots(dentries: Dentries, entries: readonly number[], pairs: number): Uint32Array {
  const all = new Uint32Array(entries.length + 2 * pairs);
  let read = 0;
  let written = 0;
  for (const [text, mark] of [
    ['.', DOT],
    ['..', DOT_DOT],
  ] as const) {
    while (read < entries.length && dentries.compareWith(entries[read] as number, text) < 0) {
      all[written++] = entries[read++] as number;
    }
    all.fill(mark, written, written + pairs);
    written += pairs;
  }
  while (read < entries.length) all[written++] = entries[read++] as number;
  return all;
}

/** Bytes of a directory: an entry and its name never cross the end of a block. */
export function directorySize(entries: DirectoryEntries, blockSize: number): number {
  let size = 0;
  for (let index = 0; index < entries.length; index++) {
    const length = DIRENT + entries.nameLength(index);
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

/** How many entries, from `start` on, a block of a directory has. */
export function entriesInBlock(entries: DirectoryEntries, start: number, blockSize: number): number {
  let used = 0;
  let index = start;
  for (; index < entries.length; index++) {
    used += DIRENT + entries.nameLength(index);
    if (used > blockSize) break;
  }
  return index - start;
}

/**
 * Writes one block of a directory: `count` entries from `start` on, then their names.
 * [Linux Documentation/filesystems/erofs.rst, directories]
 */
export function writeDirectoryBlock(
  entries: DirectoryEntries,
  start: number,
  count: number,
  nidOf: (inode: number) => Nid,
  target: Buffer,
  at: number,
): void {
  let nameAt = count * DIRENT;
  for (let index = start; index < start + count; index++) {
    const nid = nidOf(entries.inode(index));
    const entry = at + (index - start) * DIRENT;
    put32(target, entry, nid.low);
    put32(target, entry + 4, nid.high);
    put16(target, entry + 8, nameAt);
    target[entry + 10] = entries.type(index);
    entries.copyName(index, target, at + nameAt);
    nameAt += entries.nameLength(index);
  }
}
