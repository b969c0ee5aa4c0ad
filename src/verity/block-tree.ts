import { DIGEST_SIZE, SALT } from './params.ts';
import { digestOf, Slicer, saltedBlock } from './slicer.ts';

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
  readonly #slicer: Slicer;
  #levels: Level[];

  constructor(blockSize: number) {
    this.#blockSize = blockSize;
    this.#slicer = new Slicer(blockSize, this.#addLeaf);
    this.#levels = [this.#level()];
  }

  /** Takes what comes after the first block, in order. */
  update(bytes: Uint8Array): void {
    this.#slicer.update(bytes);
  }

  /** What comes next begins a block. */
  pad(): void {
    this.#slicer.pad();
  }

  addLeaves(leaves: Iterable<string>): void {
    for (const leaf of leaves) this.#addLeaf(leaf);
  }

  /** A tree that goes its own way from here; at the border of a block. */
  fork(): BlockTree {
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
    this.pad();
    const block = saltedBlock(this.#blockSize);
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
      first.write(missing, SALT.length, DIGEST_SIZE, 'latin1');
      missing = digestOf(first);
    }
    return Buffer.from(missing, 'latin1').toString('hex');
  }

  readonly #addLeaf = (leaf: string): void => this.#add(0, leaf);

  #level(): Level {
    return { first: undefined, block: saltedBlock(this.#blockSize), end: SALT.length + DIGEST_SIZE };
  }

  #add(height: number, leaf: string): void {
    let level = this.#levels[height];
    if (level === undefined) {
      level = this.#level();
      this.#levels.push(level);
    }
    if (level.end === level.block.length) this.#next(height, level);
    level.block.write(leaf, level.end, DIGEST_SIZE, 'latin1');
    level.end += DIGEST_SIZE;
  }

  /** Makes room in a full block; a digest of the first must wait. */
  #next(height: number, level: Level): void {
    level.end = SALT.length;
    if (level.first === undefined) {
      level.first = level.block;
      level.block = saltedBlock(this.#blockSize);
    } else {
      this.#add(height + 1, digestOf(level.block));
    }
  }
}
