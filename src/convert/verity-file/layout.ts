import { fanOutOf } from '../verity/hash-tree.ts';

/** Where the parts of an image with dm-verity are in one file, in bytes from its beginning. */
export interface FileLayout {
  dataBlocks: number;
  /** The superblock, which takes one block; the image ends before it, padded with zeros. */
  hashOffset: number;
  /** The levels of the tree, from the digests of the image's blocks up to the single top block. */
  levels: readonly { offset: number; blocks: number }[];
  /** Bytes of the file. */
  size: number;
}

/**
 * The layout that `veritysetup format --hash-offset` makes: superblock, then the tree, its top first. An image of
 * one block has no tree. [cryptsetup, lib/verity/verity_hash.c]
 * @param imageSize bytes
 */
export function fileLayout(imageSize: number, blockSize: number): FileLayout {
  const dataBlocks = Math.ceil(imageSize / blockSize);
  const counts: number[] = [];
  for (let blocks = dataBlocks; blocks > 1; ) {
    blocks = Math.ceil(blocks / fanOutOf(blockSize));
    counts.push(blocks);
  }
  const hashOffset = dataBlocks * blockSize;
  let end = hashOffset + blockSize;
  const fromTop = counts.toReversed().map((blocks) => {
    const offset = end;
    end += blocks * blockSize;
    return { offset, blocks };
  });
  return { dataBlocks, hashOffset, levels: fromTop.toReversed(), size: end };
}
