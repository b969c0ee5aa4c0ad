import { TYPE } from '../../../tar/entry.ts';
import { DirectoryEntries, entriesInBlock, type Nid, writeDirectoryBlock } from '../tree/directory.ts';
import { FLAG } from '../tree/inode-table.ts';
import type { LayerTree } from '../tree/tree.ts';
import type { BlockMap } from './block-map.ts';
import { chunkIndexSize, writeChunkIndex } from './chunk-index.ts';
import { inodeSize, writeInode } from './inode-body.ts';
import type { Layout } from './layout.ts';
import { storedXattrs } from './stored-xattrs.ts';
import { writeXattrs, xattrSize } from './xattrs.ts';

/** Consecutive blocks of an image. */
export interface Piece {
  /** Bytes from the beginning of the image. */
  offset: number;
  bytes: Buffer;
}

/** Bytes from the beginning of the image. */
function offsetOf(tree: LayerTree, map: BlockMap, inode: number): number {
  return map.addressOf(tree.inodes.node(inode)) * map.blockSize + tree.inodes.offset(inode);
}

/** The number by which directories refer to an inode: its offset in units of 32 bytes, modulo 2^59. */
export function nidOf(tree: LayerTree, map: BlockMap, layout: Layout, inode: number): Nid {
  const offset = offsetOf(tree, map, inode) - layout.metaBlock * map.blockSize;
  const units = Math.floor(offset / 32);
  const high = Math.floor(units / 2 ** 32);
  return { low: units - high * 2 ** 32, high: high >= 0 ? high : high + 2 ** 27 };
}

const NO_NID: Nid = { low: 0xffffffff, high: 0xffffffff };
const ZERO_NID: Nid = { low: 0, high: 0 };

/** Inodes whose places are noted together. */
const GROUP = 1024;

/**
 * Writes parts of an image that is laid out: the whole image would take half as much memory as the tree. Inodes
 * are stored by number and not by place, but those that follow one another mostly lie close together.
 */
export class MetadataWriter {
  readonly #tree: LayerTree;
  readonly #map: BlockMap;
  readonly #layout: Layout;
  /** The part, and where it begins and ends in the image. */
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** For each group of inodes, where the first of its bytes are in the image and where the last may end. */
  readonly #from: Float64Array;
  readonly #to: Float64Array;

  constructor(tree: LayerTree, map: BlockMap, layout: Layout) {
    this.#tree = tree;
    this.#map = map;
    this.#layout = layout;
    const groups = Math.ceil(tree.inodes.count / GROUP);
    this.#from = new Float64Array(groups).fill(Number.POSITIVE_INFINITY);
    this.#to = new Float64Array(groups);
    for (let inode = 0; inode < tree.inodes.count; inode++) if (this.#isStored(inode)) this.#note(inode);
  }

  #isStored(inode: number): boolean {
    const { inodes } = this.#tree;
    return inodes.has(inode, FLAG.placed) && !inodes.has(inode, FLAG.lost);
  }

  #note(inode: number): void {
    const group = Math.floor(inode / GROUP);
    const offset = offsetOf(this.#tree, this.#map, inode);
    this.#widen(group, offset, offset + this.#bodySize(inode));
    const size = this.#ownBlocks(inode);
    if (size === 0) return;
    const blocks = this.#tree.inodes.union(inode) * this.#map.blockSize;
    this.#widen(group, blocks, blocks + size);
  }

