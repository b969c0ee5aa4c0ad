import { TYPE } from '../../../tar/entry.ts';
import { FILE_TYPE } from '../tree/dentries.ts';
import { DirectoryEntries, directorySize, sortDirectory } from '../tree/directory.ts';
import { FLAG } from '../tree/inode-table.ts';
import { ROOT } from '../tree/path-walk.ts';
import type { LayerTree } from '../tree/tree.ts';
import { MAX_XATTR_BYTES, tooManyXattrBytes } from '../tree/xattr-arena.ts';
import type { BlockMap } from './block-map.ts';
import { chunkIndexSize } from './chunk-index.ts';
import { inodeSize } from './inode-body.ts';
import { storedXattrs } from './stored-xattrs.ts';
import { nameFilter, xattrSize } from './xattrs.ts';

/** The first block of an inode without blocks of its own. */
const NO_BLOCK = 0xffffffff;
/** The superblock has 16 bits for the root's place, in units of 32 bytes. */
const FARTHEST_ROOT = 0xffff * 32;
const CHUNK_48BIT = 0x40;
export interface Layout {
  /** Number of inodes in the image. */
  inodeCount: number;
  /** The block from which inode numbers are counted. */
  metaBlock: number;
  /** Number of blocks of the image. */
  totalBlocks: number;
  /** An inode has a filter of extended attributes. */
  filters: boolean;
}

/**
 * Assigns every inode and directory its place, in the order of mkfs.erofs: the root, then for each directory
 * its new children by name, its own data, and the subtrees of its subdirectories.
 * [erofs-utils, lib/inode.c: erofs_mkfs_dump_tree, erofs_prepare_inode_buffer, erofs_write_tail_end]
 */
export function layOut(tree: LayerTree, map: BlockMap): Layout {
  tree.inodes.storePlacesIn(tree.dentries.takeTable());
  const placer = new Placer(tree, map);
  placer.place(ROOT);
  const rootOffset = map.addressOf(tree.inodes.node(ROOT)) * map.blockSize + tree.inodes.offset(ROOT);
  const beyond = rootOffset - FARTHEST_ROOT;
  const pending = [ROOT];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const child of placer.fillDirectory(directory).reverse()) pending.push(child);
  }
  map.mapAll();
  return {
    inodeCount: placer.placed,
    metaBlock: beyond > 0 ? Math.ceil(beyond / map.blockSize) : 0,
    totalBlocks: map.tail,
    filters: placer.filters,
  };
}

class Placer {
  readonly #tree: LayerTree;
  readonly #map: BlockMap;
  placed = 0;
  #xattrBytes = 0;
  filters = false;

  constructor(tree: LayerTree, map: BlockMap) {
    this.#tree = tree;
    this.#map = map;
  }

