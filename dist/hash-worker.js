import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import "./chunk-NAMBOM6R.js";

// src/verity/hash-worker.ts
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";

// src/verity/hash-tree.ts
import { hash } from "node:crypto";

// src/verity/params.ts
var ALGORITHM = "sha256";
var DIGEST_SIZE = 32;
var SALT = Buffer.alloc(32);

// src/verity/hash-tree.ts
var HashTree = class {
  #blockSize;
  #data;
  /** From the leaves up. */
  #levels = [];
  #blocks = 0;
  /** `blockSize` in bytes; a multiple of the digest size. */
  constructor(blockSize) {
    if (!Number.isInteger(blockSize) || blockSize < 2 * DIGEST_SIZE || blockSize % DIGEST_SIZE !== 0) {
      throw new RangeError(`no block size: ${blockSize}`);
    }
    this.#blockSize = blockSize;
    this.#data = pending(blockSize);
  }
  update(chunk) {
    const data = this.#data;
    for (let at = 0; at < chunk.length; ) {
      const step = Math.min(this.#blockSize - data.filled, chunk.length - at);
      data.buffer.set(chunk.subarray(at, at + step), SALT.length + data.filled);
      data.filled += step;
      at += step;
      if (data.filled === this.#blockSize) this.#endBlock();
    }
    return this;
  }
  /** Ends the tree; may be called once. Throws RangeError for no data at all. */
  digest() {
    if (this.#data.filled > 0) this.#endBlock();
    if (this.#blocks === 0) throw new RangeError("no data");
    for (const [height, level] of this.#levels.entries()) {
      if (level.count === 1) {
        const root = level.buffer.subarray(SALT.length, SALT.length + DIGEST_SIZE);
        return { rootHash: root.toString("hex"), dataSize: this.#blocks * this.#blockSize };
      }
      if (level.filled > 0) this.#add(height + 1, this.#end(level));
    }
    throw new RangeError("no root");
  }
  #endBlock() {
    this.#blocks += 1;
    this.#add(0, this.#end(this.#data));
  }
  #add(height, digest) {
    let level = this.#levels[height];
    if (level === void 0) {
      level = pending(this.#blockSize);
      this.#levels.push(level);
    }
    level.buffer.set(digest, SALT.length + level.filled);
    level.filled += DIGEST_SIZE;
    level.count += 1;
    if (level.filled === this.#blockSize) this.#add(height + 1, this.#end(level));
  }
  /** The digest of the block, padded with zeros; it is empty then. */
  #end(block) {
    block.buffer.fill(0, SALT.length + block.filled);
    block.filled = 0;
    return hash(ALGORITHM, block.buffer, "buffer");
  }
};
function pending(blockSize) {
  const buffer2 = Buffer.alloc(SALT.length + blockSize);
  buffer2.set(SALT);
  return { buffer: buffer2, filled: 0, count: 0 };
}

// src/verity/hash-worker.ts
var buffer = Buffer.allocUnsafeSlow(1024 * 1024);
function hashFile({ path, blockSize }) {
  const tree = new HashTree(blockSize);
  const whole = createHash("sha256");
  let imageSize = 0;
  const file = openSync(path, "r");
  try {
    for (; ; ) {
      const length = readSync(file, buffer, 0, buffer.length, null);
      if (length === 0) break;
      const chunk = buffer.subarray(0, length);
      imageSize += length;
      whole.update(chunk);
      tree.update(chunk);
    }
  } finally {
    closeSync(file);
  }
  return { ...tree.digest(), blockSize, imageSha256: whole.digest("hex"), imageSize };
}
function answer(job) {
  try {
    return { root: hashFile(job) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
parentPort?.on("message", (job) => parentPort?.postMessage(answer(job)));
