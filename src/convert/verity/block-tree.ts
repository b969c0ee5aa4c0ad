import { hash } from 'node:crypto';
import { ALGORITHM, DIGEST_SIZE, SALT } from './params.ts';
import { Slicer } from './slicer.ts';

/** One level of the tree: digests of the level below, of which the very first is still missing. */
interface Level {
  /** The first block, once it is full but for the missing digest. */
  first: Buffer | undefined;
  /** The block that is being filled. */
  block: Buffer;
  end: number;
}

/**
 * The dm-verity tree of an image whose first block is known last: it keeps two blocks per level.
 * [Linux Documentation/admin-guide/device-mapper/verity.rst]
 */
export class BlockTree {
  readonly #blockSize: number;
  #slicer: Slicer | undefined;
  #levels: Level[];

  constructor(blockSize: number) {
    this.#blockSize = blockSize;
    this.#levels = [this.#level()];
  }

  /** Takes what comes after the first block, in order. */
  update(bytes: Uint8Array): void {
    this.#slicer ??= new Slicer(this.#blockSize, (leaves) => this.#add(0, leaves));
    this.#slicer.update(bytes);
  }

  /** What comes next begins a block. */
  pad(): void {
    this.#slicer?.pad();
  }

  /** Digests of whole blocks, one after another, in pieces of any number. */
  addLeaves(leaves: Iterable<Uint8Array>): void {
    this.#slicer?.flush();
    for (const piece of leaves) this.#add(0, piece);
  }

  /** A tree that goes its own way from here; at the border of a block. */
  fork(): BlockTree {
    this.#slicer?.flush();
    const copy = new BlockTree(this.#blockSize);
    copy.#levels = this.#levels.map(({ first, block, end }) => ({
      first: first === undefined ? undefined : Buffer.from(first),
      block: Buffer.from(block),
      end,
    }));
    return copy;
  }

  /** The root hash as 64 hex digits, given the first block. Ends the tree. */
  finish(firstBlock: Uint8Array): string {
    this.#slicer?.flush();
    const block = this.#saltedBlock();
    block.set(firstBlock, SALT.length);
    let missing = digestOf(block);
    // Levels grow while lower ones are ended.
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
    return missing.toString('hex');
  }

  #saltedBlock(): Buffer {
    const block = Buffer.alloc(SALT.length + this.#blockSize);
    block.set(SALT);
    return block;
  }

  #level(): Level {
    return { first: undefined, block: this.#saltedBlock(), end: SALT.length + DIGEST_SIZE };
  }

  #add(height: number, leaves: Uint8Array): void {
    let level = this.#levels[height];
    if (level === undefined) {
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

  /** Makes room in a full block; a digest of the first must wait. */
  #next(height: number, level: Level): void {
    level.end = SALT.length;
    if (level.first === undefined) {
      level.first = level.block;
      level.block = this.#saltedBlock();
    } else {
      this.#add(height + 1, digestOf(level.block));
    }
  }
}

/** Of a block with the salt before it. */
function digestOf(block: Buffer): Buffer {
  return hash(ALGORITHM, block, 'buffer');
}
