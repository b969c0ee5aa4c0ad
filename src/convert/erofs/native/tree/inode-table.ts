import type { Integer } from '../../../tar/numbers.ts';
import { Records } from './records.ts';

const STRIDE = 64;
const AT = {
  parent: 0,
  uid: 4,
  gid: 8,
  nlink: 12,
  names: 16,
  mtimeLow: 20,
  mtimeHigh: 24,
  nanoseconds: 28,
  size: 32,
  union: 40,
  first: 44,
  mode: 48,
  flags: 50,
  node: 52,
  offset: 56,
  serial: 60,
} as const;

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
/** Bits from here on: the number of superfluous pairs of `.` and `..` (1.8.10). */
const DOTS_SHIFT = 9;

/** All inodes, 64 bytes each, by number; 0 is the root. */
export class InodeTable {
  readonly #records = new Records(STRIDE);

  get count(): number {
    return this.#records.count;
  }

  add(): number {
    return this.#records.add();
  }

  #u32(inode: number, at: number): number {
    return this.#records.page(inode).getUint32(this.#records.offset(inode) + at, true);
  }

  #setU32(inode: number, at: number, value: number): void {
    this.#records.page(inode).setUint32(this.#records.offset(inode) + at, value, true);
  }

  /** The directory in which it was created; finally the one with whose entries it was placed. */
  parent(inode: number): number {
    return this.#u32(inode, AT.parent);
  }

  setParent(inode: number, parent: number): void {
    this.#setU32(inode, AT.parent, parent);
  }

  uid(inode: number): number {
    return this.#u32(inode, AT.uid);
  }

  gid(inode: number): number {
    return this.#u32(inode, AT.gid);
  }

  setOwner(inode: number, uid: number, gid: number): void {
    this.#setU32(inode, AT.uid, uid);
    this.#setU32(inode, AT.gid, gid);
  }

  /** The counter of mkfs.erofs, which for directories differs from the number of links. */
  nlink(inode: number): number {
    return this.#u32(inode, AT.nlink);
  }

  setNlink(inode: number, nlink: number): void {
    this.#setU32(inode, AT.nlink, nlink);
  }

  /** Number of its names. */
  names(inode: number): number {
    return this.#u32(inode, AT.names);
  }

  setNames(inode: number, names: number): void {
    this.#setU32(inode, AT.names, names);
  }

  mtimeLow(inode: number): number {
    return this.#u32(inode, AT.mtimeLow);
  }

  mtimeHigh(inode: number): number {
    return this.#u32(inode, AT.mtimeHigh);
  }

  nanoseconds(inode: number): number {
    return this.#u32(inode, AT.nanoseconds);
  }

  setMtime(inode: number, seconds: Integer, nanoseconds: number): void {
    if (typeof seconds === 'number') {
      this.#setU32(inode, AT.mtimeLow, seconds);
      this.#setU32(inode, AT.mtimeHigh, Math.floor(seconds / 2 ** 32));
    } else {
      this.#records.page(inode).setBigInt64(this.#records.offset(inode) + AT.mtimeLow, seconds, true);
    }
    this.#setU32(inode, AT.nanoseconds, nanoseconds);
  }

  copyMtime(inode: number, from: number): void {
    this.#setU32(inode, AT.mtimeLow, this.mtimeLow(from));
    this.#setU32(inode, AT.mtimeHigh, this.mtimeHigh(from));
    this.#setU32(inode, AT.nanoseconds, this.nanoseconds(from));
  }

  size(inode: number): number {
    return this.#records.page(inode).getFloat64(this.#records.offset(inode) + AT.size, true);
  }

  setSize(inode: number, size: number): void {
    this.#records.page(inode).setFloat64(this.#records.offset(inode) + AT.size, size, true);
  }

  /** The field `i_u` of the format: device number, first block or chunk format. */
  union(inode: number): number {
    return this.#u32(inode, AT.union);
  }

  setUnion(inode: number, value: number): void {
    this.#setU32(inode, AT.union, value);
  }

  /** Directory: its entries (see Dentries). Symbolic link: its target. Chunked: first block in the tar. */
  first(inode: number): number {
    return this.#u32(inode, AT.first);
  }

  setFirst(inode: number, first: number): void {
    this.#setU32(inode, AT.first, first);
  }

  mode(inode: number): number {
    return this.#records.page(inode).getUint16(this.#records.offset(inode) + AT.mode, true);
  }

  setMode(inode: number, mode: number): void {
    this.#records.page(inode).setUint16(this.#records.offset(inode) + AT.mode, mode, true);
  }

  has(inode: number, flag: number): boolean {
    return (this.#records.page(inode).getUint16(this.#records.offset(inode) + AT.flags, true) & flag) !== 0;
  }

  setFlag(inode: number, flag: number): void {
    const at = this.#records.offset(inode) + AT.flags;
    const page = this.#records.page(inode);
    page.setUint16(at, page.getUint16(at, true) | flag, true);
  }

  extraDots(inode: number): number {
    return this.#records.page(inode).getUint16(this.#records.offset(inode) + AT.flags, true) >> DOTS_SHIFT;
  }

  addExtraDots(inode: number): void {
    const at = this.#records.offset(inode) + AT.flags;
    const page = this.#records.page(inode);
    page.setUint16(at, page.getUint16(at, true) + (1 << DOTS_SHIFT), true);
  }

  /** Where its body begins: a node of the block map and bytes in it. */
  node(inode: number): number {
    return this.#u32(inode, AT.node);
  }

  offset(inode: number): number {
    return this.#u32(inode, AT.offset);
  }

  setPlace(inode: number, node: number, offset: number, serial: number): void {
    this.#setU32(inode, AT.node, node);
    this.#setU32(inode, AT.offset, offset);
    this.#setU32(inode, AT.serial, serial);
  }

  serial(inode: number): number {
    return this.#u32(inode, AT.serial);
  }
}
