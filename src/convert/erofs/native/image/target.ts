import type { VeritySignError } from '../../../../errors.ts';
import { type Release, RULES } from '../releases.ts';
import type { BytesArena } from '../tree/bytes-arena.ts';
import { FLAG, type InodeTable } from '../tree/inode-table.ts';
import { ROOT } from '../tree/path-walk.ts';
import { LayerTree } from '../tree/tree.ts';
import type { XattrArena } from '../tree/xattr-arena.ts';
import { BlockMap } from './block-map.ts';
import { placeInTar, TAR_INDEX_BLOCK } from './chunk-index.ts';
import { layOut } from './layout.ts';
import { type Metadata, writeMetadata } from './metadata.ts';
import { nidOf } from './metadata-writer.ts';
import { RESERVED, writeSuperblock } from './superblock.ts';

export const FULL_BLOCK = 4096;

/** Values of the superblock that are not in the tree. */
export interface ImageFacts {
  uuid: Buffer;
  volumeName: Buffer | undefined;
  tarSize: bigint;
}

/** Bytes of attributes, names and link targets. */
export interface Shared {
  xattrs: XattrArena;
  texts: BytesArena;
}

/** The image of one release under construction. */
export class Target {
  readonly tree: LayerTree;
  /** The error with which this release refuses the layer. */
  error: VeritySignError | undefined;
  readonly #map: BlockMap;
  readonly #index: boolean;

  /**
   * @param index file data stays in the tar
   * @param shared by the releases that are built side by side
   * @param maxInodes maximum number of files and directories
   */
  constructor(release: Release, index: boolean, { xattrs, texts }: Shared, maxInodes: number) {
    this.#index = index;
    this.#map = new BlockMap(index ? TAR_INDEX_BLOCK : FULL_BLOCK);
    this.#map.map(this.#map.append(index ? RESERVED.withTar : RESERVED.withoutDevices));
    this.tree = new LayerTree(
      RULES[release],
      { place: index ? placeInTar : this.#placeInImage },
      xattrs,
      maxInodes,
      texts,
    );
  }

  /** Reserves blocks for file data. [erofs-utils, lib/tar.c, tarerofs_write_uncompressed_file] */
  readonly #placeInImage = (inodes: InodeTable, inode: number, size: number): void => {
    inodes.setUnion(inode, this.#map.takeRun(Math.ceil(size / FULL_BLOCK)));
    inodes.setFlag(inode, FLAG.dataRun);
    this.#map.fileRuns += 1;
  };

  /** The blocks that are not file data, made while they are iterated. The tree must not change afterwards. */
  finish(facts: ImageFacts): Metadata {
    const map = this.#map;
    const dataBlocks = this.#index ? 0 : map.tail - 1;
    const layout = layOut(this.tree, map);
    const metadata = writeMetadata(this.tree, map, layout, dataBlocks);
    writeSuperblock(metadata.head, {
      layout,
      blockSize: map.blockSize,
      uuid: facts.uuid,
      volumeName: facts.volumeName,
      rootNid: nidOf(this.tree, map, layout, ROOT).low,
      checksum: !(this.#index && this.tree.rules.noIndexChecksum),
      tarSize: this.#index ? facts.tarSize : undefined,
    });
    return metadata;
  }
}
