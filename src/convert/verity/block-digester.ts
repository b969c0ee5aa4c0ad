import { hash } from 'node:crypto';
import { ALGORITHM, DIGEST_SIZE, SALT } from './params.ts';

/**
 * Digests salt ‖ block for consecutive blocks without copying them: from the last block to the first, the
 * salt temporarily replaces the end of the preceding block.
 */
export class BlockDigester {
  /** The caller writes the bytes to digest here. */
  readonly data: Buffer;
  readonly #blockSize: number;
  /** Each block with the 32 bytes before it. */
  readonly #salted: Buffer[];
  /** The 32 bytes before each block: the end of the preceding one. */
  readonly #before: Buffer[];
  readonly #saved = Buffer.alloc(SALT.length);

  /**
   * @param blockSize bytes, a multiple of the digest size
   * @param blocks maximum number of blocks at a time
   * @throws RangeError for another block size
   */
  constructor(blockSize: number, blocks: number) {
    if (!Number.isInteger(blockSize) || blockSize < 2 * DIGEST_SIZE || blockSize % DIGEST_SIZE !== 0) {
      throw new RangeError(`${blockSize} is not a block size`);
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
    // Only built-in functions are called: most images are hashed before V8 would compile a loop over bytes.
    for (let block = blocks - 1; block >= 0; block--) {
      const before = this.#before[block] as Buffer;
      this.#saved.set(before);
      before.set(SALT);
      // A binary string: creating a Buffer for each digest takes longer than digesting 512 bytes.
      const digest = hash(ALGORITHM, this.#salted[block] as Buffer, 'binary');
      out.write(digest, at + block * DIGEST_SIZE, DIGEST_SIZE, 'binary');
      before.set(this.#saved);
    }
    return blocks * DIGEST_SIZE;
  }
}
