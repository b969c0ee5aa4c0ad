import type { ProcessedFacts, VerityRoot } from '../../model/index.ts';
import { releaseOwned } from '../blob/buffer-ownership.ts';
import { describeBytes, SNIFF_LENGTH } from '../blob/sniff.ts';
import { checkImageSize, type ErofsSuperblock, readSuperblock, SUPERBLOCK_END } from '../erofs/superblock.ts';
import { BlockTree } from '../verity/block-tree.ts';
import type { TarConsumer } from './process-in-place.ts';

/** Bytes at the beginning that are kept: the superblock, and the first block of every block size. */
const HEAD = 4096;

interface Tree {
  blockSize: VerityRoot['blockSize'];
  tree: BlockTree;
}

/** Computes the root hashes of an EROFS image that flows by; keeps two blocks for each level of each tree. */
export class ErofsConsumer implements TarConsumer {
  readonly reportsTarFacts = true;
  readonly #trees: readonly Tree[];
  readonly #head = Buffer.alloc(HEAD);
  #size = 0;
  #superblock: ErofsSuperblock | undefined;

  constructor(blockSizes: readonly VerityRoot['blockSize'][]) {
    this.#trees = blockSizes.map((blockSize) => ({ blockSize, tree: new BlockTree(blockSize) }));
  }

  async consume(chunk: Buffer): Promise<void> {
    if (this.#size < HEAD) chunk.copy(this.#head, this.#size);
    for (const { blockSize, tree } of this.#trees) {
      // The tree gets its first block last.
      const skipped = Math.min(chunk.length, Math.max(0, blockSize - this.#size));
      tree.update(chunk.subarray(skipped));
    }
    this.#size += chunk.length;
    // What is no EROFS image is refused before gigabytes of it are read.
    if (this.#superblock === undefined && this.#size >= SUPERBLOCK_END) this.#readSuperblock();
    releaseOwned(chunk);
  }

  async end(): Promise<Partial<ProcessedFacts>> {
    const { uuid } = checkImageSize(this.#superblock ?? this.#readSuperblock(), this.#size);
    const roots = this.#trees.map(({ blockSize, tree }): VerityRoot => {
      const dataSize = Math.ceil(this.#size / blockSize) * blockSize;
      const rootHash = tree.finish(this.#head.subarray(0, blockSize));
      return { rootHash, blockSize, dataSize, imageSize: this.#size };
    });
    return { erofs: { uuid, roots } };
  }

  async stop(): Promise<void> {}

  #readSuperblock(): ErofsSuperblock {
    const head = this.#head.subarray(0, Math.min(this.#size, HEAD));
    this.#superblock = readSuperblock(head, describeBytes(head.subarray(0, SNIFF_LENGTH)));
    return this.#superblock;
  }
}
