import { randomFillSync } from 'node:crypto';
import { BytesArena } from './bytes-arena.ts';
import { Column } from './column.ts';

// A global would be looked up for each byte where the code runs in a context of its own.
const { imul } = Math;

/** File types as in a directory entry; 0 until the entry has an inode. [Linux fs/erofs/erofs_fs.h] */
export const FILE_TYPE = { unknown: 0, file: 1, directory: 2, char: 3, block: 4, fifo: 5, link: 7 } as const;

/** Bytes. [Linux include/uapi/linux/limits.h, NAME_MAX] */
export const LONGEST_NAME = 255;
/** Bits of a field for each entry: the length of its name, its type, and a part of its hash. */
const TYPE_SHIFT = 8;
const TYPE_MASK = 0x7 << TYPE_SHIFT;
const HASH_SHIFT = 11;
/** Bits of a hash that are not in the field: the entries of a bucket have the same ones. */
const BUCKET_BITS = 4;

/**
 * The entries of all directories: 24 bytes each and the name, with one hash table for all. Entries are
 * numbered from 1; 0 means none.
 */
export class Dentries {
  readonly arena: BytesArena;
  #count = 1;
  readonly #name = new Column();
  readonly #facts = new Column();
  #directory = new Column();
  readonly #inode = new Column();
  readonly #sibling = new Column();
  #chain = new Column();
  /** At least 2 ^ BUCKET_BITS. */
  #buckets = new Uint32Array(64);

  /** @param arena of the names, which the releases that are built side by side share */
  constructor(arena = new BytesArena()) {
    this.arena = arena;
  }

  /** Number of entries. */
  get count(): number {
    return this.#count - 1;
  }

  /** The entry `name` of a directory, or 0. */
  find(directory: number, name: string): number {
    if (name.length > LONGEST_NAME) return 0;
    const hash = hashOf(directory, name);
    const facts = factsOf(hash, name.length);
    let entry = this.#buckets[hash & (this.#buckets.length - 1)] as number;
    while (entry !== 0) {
      if (
        (this.#facts.get(entry) & ~TYPE_MASK) >>> 0 === facts &&
        this.#directory.get(entry) === directory &&
        this.arena.equals(this.#name.get(entry), name)
      ) {
        return entry;
      }
      entry = this.#chain.get(entry);
    }
    return 0;
  }

  /** Adds an entry without a type; `sibling` is the directory's first entry so far. */
  add(directory: number, name: string, inode: number, sibling: number): number {
    const entry = this.#count;
    this.#count += 1;
    if (entry > this.#buckets.length) this.#grow(entry);
    const hash = hashOf(directory, name);
    this.#name.set(entry, this.arena.add(name));
    this.#facts.set(entry, factsOf(hash, name.length));
    this.#directory.set(entry, directory);
    this.#inode.set(entry, inode);
    this.#sibling.set(entry, sibling);
    this.#link(entry, hash);
    return entry;
  }

  #link(entry: number, hash: number): void {
    const bucket = hash & (this.#buckets.length - 1);
    this.#chain.set(entry, this.#buckets[bucket] as number);
    this.#buckets[bucket] = entry;
  }

  /** Makes room for the entry of this number. */
  #grow(count: number): void {
    this.#buckets = new Uint32Array(this.#buckets.length * 2);
    for (let entry = 1; entry < count; entry++) this.#link(entry, this.#hashOf(entry));
  }

  /** As `hashOf`: to keep it would take more memory than the table. */
  #hashOf(entry: number): number {
    const length = this.nameLength(entry);
    const name = this.arena.weighted(this.#name.get(entry), length, FACTORS, NAME_FACTORS);
    return ((hashOfDirectory(this.#directory.get(entry), length) + name) | 0) >>> 7;
  }

  name(entry: number): string {
    return this.arena.text(this.#name.get(entry), this.nameLength(entry));
  }

  /** Compares the names of two entries by their bytes. */
  compare(left: number, right: number): number {
    const [leftName, rightName] = [this.#name.get(left), this.#name.get(right)];
    return this.arena.compare(leftName, this.nameLength(left), rightName, this.nameLength(right));
  }

  /** Compares the name of an entry with a text by their bytes. */
  compareWith(entry: number, text: string): number {
    const name = this.name(entry);
    return name < text ? -1 : name > text ? 1 : 0;
  }

  nameLength(entry: number): number {
    return this.#facts.get(entry) & 0xff;
  }

  type(entry: number): number {
    return (this.#facts.get(entry) & TYPE_MASK) >>> TYPE_SHIFT;
  }

  setType(entry: number, type: number): void {
    this.#facts.set(entry, (this.#facts.get(entry) & ~TYPE_MASK) | (type << TYPE_SHIFT));
  }

  directory(entry: number): number {
    return this.#directory.get(entry);
  }

  inode(entry: number): number {
    return this.#inode.get(entry);
  }

  setInode(entry: number, inode: number): void {
    this.#inode.set(entry, inode);
  }

  /** The directory's next entry, or 0: the one that was added before, or by name after `sort`. */
  sibling(entry: number): number {
    return this.#sibling.get(entry);
  }

  /** Gives away what only `find`, `add` and `directory` need: none of them can be called afterwards. */
  takeTable(): [Column, Column] {
    const table: [Column, Column] = [this.#directory, this.#chain];
    this.#directory = new Column();
    this.#chain = new Column();
    this.#buckets = new Uint32Array(0);
    return table;
  }

  /** Sorts the entries from `first` on by the bytes of their names; returns the new first one. */
  sort(first: number): number {
    const entries: number[] = [];
    for (let entry = first; entry !== 0; entry = this.sibling(entry)) entries.push(entry);
    // Most tars are sorted, which the sort notices.
    entries.reverse().sort((left, right) => this.compare(left, right));
    for (let at = 0; at < entries.length; at++)
      this.#sibling.set(entries[at] as number, entries[at + 1] ?? 0);
    return entries[0] ?? 0;
  }

  /** Copies the name of an entry. */
  copyName(entry: number, target: Buffer, at: number): void {
    this.arena.copy(this.#name.get(entry), this.nameLength(entry), target, at);
  }
}

/** In a key, the bytes before the name: directory number (4 bytes) and length of the name. */
const NAME_FACTORS = 4 + 1;
const KEYS = NAME_FACTORS + LONGEST_NAME;

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
  let hash = hashOfDirectory(directory, name.length);
  for (let at = 0; at < name.length; at++)
    hash = (hash + imul(FACTORS[at + NAME_FACTORS] as number, name.charCodeAt(at))) | 0;
  return hash >>> 7;
}

function hashOfDirectory(directory: number, length: number): number {
  let hash = imul(LENGTH, length);
  hash += imul(FIRST, directory & 0xff) + imul(SECOND, (directory >>> 8) & 0xff);
  hash += imul(THIRD, (directory >>> 16) & 0xff) + imul(FOURTH, directory >>> 24);
  return hash | 0;
}

/** The field of an entry without a type. */
function factsOf(hash: number, length: number): number {
  return (((hash >>> BUCKET_BITS) << HASH_SHIFT) | length) >>> 0;
}
