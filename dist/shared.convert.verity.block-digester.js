import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/convert/verity/params.ts
var ALGORITHM = "sha256";
var DIGEST_SIZE = 32;
var SALT = Buffer.alloc(32);

// src/convert/verity/block-digester.ts
import { hash } from "node:crypto";
var BlockDigester = class {
  /** Bytes to be digested are put here. */
  data;
  #blockSize;
  /** Of each block, with what is before it. */
  #salted;
  /** What is before each block: the end of the one before it. */
  #before;
  #saved = Buffer.alloc(SALT.length);
  /** `blockSize` in bytes, a multiple of the digest size; `blocks`: most blocks at a time. */
  constructor(blockSize, blocks) {
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
  digest(length, out, at) {
    const blocks = Math.ceil(length / this.#blockSize);
    this.data.fill(0, length, blocks * this.#blockSize);
    for (let block = blocks - 1; block >= 0; block--) {
      const before = this.#before[block];
      this.#saved.set(before);
      before.set(SALT);
      const digest = hash(ALGORITHM, this.#salted[block], "binary");
      out.write(digest, at + block * DIGEST_SIZE, DIGEST_SIZE, "binary");
      before.set(this.#saved);
    }
    return blocks * DIGEST_SIZE;
  }
};

export {
  ALGORITHM,
  DIGEST_SIZE,
  SALT,
  BlockDigester
};
