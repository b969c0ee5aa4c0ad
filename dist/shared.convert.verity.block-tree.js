import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  Slicer
} from "./shared.convert.verity-file.verity-file.js";
import {
  ALGORITHM,
  DIGEST_SIZE,
  SALT
} from "./shared.convert.verity.hash-tree.js";

// src/convert/verity/block-tree.ts
import { hash } from "node:crypto";
var BlockTree = class _BlockTree {
  #blockSize;
  #kept;
  #slicer;
  #levels;
  /** @param kept receives the digests of all blocks but the first, in order */
  constructor(blockSize, kept) {
    this.#blockSize = blockSize;
    this.#kept = kept;
    this.#levels = [this.#level()];
  }
  /** Adds the bytes that follow the first block, in order. */
  update(bytes) {
    this.#slicer ??= new Slicer(this.#blockSize, (leaves) => this.#leaves(leaves));
    this.#slicer.update(bytes);
  }
  /** Pads with zeros: the next bytes begin a block. */
  pad() {
    this.#slicer?.pad();
  }
  /** Adds digests of whole blocks, concatenated, in chunks of any number of digests. */
  addLeaves(leaves) {
    this.#slicer?.flush();
    for (const chunk of leaves) this.#leaves(chunk);
  }
  /**
   * Copies the tree, at the boundary of a block; both copies can be continued.
   * @param keeps the digests that the copy adds are kept like those of the original: of one copy at most
   */
  fork(keeps = false) {
    this.#slicer?.flush();
    const copy = new _BlockTree(this.#blockSize, keeps ? this.#kept : void 0);
    copy.#levels = this.#levels.map(({ first, block, end }) => ({
      first: first === void 0 ? void 0 : Buffer.from(first),
      block: Buffer.from(block),
      end
    }));
    return copy;
  }
  /** Adds the first block and returns the root hash, 64 hex digits. The tree cannot be used afterwards. */
  finish(firstBlock) {
    this.#slicer?.flush();
    const block = this.#saltedBlock();
    block.set(firstBlock, SALT.length);
    let missing = digestOf(block);
    for (const [height, level] of this.#levels.entries()) {
      const first = level.first ?? level.block;
      if (first === level.block) {
        if (level.end === SALT.length + DIGEST_SIZE) break;
        first.fill(0, level.end);
      } else if (level.end > SALT.length) {
        level.block.fill(0, level.end);
        this.#add(height + 1, digestOf(level.block));
      }
      first.set(missing, SALT.length);
      missing = digestOf(first);
    }
    return missing.toString("hex");
  }
  #leaves(leaves) {
    this.#kept?.add(leaves);
    this.#add(0, leaves);
  }
  #saltedBlock() {
    const block = Buffer.alloc(SALT.length + this.#blockSize);
    block.set(SALT);
    return block;
  }
  #level() {
    return { first: void 0, block: this.#saltedBlock(), end: SALT.length + DIGEST_SIZE };
  }
  #add(height, leaves) {
    let level = this.#levels[height];
    if (level === void 0) {
      level = this.#level();
      this.#levels.push(level);
    }
    for (let at = 0; at < leaves.length; ) {
      if (level.end === level.block.length) this.#next(height, level);
      const step = Math.min(level.block.length - level.end, leaves.length - at);
      level.block.set(leaves.subarray(at, at + step), level.end);
      at += step;
      level.end += step;
    }
  }
  /** Makes room in a full block. The first block is kept: its digest must wait. */
  #next(height, level) {
    level.end = SALT.length;
    if (level.first === void 0) {
      level.first = level.block;
      level.block = this.#saltedBlock();
    } else {
      this.#add(height + 1, digestOf(level.block));
    }
  }
};
function digestOf(block) {
  return hash(ALGORITHM, block, "buffer");
}

export {
  BlockTree
};