  #widen(group: number, from: number, to: number): void {
    this.#from[group] = Math.min(this.#from[group] as number, from);
    this.#to[group] = Math.max(this.#to[group] as number, to);
  }

  /** Fills whole blocks of zeros. */
  write({ offset, bytes }: Piece): void {
    this.#bytes = bytes;
    this.#start = offset;
    this.#end = offset + bytes.length;
    const { count } = this.#tree.inodes;
    for (let group = 0; group < this.#from.length; group++) {
      if ((this.#from[group] as number) >= this.#end || (this.#to[group] as number) <= this.#start) continue;
      const end = Math.min(count, (group + 1) * GROUP);
      for (let inode = group * GROUP; inode < end; inode++) if (this.#isStored(inode)) this.#write(inode);
    }
  }

  #write(inode: number): void {
    const { inodes } = this.#tree;
    const offset = offsetOf(this.#tree, this.#map, inode);
    if (offset < this.#end) {
      const bodySize = this.#bodySize(inode);
      if (offset + bodySize > this.#start) this.#writeBody(inode, offset, bodySize);
    }
    const size = this.#ownBlocks(inode);
    if (size === 0) return;
    const blocks = inodes.union(inode) * this.#map.blockSize;
    if (blocks >= this.#end || blocks + size <= this.#start) return;
    if ((inodes.mode(inode) & TYPE.mask) === TYPE.directory) this.#writeDirectory(inode, blocks);
    else this.#writeTarget(inode, size, blocks);
  }

  /** Bytes of a directory or link target in blocks of its own. */
  #ownBlocks(inode: number): number {
    const { inodes } = this.#tree;
    const type = inodes.mode(inode) & TYPE.mask;
    if (type !== TYPE.link && type !== TYPE.directory) return 0;
    return inodes.size(inode) - this.#inlined(inode);
  }

  /** Bytes of data that follow the inode. */
  #inlined(inode: number): number {
    const { inodes } = this.#tree;
    return inodes.has(inode, FLAG.inlineTail) ? inodes.size(inode) % this.#map.blockSize : 0;
  }

  /** Bytes of the inode with all that follows it. */
  #bodySize(inode: number): number {
    const { inodes } = this.#tree;
    const attributes = xattrSize(storedXattrs(this.#tree, inode));
    return chunkIndexSize(inodes, inode, inodeSize(inodes, inode) + attributes) + this.#inlined(inode);
  }

  #writeBody(inode: number, offset: number, size: number): void {
    if (offset >= this.#start && offset + size <= this.#end) {
      this.#writeInode(inode, this.#bytes, offset - this.#start);
      return;
    }
    const whole = Buffer.alloc(size);
    this.#writeInode(inode, whole, 0);
    const from = Math.max(0, this.#start - offset);
    whole.copy(this.#bytes, offset + from - this.#start, from, Math.min(size, this.#end - offset));
  }

  /** Writes the inode with all that follows it. */
  #writeInode(inode: number, target: Buffer, at: number): void {
    const { inodes, dentries } = this.#tree;
    const list = storedXattrs(this.#tree, inode);
    const attributes = xattrSize(list);
    const end = at + writeInode(inodes, inode, attributes, target, at);
    if (attributes > 0) writeXattrs(list, target, end);
    const tail = end + attributes;
    if (inodes.has(inode, FLAG.chunked)) {
      writeChunkIndex(inodes, inode, target, tail);
      return;
    }
    const inlined = this.#inlined(inode);
    if (inlined === 0) return;
    const before = inodes.size(inode) - inlined;
    const type = inodes.mode(inode) & TYPE.mask;
    if (type === TYPE.link) dentries.arena.copy(inodes.first(inode) + before, inlined, target, tail);
    else if (type === TYPE.directory) this.#writeLastBlock(inode, before, target, tail);
  }

  #writeTarget(inode: number, size: number, blocks: number): void {
    const { inodes, dentries } = this.#tree;
    const from = Math.max(0, this.#start - blocks);
    const to = Math.min(size, this.#end - blocks);
    dentries.arena.copy(inodes.first(inode) + from, to - from, this.#bytes, blocks + from - this.#start);
  }

  /** Writes the blocks of a directory that lie in the part, except the one that follows its inode. */
  #writeDirectory(inode: number, blocks: number): void {
    const { blockSize } = this.#map;
    const entries = new DirectoryEntries(this.#tree, inode);
    const full = Math.floor(this.#tree.inodes.size(inode) / blockSize);
    const nid = this.#nidIn(inode);
    const own = this.#inlined(inode) > 0 ? full : full + 1;
    for (let block = 0, done = 0; block < own && done < entries.length; block++) {
      const count = entriesInBlock(entries, done, blockSize);
      const at = blocks + block * blockSize - this.#start;
      if (at >= 0 && at < this.#bytes.length) writeDirectoryBlock(entries, done, count, nid, this.#bytes, at);
      done += count;
    }
  }

  /** Writes the entries of a directory behind those of the first `before` bytes. */
  #writeLastBlock(inode: number, before: number, target: Buffer, at: number): void {
    const { blockSize } = this.#map;
    const entries = new DirectoryEntries(this.#tree, inode);
    let done = 0;
    for (let block = 0; block < before; block += blockSize) done += entriesInBlock(entries, done, blockSize);
    writeDirectoryBlock(entries, done, entries.length - done, this.#nidIn(inode), target, at);
  }

  /** Up to 1.8.10, directories refer to their original parent, which may come later or not at all. */
  #nidIn(directory: number): (inode: number) => Nid {
    const tree = this.#tree;
    const missing = tree.withoutParent.has(directory) ? tree.inodes.parent(directory) : undefined;
    return (inode) => {
      if (inode === missing) return ZERO_NID;
      return tree.inodes.has(inode, FLAG.lost) ? NO_NID : nidOf(tree, this.#map, this.#layout, inode);
    };
  }
}
