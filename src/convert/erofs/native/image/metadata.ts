import { TYPE } from '../../../tar/entry.ts';
import { DirectoryEntries, type Nid, writeDirectoryBlock } from '../tree/directory.ts';
import { FLAG } from '../tree/inode-table.ts';
import type { LayerTree } from '../tree/tree.ts';
import type { BlockMap } from './block-map.ts';
import { writeChunkIndex } from './chunk-index.ts';
import { writeInode } from './inode-body.ts';
import type { Layout } from './layout.ts';
import { storedXattrs } from './stored-xattrs.ts';
import { writeXattrs, xattrSize } from './xattrs.ts';

/** The blocks of an image that are not file data. */
export interface Metadata {
  /** The blocks from 0 on. */
  head: Buffer;
  /** The blocks from `restBlock` on; empty if there is no file data. */
  rest: Buffer;
  restBlock: number;
}

/** Writes inodes, link targets and directories, but not the superblock. */
export function writeMetadata(tree: LayerTree, map: BlockMap, layout: Layout, dataBlocks: number): Metadata {
  const { blockSize } = map;
  const headBlocks = dataBlocks === 0 ? layout.totalBlocks : 1;
  const restBlock = headBlocks + dataBlocks;
  const metadata: Metadata = {
    head: Buffer.alloc(headBlocks * blockSize),
    rest: Buffer.alloc((layout.totalBlocks - restBlock) * blockSize),
    restBlock,
  };
  const writer = new MetadataWriter(tree, map, layout, metadata);
  for (let inode = 0; inode < tree.inodes.count; inode++) {
    if (tree.inodes.has(inode, FLAG.placed) && !tree.inodes.has(inode, FLAG.lost)) writer.write(inode);
  }
  return metadata;
}

/** Bytes from the beginning of the image. */
export function offsetOf(tree: LayerTree, map: BlockMap, inode: number): number {
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

class MetadataWriter {
  readonly #tree: LayerTree;
  readonly #map: BlockMap;
  readonly #layout: Layout;
  readonly #metadata: Metadata;

  constructor(tree: LayerTree, map: BlockMap, layout: Layout, metadata: Metadata) {
    this.#tree = tree;
    this.#map = map;
    this.#layout = layout;
    this.#metadata = metadata;
  }

  write(inode: number): void {
    const { inodes } = this.#tree;
    const { target, at } = this.#locate(offsetOf(this.#tree, this.#map, inode));
    const list = storedXattrs(this.#tree, inode);
    const attributes = xattrSize(list);
    const end = at + writeInode(inodes, inode, attributes, target, at);
    if (attributes > 0) writeXattrs(list, target, end);
    const tail = end + attributes;
    const type = inodes.mode(inode) & TYPE.mask;
    if (inodes.has(inode, FLAG.chunked)) writeChunkIndex(inodes, inode, target, tail);
    else if (type === TYPE.link) this.#writeTarget(inode, target, tail);
    else if (type === TYPE.directory) this.#writeDirectory(inode, target, tail);
  }

  #locate(offset: number): { target: Buffer; at: number } {
    const { head, rest, restBlock } = this.#metadata;
    if (offset < head.length) return { target: head, at: offset };
    return { target: rest, at: offset - restBlock * this.#map.blockSize };
  }

  #writeTarget(inode: number, body: Buffer, tail: number): void {
    const { inodes, dentries } = this.#tree;
    const { blockSize } = this.#map;
    const size = inodes.size(inode);
    const inlined = inodes.has(inode, FLAG.inlineTail) ? size % blockSize : 0;
    const start = inodes.first(inode);
    if (size > inlined) {
      const { target, at } = this.#locate(inodes.union(inode) * blockSize);
      dentries.arena.copy(start, size - inlined, target, at);
    }
    if (inlined > 0) dentries.arena.copy(start + size - inlined, inlined, body, tail);
  }

  #writeDirectory(inode: number, body: Buffer, tail: number): void {
    const { inodes } = this.#tree;
    const { blockSize } = this.#map;
    const entries = new DirectoryEntries(this.#tree, inode);
    const full = Math.floor(inodes.size(inode) / blockSize);
    // Up to 1.8.10, directories refer to their original parent, which may come later or not at all.
    const missing = this.#tree.withoutParent.has(inode) ? inodes.parent(inode) : undefined;
    const nid = (of: number): Nid => (of === missing ? ZERO_NID : this.#nid(of));
    for (let block = 0, done = 0; done < entries.length; block++) {
      const inlined = block === full && inodes.has(inode, FLAG.inlineTail);
      const { target, at } = inlined
        ? { target: body, at: tail }
        : this.#locate((inodes.union(inode) + block) * blockSize);
      done += writeDirectoryBlock(entries, done, blockSize, nid, target, at);
    }
  }

  #nid(inode: number): Nid {
    if (this.#tree.inodes.has(inode, FLAG.lost)) return NO_NID;
    return nidOf(this.#tree, this.#map, this.#layout, inode);
  }
}
