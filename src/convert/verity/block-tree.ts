import { hash } from 'node:crypto';
import { ALGORITHM, DIGEST_SIZE, SALT } from './params.ts';
import { Slicer } from './slicer.ts';

/** Keeps digests of blocks. */
export interface LeafKeeper {
  /** Adds concatenated digests, which are overwritten after the call. */
  add(digests: Uint8Array): void;
}

/** One level of the tree: digests of the level below, except the first one, which is still unknown. */
interface Level {
  /** The first block, once it is full except for the unknown digest. */
  first: Buffer | undefined;
  /** The block that is being filled. */
  block: Buffer;
  end: number;
}

/**
 * The dm-verity tree of an image whose first block is known last. It keeps two blocks for each level.
 * [Linux Documentation/admin-guide/device-mapper/verity.rst]
 */
export class BlockTree {
  readonly #blockSize: number;
  readonly #kept: LeafKeeper | undefined;
  #slicer: Slicer | undefined;
  #levels: Level[];

  /** @param kept receives the digests of all blocks but the first, in order */
  constructor(blockSize: number, kept?: LeafKeeper) {
    this.#blockSize = blockSize;
    this.#kept = kept;
    this.#levels = [this.#level()];
  }

  /** Adds the bytes that follow the first block, in order. */
  update(bytes: Uint8Array): void {
    this.#slicer ??= new Slicer(this.#blockSize, (leaves) => this.#leaves(leaves));
    this.#slicer.update(bytes);
  }

  /** Pads with zeros: the next bytes begin a block. */
  pad(): void {
    this.#slicer?.pad();
  }

  /** Adds digests of whole blocks, concatenated, in chunks of any number of digests. */
  addLeaves(leaves: Iterable<Uint8Array>): void {
    this.#slicer?.flush();
    for (const chunk of leaves) this.#leaves(chunk);
  }

  /**
   * Copies the tree, at the boundary of a block; both copies can be continued.
   * @param keeps the digests that the copy adds are kept like those of the original: of one copy at most
   */
  fork(keeps = false): BlockTree {
    this.#slicer?.flush();
    const copy = new BlockTree(this.#blockSize, keeps ? this.#kept : undefined);
    copy.#levels = this.#levels.map(({ first, block, end }) => ({
      first: first === undefined ? undefined : Buffer.from(first),
      block: Buffer.from(block),
      end,
    }));
    return copy;
  }

  /** Adds the first block and returns the root hash, 64 hex digits. The tree cannot be used afterwards. */
  finish(firstBlock: Uint8Array): string {
    this.#slicer?.flush();
    const block = this.#saltedBlock();
    block.set(firstBlock, SALT.length);
    let missing = digestOf(block);
    // Completing a level may add digests, or a level, above it.
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

  #leaves(leaves: Uint8Array): void {
    this.#kept?.add(leaves);
    this.#add(0, leaves);
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

  /** Makes room in a full block. The first block is kept: its digest must wait. */
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

/** Digest of salt ‖ block. */
function digestOf(block: Buffer): Buffer {
  return hash(ALGORITHM, block, 'buffer');
}
