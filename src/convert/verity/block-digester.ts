import { hash } from 'node:crypto';
import { ALGORITHM, DIGEST_SIZE, SALT } from './params.ts';

/**
 * Digests of consecutive blocks, each with the salt before it. No block is copied: the salt is put
 * where the end of the block before it is, from the last block to the first, and taken away again.
 */
export class BlockDigester {
  /** Bytes to be digested are put here. */
  readonly data: Buffer;
  readonly #blockSize: number;
  /** Of each block, with what is before it. */
  readonly #salted: Buffer[];
  /** What is before each block: the end of the one before it. */
  readonly #before: Buffer[];
  readonly #saved = Buffer.alloc(SALT.length);

  /** `blockSize` in bytes, a multiple of the digest size; `blocks`: most blocks at a time. */
  constructor(blockSize: number, blocks: number) {
    if (!Number.isInteger(blockSize) || blockSize < 2 * DIGEST_SIZE || blockSize % DIGEST_SIZE !== 0) {
      throw new RangeError(`no block size: ${blockSize}`);
    }
    const memory = Buffer.alloc(SALT.length + blockSize * blocks);
    this.data = memory.subarray(SALT.length);
    this.#blockSize = blockSize;
    const starts = Array.from({ length: blocks }, (_, block) => block * blockSize);
    this.#salted = starts.map((start) => memory.subarray(start, start + SALT.length + blockSize));
    this.#before = starts.map((start) => memory.subarray(start, start + SALT.length));
  }

  /**
   * Writes the digests of the first `length` bytes of `data` to `out` from `at`; the last block is
   * padded with zeros in `data`. Returns the bytes written.
   */
  digest(length: number, out: Buffer, at: number): number {
    const blocks = Math.ceil(length / this.#blockSize);
    this.data.fill(0, length, blocks * this.#blockSize);
    // Calls of built-in functions only: a thread is through with most images before its loops are compiled.
    for (let block = blocks - 1; block >= 0; block--) {
      const before = this.#before[block] as Buffer;
      this.#saved.set(before);
      before.set(SALT);
      // As a string of bytes: making a Buffer for each digest takes longer than digesting 512 bytes.
      const digest = hash(ALGORITHM, this.#salted[block] as Buffer, 'binary');
      out.write(digest, at + block * DIGEST_SIZE, DIGEST_SIZE, 'binary');
      before.set(this.#saved);
    }
    return blocks * DIGEST_SIZE;
  }
}
