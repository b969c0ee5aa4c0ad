import type { ProcessedFacts, VerityRoot } from '../../model/index.ts';
import { releaseOwned } from '../blob/buffer-ownership.ts';
import { describeBytes, SNIFF_LENGTH } from '../blob/sniff.ts';
import { checkImageSize, type ErofsSuperblock, readSuperblock, SUPERBLOCK_END } from '../erofs/superblock.ts';
import { BlockTree } from '../verity/block-tree.ts';
import { VerityFile } from '../verity-file/verity-file.ts';
import type { ErofsWork, TarConsumer } from './process-in-place.ts';

/** Bytes at the beginning that are kept: the superblock, and the first block of every block size. */
const HEAD = 4096;

interface Tree {
  blockSize: VerityRoot['blockSize'];
  tree: BlockTree;
}

/**
 * Computes the root hashes of an EROFS image that flows by, and writes it to a file if one is wanted. Keeps two blocks
 * for each level of each tree.
 */
export class ErofsConsumer implements TarConsumer {
  readonly reportsTarFacts = true;
  readonly #work: ErofsWork;
  readonly #head = Buffer.alloc(HEAD);
  readonly #trees: Tree[] = [];
  #size = 0;
  #superblock: ErofsSuperblock | undefined;
  #file: VerityFile | undefined;

  constructor(work: ErofsWork) {
    this.#work = work;
  }

  async consume(chunk: Buffer): Promise<void> {
    const from = this.#size;
    if (from < HEAD) chunk.copy(this.#head, from);
    this.#size += chunk.length;
    // What is no EROFS image is refused before gigabytes of it are read.
    if (this.#superblock === undefined && this.#size >= SUPERBLOCK_END) {
      this.#start();
      this.#add(0, this.#head.subarray(0, from));
    }
    if (this.#superblock !== undefined) this.#add(from, chunk);
    releaseOwned(chunk);
  }

  async end(): Promise<Partial<ProcessedFacts>> {
    const { uuid } = checkImageSize(this.#superblock ?? this.#readSuperblock(), this.#size);
    this.#file?.end();
    const roots = this.#trees.map(({ blockSize, tree }): VerityRoot => {
      const dataSize = Math.ceil(this.#size / blockSize) * blockSize;
      const rootHash = tree.finish(this.#head.subarray(0, blockSize));
      return { rootHash, blockSize, dataSize, imageSize: this.#size };
    });
    const kept = roots.find(({ blockSize }) => blockSize === this.#work.file?.blockSize);
    if (kept !== undefined) this.#file?.finish(kept);
    await this.stop();
    return { erofs: { uuid, roots } };
  }

  async stop(): Promise<void> {
    this.#file?.close();
  }

  /** The superblock is there: its UUID goes into the file. */
  #start(): void {
    const { uuid } = this.#readSuperblock();
    const { blockSizes, file } = this.#work;
    if (file !== undefined) this.#file = new VerityFile(file.path, uuid, file.blockSize, file.folder);
    for (const blockSize of blockSizes) {
      const kept = blockSize === file?.blockSize ? this.#file?.leaves : undefined;
      this.#trees.push({ blockSize, tree: new BlockTree(blockSize, kept) });
    }
  }

  #add(from: number, bytes: Uint8Array): void {
    for (const { blockSize, tree } of this.#trees) {
      // The tree gets its first block last.
      tree.update(bytes.subarray(Math.min(bytes.length, Math.max(0, blockSize - from))));
    }
    this.#file?.write(from, bytes);
  }

  #readSuperblock(): ErofsSuperblock {
    const head = this.#head.subarray(0, Math.min(this.#size, HEAD));
    this.#superblock = readSuperblock(head, describeBytes(head.subarray(0, SNIFF_LENGTH)));
    return this.#superblock;
  }
}