  /** Places the children without a place, then the directory's data; returns the new subdirectories. */
  fillDirectory(directory: number): number[] {
    const { inodes, rules } = this.#tree;
    const entries = new DirectoryEntries(this.#tree, directory);
    const directories: number[] = [];
    for (let index = 0; index < entries.length; index++) {
      const inode = entries.inode(index);
      if (entries.isDots(index) || inodes.has(inode, FLAG.placed)) continue;
      if (!rules.earlyDots) inodes.setParent(inode, directory);
      this.place(inode);
      if ((inodes.mode(inode) & TYPE.mask) === TYPE.directory) directories.push(inode);
    }
    this.#directoryData(directory, entries);
    return directories;
  }

  place(inode: number): void {
    const { inodes } = this.#tree;
    inodes.setFlag(inode, FLAG.placed);
    if (this.#isExtended(inode)) inodes.setFlag(inode, FLAG.extended);
    const type = inodes.mode(inode) & TYPE.mask;
    if (type === TYPE.directory) this.#measure(inode);
    const lost = this.#isLost(inode);
    if (lost) inodes.setFlag(inode, FLAG.lost);
    const body = chunkIndexSize(inodes, inode, inodeSize(inodes, inode) + this.#finishXattrs(inode));
    if (type === TYPE.directory) this.#attach(inode, body, inodes.size(inode) % this.#map.blockSize);
    else if (type === TYPE.link) this.#placeLink(inode, body);
    else if (!lost) this.#attach(inode, body, 0);
    if (inodes.has(inode, FLAG.dataRun)) this.#map.fileRuns -= 1;
  }

  #isExtended(inode: number): boolean {
    const { inodes, rules } = this.#tree;
    return (
      inodes.size(inode) > 0xffffffff ||
      inodes.uid(inode) > 0xffff ||
      inodes.gid(inode) > 0xffff ||
      inodes.nlink(inode) > 0xffff ||
      inodes.mtimeLow(inode) !== 0 ||
      inodes.mtimeHigh(inode) !== 0 ||
      (rules.fractionExtends && inodes.nanoseconds(inode) !== 0)
    );
  }

  /** Chunk formats and device numbers share a field: some devices with data appear to need 48 bits. */
  #isLost(inode: number): boolean {
    const { inodes, rules } = this.#tree;
    return inodes.has(inode, FLAG.chunked) && (inodes.union(inode) & CHUNK_48BIT) !== 0 && !rules.earlyDots;
  }

  #measure(directory: number): void {
    const { inodes } = this.#tree;
    sortDirectory(this.#tree, directory);
    const entries = new DirectoryEntries(this.#tree, directory);
    inodes.setSize(directory, directorySize(entries, this.#map.blockSize));
    let directories = 0;
    for (let index = 0; index < entries.length; index++) {
      if (entries.type(index) === FILE_TYPE.directory) directories += 1;
    }
    const tooMany = directories > 0xffff && !inodes.has(directory, FLAG.extended);
    inodes.setNlink(directory, tooMany ? 1 : directories);
    inodes.setUnion(directory, NO_BLOCK);
  }

  #finishXattrs(inode: number): number {
    const { inodes } = this.#tree;
    const list = storedXattrs(this.#tree, inode);
    if (list.length === 0) return 0;
    if (nameFilter(list) !== 0 && !inodes.has(inode, FLAG.lost)) this.filters = true;
    const size = xattrSize(list);
    this.#xattrBytes += size;
    if (this.#xattrBytes > MAX_XATTR_BYTES) throw tooManyXattrBytes();
    return size;
  }

  /**
   * Finds room for the inode with `rest` bytes of data behind it. If there is none, calls `onRefused` and
   * finds room for the inode alone.
   */
  #attach(inode: number, body: number, rest: number, onRefused?: () => void): void {
    const { inodes } = this.#tree;
    let place = rest > 0 ? this.#map.place(body, rest) : undefined;
    if (place !== undefined) inodes.setFlag(inode, FLAG.inlineTail);
    else if (rest > 0) onRefused?.();
    place ??= this.#map.place(body, 0);
    if (place === undefined) throw new Error('a node of its own has no room for an inode');
    this.placed += 1;
    inodes.setPlace(inode, place.node.index, place.offset, this.placed);
  }

  /** The whole blocks of a target come first; the rest follows the inode, or gets a block of its own. */
  #placeLink(inode: number, body: number): void {
    const { inodes } = this.#tree;
    const map = this.#map;
    const size = inodes.size(inode);
    const full = Math.floor(size / map.blockSize);
    const rest = size % map.blockSize;
    inodes.setUnion(inode, full > 0 ? map.takeRun(full) : NO_BLOCK);
    map.linkRun = full > 0;
    this.#attach(inode, body, rest, () => {
      if (full > 0) map.takeRun(1);
    });
    map.linkRun = false;
    const outside = rest > 0 && !inodes.has(inode, FLAG.inlineTail);
    if (full === 0 && outside) inodes.setUnion(inode, map.takeRun(1));
  }

  /** Assigns blocks to the directory, then to the nodes of its entries. */
  #directoryData(directory: number, entries: DirectoryEntries): void {
    const { inodes, rules } = this.#tree;
    const map = this.#map;
    const size = inodes.size(directory);
    const full = Math.floor(size / map.blockSize);
    let run = full > 0 ? map.append(full * map.blockSize) : undefined;
    if (run !== undefined) inodes.setUnion(directory, map.map(run));
    for (let index = 0; index < entries.length; index++) {
      const inode = entries.inode(index);
      if (inodes.has(inode, FLAG.lost)) continue;
      if (rules.earlyDots && !inodes.has(inode, FLAG.placed)) {
        this.#tree.withoutParent.add(directory);
        continue;
      }
      map.addressOf(inodes.node(inode));
    }
    if (size % map.blockSize > 0 && !inodes.has(directory, FLAG.inlineTail)) {
      if (run === undefined) {
        run = map.append(map.blockSize);
        inodes.setUnion(directory, map.map(run));
      } else {
        map.extend(run);
      }
    }
    if (run !== undefined) map.removeLast(run);
  }
}
