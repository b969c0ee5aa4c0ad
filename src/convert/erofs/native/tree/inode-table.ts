import type { Integer } from '../../../tar/numbers.ts';
import { Column } from './column.ts';

/** Bits of `flags`. */
export const FLAG = {
  /** A whiteout was created in it at some time. */
  whiteouts: 1,
  /** mkfs.erofs has freed its memory. */
  freed: 2,
  /** It has its place in the image. */
  placed: 4,
  extended: 8,
  /** The end of its data, less than a block, follows its body. */
  inlineTail: 16,
  /** Its data are chunks of the tar. */
  chunked: 32,
  /** It has blocks of file data. */
  dataRun: 64,
  /** mkfs.erofs writes no inode for it, only names. */
  lost: 128,
  /** A directory that an entry of the tar has named, or that was created as the parent of one. */
  named: 256,
} as const;
/** The flags are the upper half of a field whose lower half is the mode. */
const FLAGS_SHIFT = 16;
/** Bits from here on: the number of superfluous pairs of `.` and `..` (1.8.10). */
const DOTS_SHIFT = FLAGS_SHIFT + 9;

/** All inodes by number, 0 is the root: 52 bytes each, and 8 more that it takes over from Dentries for their places. */
export class InodeTable {
  #count = 0;
  readonly #parent = new Column();
  /** The low halves of user and group. */
  readonly #owner = new Column();
  /** Their high halves, which few layers have. */
  readonly #ownerHigh = new Column();
  readonly #nlink = new Column();
  /** Once the inode is placed, its serial number: nobody counts its names any more. */
  readonly #names = new Column();
  readonly #mtimeLow = new Column();
  readonly #mtimeHigh = new Column();
  readonly #nanoseconds = new Column();
  readonly #sizeLow = new Column();
  readonly #sizeHigh = new Column();
  readonly #union = new Column();
  readonly #first = new Column();
  readonly #modeAndFlags = new Column();
  #node = new Column();
  #offset = new Column();

  get count(): number {
    return this.#count;
  }

  add(): number {
    this.#count += 1;
    return this.#count - 1;
  }

  /** The directory in which it was created; finally the one with whose entries it was placed. */
  parent(inode: number): number {
    return this.#parent.get(inode);
  }

  setParent(inode: number, parent: number): void {
    this.#parent.set(inode, parent);
  }

  uid(inode: number): number {
    return ((this.#owner.get(inode) & 0xffff) | (this.#ownerHigh.get(inode) << 16)) >>> 0;
  }

  gid(inode: number): number {
    return ((this.#owner.get(inode) >>> 16) | (this.#ownerHigh.get(inode) & ~0xffff)) >>> 0;
  }

  setOwner(inode: number, uid: number, gid: number): void {
    this.#owner.set(inode, (uid & 0xffff) | (gid << 16));
    this.#ownerHigh.set(inode, (uid >>> 16) | (gid & ~0xffff));
  }

  /** The counter of mkfs.erofs, which for directories differs from the number of links. */
  nlink(inode: number): number {
    return this.#nlink.get(inode);
  }

  setNlink(inode: number, nlink: number): void {
    this.#nlink.set(inode, nlink);
  }

  /** Number of its names, until it is placed. */
  names(inode: number): number {
    return this.#names.get(inode);
  }

  setNames(inode: number, names: number): void {
    this.#names.set(inode, names);
  }

  mtimeLow(inode: number): number {
    return this.#mtimeLow.get(inode);
  }

  mtimeHigh(inode: number): number {
    return this.#mtimeHigh.get(inode);
  }

  nanoseconds(inode: number): number {
    return this.#nanoseconds.get(inode);
  }

  setMtime(inode: number, seconds: Integer, nanoseconds: number): void {
    if (typeof seconds === 'number') {
      this.#mtimeLow.set(inode, seconds);
      this.#mtimeHigh.set(inode, Math.floor(seconds / 2 ** 32));
    } else {
      this.#mtimeLow.set(inode, Number(BigInt.asUintN(32, seconds)));
      this.#mtimeHigh.set(inode, Number(BigInt.asUintN(32, seconds >> 32n)));
    }
    this.#nanoseconds.set(inode, nanoseconds);
  }

  copyMtime(inode: number, from: number): void {
    this.#mtimeLow.set(inode, this.mtimeLow(from));
    this.#mtimeHigh.set(inode, this.mtimeHigh(from));
    this.#nanoseconds.set(inode, this.nanoseconds(from));
  }

  size(inode: number): number {
    return this.#sizeHigh.get(inode) * 2 ** 32 + this.#sizeLow.get(inode);
  }

  setSize(inode: number, size: number): void {
    this.#sizeLow.set(inode, size);
    this.#sizeHigh.set(inode, Math.floor(size / 2 ** 32));
  }

  /** The field `i_u` of the format: device number, first block or chunk format. */
  union(inode: number): number {
    return this.#union.get(inode);
  }

  setUnion(inode: number, value: number): void {
    this.#union.set(inode, value);
  }

  /** Directory: its entries (see Dentries). Symbolic link: its target. Chunked: first block in the tar. */
  first(inode: number): number {
    return this.#first.get(inode);
  }

  setFirst(inode: number, first: number): void {
    this.#first.set(inode, first);
  }

  mode(inode: number): number {
    return this.#modeAndFlags.get(inode) & 0xffff;
  }

  setMode(inode: number, mode: number): void {
    const flags = this.#modeAndFlags.get(inode) & ~0xffff;
    this.#modeAndFlags.set(inode, flags | (mode & 0xffff));
  }

  has(inode: number, flag: number): boolean {
    return (this.#modeAndFlags.get(inode) & (flag << FLAGS_SHIFT)) !== 0;
  }

  setFlag(inode: number, flag: number): void {
    this.#modeAndFlags.set(inode, this.#modeAndFlags.get(inode) | (flag << FLAGS_SHIFT));
  }

  extraDots(inode: number): number {
    return this.#modeAndFlags.get(inode) >>> DOTS_SHIFT;
  }

  addExtraDots(inode: number): void {
    this.#modeAndFlags.set(inode, this.#modeAndFlags.get(inode) + (1 << DOTS_SHIFT));
  }

  /** Where its body begins: a node of the block map and bytes in it. */
  node(inode: number): number {
    return this.#node.get(inode);
  }

  offset(inode: number): number {
    return this.#offset.get(inode);
  }

  /** Two columns that may be overwritten, before any inode is placed: new ones would add to the peak of memory. */
  storePlacesIn([node, offset]: [node: Column, offset: Column]): void {
    this.#node = node;
    this.#offset = offset;
  }

  setPlace(inode: number, node: number, offset: number, serial: number): void {
    this.#node.set(inode, node);
    this.#offset.set(inode, offset);
    this.#names.set(inode, serial);
  }

  /** Its number in the image, once it is placed. */
  serial(inode: number): number {
    return this.#names.get(inode);
  }
}
