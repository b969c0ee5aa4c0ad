import { randomFillSync } from 'node:crypto';
import { BytesArena } from './bytes-arena.ts';
import { Records } from './records.ts';

const STRIDE = 28;
const AT = {
  name: 0,
  length: 4,
  type: 5,
  directory: 8,
  inode: 12,
  sibling: 16,
  hash: 20,
  chain: 24,
} as const;

/** File types as in a directory entry; 0 until the entry has an inode. [Linux fs/erofs/erofs_fs.h] */
export const FILE_TYPE = { unknown: 0, file: 1, directory: 2, char: 3, block: 4, fifo: 5, link: 7 } as const;

/**
 * The entries of all directories: 28 bytes each and the name, with one hash table for all. Entries are
 * numbered from 1; 0 means none.
 */
export class Dentries {
  readonly arena = new BytesArena();
  readonly #records = new Records(STRIDE);
  #buckets = new Uint32Array(64);

  constructor() {
    this.#records.add();
  }

  #get(entry: number, at: number): number {
    return this.#records.page(entry).getUint32(this.#records.offset(entry) + at, true);
  }

  #set(entry: number, at: number, value: number): void {
    this.#records.page(entry).setUint32(this.#records.offset(entry) + at, value, true);
  }

  /** The entry `name` of a directory, or 0. */
  find(directory: number, name: string): number {
    const hash = hashOf(directory, name);
    let entry = this.#buckets[hash & (this.#buckets.length - 1)] as number;
    while (entry !== 0) {
      if (
        this.#get(entry, AT.hash) === hash &&
        this.#get(entry, AT.directory) === directory &&
        this.nameLength(entry) === name.length &&
        this.arena.equals(this.#get(entry, AT.name), name)
      ) {
        return entry;
      }
      entry = this.#get(entry, AT.chain);
    }
    return 0;
  }

  /** Adds an entry without a type; `sibling` is the directory's first entry so far. */
  add(directory: number, name: string, inode: number, sibling: number): number {
    const entry = this.#records.add();
    if (entry > this.#buckets.length) this.#grow();
    const hash = hashOf(directory, name);
    this.#set(entry, AT.name, this.arena.add(name));
    this.#records.page(entry).setUint8(this.#records.offset(entry) + AT.length, name.length);
    this.#set(entry, AT.directory, directory);
    this.#set(entry, AT.inode, inode);
    this.#set(entry, AT.sibling, sibling);
    this.#set(entry, AT.hash, hash);
    this.#link(entry, hash);
    return entry;
  }

  #link(entry: number, hash: number): void {
    const bucket = hash & (this.#buckets.length - 1);
    this.#set(entry, AT.chain, this.#buckets[bucket] as number);
    this.#buckets[bucket] = entry;
  }

  #grow(): void {
    this.#buckets = new Uint32Array(this.#buckets.length * 2);
    for (let entry = 1; entry < this.#records.count - 1; entry++)
      this.#link(entry, this.#get(entry, AT.hash));
  }

  name(entry: number): string {
    return this.arena.text(this.#get(entry, AT.name), this.nameLength(entry));
  }

  /** Compares the names of two entries by their bytes. */
  compare(left: number, right: number): number {
    const [leftName, rightName] = [this.#get(left, AT.name), this.#get(right, AT.name)];
    return this.arena.compare(leftName, this.nameLength(left), rightName, this.nameLength(right));
  }

  /** Compares the name of an entry with a text by their bytes. */
  compareWith(entry: number, text: string): number {
    const name = this.name(entry);
    return name < text ? -1 : name > text ? 1 : 0;
  }

  nameLength(entry: number): number {
    return this.#records.page(entry).getUint8(this.#records.offset(entry) + AT.length);
  }

  type(entry: number): number {
    return this.#records.page(entry).getUint8(this.#records.offset(entry) + AT.type);
  }

  setType(entry: number, type: number): void {
    this.#records.page(entry).setUint8(this.#records.offset(entry) + AT.type, type);
  }

  directory(entry: number): number {
    return this.#get(entry, AT.directory);
  }

  inode(entry: number): number {
    return this.#get(entry, AT.inode);
  }

  setInode(entry: number, inode: number): void {
    this.#set(entry, AT.inode, inode);
  }

  /** The directory's next entry, or 0: the one that was added before, or by name after `sort`. */
  sibling(entry: number): number {
    return this.#get(entry, AT.sibling);
  }

  /** Sorts the entries from `first` on by the bytes of their names; returns the new first one. */
  sort(first: number): number {
    const entries: number[] = [];
    for (let entry = first; entry !== 0; entry = this.sibling(entry)) entries.push(entry);
    // Most tars are sorted, which the sort notices.
    entries.reverse().sort((left, right) => this.compare(left, right));
    for (let at = 0; at < entries.length; at++)
      this.#set(entries[at] as number, AT.sibling, entries[at + 1] ?? 0);
    return entries[0] ?? 0;
  }

  /** Copies the name of an entry. */
  copyName(entry: number, target: Buffer, at: number): void {
    this.arena.copy(this.#get(entry, AT.name), this.nameLength(entry), target, at);
  }
}

/** Directory number (4 bytes), length of the name, and each byte of the longest name. */
const KEYS = 4 + 1 + 255;

/** One secret factor for each byte of a key, new in each process: no name depends on them in the image. */
const FACTORS = new Int32Array(new Uint32Array(randomFillSync(new Uint8Array(KEYS * 4)).buffer));
const [FIRST = 0, SECOND = 0, THIRD = 0, FOURTH = 0, LENGTH = 0] = FACTORS;

/**
 * The upper 25 bits of a multilinear hash: the sum of each byte times its own secret factor, modulo
 * 2 ^ 32. Any two different keys collide for one choice of the factors in 2 ^ 25, whoever chose the keys
 * (a secret start alone does not: the bytes of FNV-1a meet only 8 bits of it).
 * [Lemire and Kaser, Strongly universal string hashing is fast]
 */
function hashOf(directory: number, name: string): number {
  let hash = Math.imul(LENGTH, name.length);
  hash += Math.imul(FIRST, directory & 0xff) + Math.imul(SECOND, (directory >>> 8) & 0xff);
  hash += Math.imul(THIRD, (directory >>> 16) & 0xff) + Math.imul(FOURTH, directory >>> 24);
  for (let at = 0; at < name.length; at++)
    hash = (hash + Math.imul(FACTORS[at + 5] as number, name.charCodeAt(at))) | 0;
  return hash >>> 7;
}
