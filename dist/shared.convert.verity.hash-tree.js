import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/convert/verity/params.ts
var ALGORITHM = "sha256";
var DIGEST_SIZE = 32;
var SALT = Buffer.alloc(32);

// src/convert/verity/block-digester.ts
import { hash } from "node:crypto";
var BlockDigester = class {
  /** The caller writes the bytes to digest here. */
  data;
  #blockSize;
  /** Each block with the 32 bytes before it. */
  #salted;
  /** The 32 bytes before each block: the end of the preceding one. */
  #before;
  #saved = Buffer.alloc(SALT.length);
  /**
   * @param blockSize bytes, a multiple of the digest size
   * @param blocks maximum number of blocks at a time
   * @throws RangeError for another block size
   */
  constructor(blockSize, blocks) {
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

// src/convert/verity/hash-tree.ts
var STEP = 1024 * 1024;
function fanOutOf(blockSize) {
  return blockSize / DIGEST_SIZE;
}
function levelAbove(level, blockSize) {
  const step = Math.max(blockSize, Math.min(STEP, Math.ceil(level.length / blockSize) * blockSize));
  const digester = new BlockDigester(blockSize, step / blockSize);
  const above = Buffer.allocUnsafe(Math.ceil(level.length / blockSize) * DIGEST_SIZE);
  for (let from = 0, to = 0; from < level.length; from += step) {
    const length = level.copy(digester.data, 0, from, Math.min(from + step, level.length));
    to += digester.digest(length, above, to);
  }
  return above;
}
function rootOf(level, blockSize) {
  if (level.length === 0) throw new RangeError("no data");
  let digests = level;
  while (digests.length > DIGEST_SIZE) digests = levelAbove(digests, blockSize);
  return digests.toString("hex");
}

export {
  ALGORITHM,
  DIGEST_SIZE,
  SALT,
  BlockDigester,
  fanOutOf,
  levelAbove,
  rootOf
};
