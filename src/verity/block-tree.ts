import { hash } from 'node:crypto';
import { ALGORITHM, DIGEST_SIZE, SALT } from './params.ts';

/** Room for the salt and a block: one-shot hashing takes one piece. */
function slot(blockSize: number): Buffer {
  const buffer = Buffer.alloc(SALT.length + blockSize);
  buffer.set(SALT);
  return buffer;
}

/** A digest as latin1: half the time of a Buffer. */
function digest(block: Buffer): string {
  return hash(ALGORITHM, block, 'binary');
}

/** Cuts bytes into blocks, each behind a salt. */
class Slicer {
  readonly #slot: Buffer;
  #end = SALT.length;

  constructor(blockSize: number) {
    this.#slot = slot(blockSize);
  }

  update(bytes: Uint8Array, onLeaf: (digest: string) => void): void {
    const block = this.#slot;
    for (let at = 0; at < bytes.length; ) {
      const step = Math.min(block.length - this.#end, bytes.length - at);
      block.set(at === 0 && step === bytes.length ? bytes : bytes.subarray(at, at + step), this.#end);
      at += step;
      this.#end += step;
      if (this.#end === block.length) this.pad(onLeaf);
    }
  }

  /** Fills a block that has been begun with zeros. */
  pad(onLeaf: (digest: string) => void): void {
    if (this.#end === SALT.length) return;
    if (this.#end < this.#slot.length) this.#slot.fill(0, this.#end);
    this.#end = SALT.length;
    onLeaf(digest(this.#slot));
  }
}

/** The leaf digests of data whose place in the image is not yet known: 32 bytes per block. */
export class LeafDigests {
  readonly #slicer: Slicer;
  readonly #pieces: Buffer[] = [];
  #piece = Buffer.alloc(0);
  #filled = 0;

  constructor(blockSize: number) {
    this.#slicer = new Slicer(blockSize);
  }

  update(bytes: Uint8Array): void {
    this.#slicer.update(bytes, this.#add);
  }

  end(): void {
    this.#slicer.pad(this.#add);
  }

  /** All digests in order, as latin1. */
  *[Symbol.iterator](): Generator<string> {
    for (const piece of this.#pieces) {
      const end = piece === this.#piece ? this.#filled : piece.length;
      for (let at = 0; at < end; at += DIGEST_SIZE) yield piece.toString('latin1', at, at + DIGEST_SIZE);
    }
  }

  readonly #add = (leaf: string): void => {
    if (this.#filled === this.#piece.length) {
      this.#piece = Buffer.allocUnsafeSlow(DIGEST_SIZE * (this.#pieces.length === 0 ? 512 : 32768));
      this.#pieces.push(this.#piece);
      this.#filled = 0;
    }
    this.#piece.write(leaf, this.#filled, DIGEST_SIZE, 'latin1');
    this.#filled += DIGEST_SIZE;
  };
}

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
    this.#slicer = new Slicer(blockSize);
    this.#levels = [this.#level()];
  }

  /** Takes what comes after the first block, in order. */
  update(bytes: Uint8Array): void {
    this.#slicer.update(bytes, this.#addLeaf);
  }

  /** What comes next begins a block. */
  pad(): void {
    this.#slicer.pad(this.#addLeaf);
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
    const block = slot(this.#blockSize);
    block.set(firstBlock, SALT.length);
    let missing = digest(block);
    // Levels grow while lower ones are ended.
    for (const [height, level] of this.#levels.entries()) {
      const first = level.first ?? level.block;
      if (first === level.block) {
        if (level.end === SALT.length + DIGEST_SIZE) break;
        first.fill(0, level.end);
      } else if (level.end > SALT.length) {
        level.block.fill(0, level.end);
        this.#add(height + 1, digest(level.block));
      }
      first.write(missing, SALT.length, DIGEST_SIZE, 'latin1');
      missing = digest(first);
    }
    return Buffer.from(missing, 'latin1').toString('hex');
  }

  readonly #addLeaf = (leaf: string): void => this.#add(0, leaf);

  #level(): Level {
    return { first: undefined, block: slot(this.#blockSize), end: SALT.length + DIGEST_SIZE };
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
      level.block = slot(this.#blockSize);
    } else {
      this.#add(height + 1, digest(level.block));
    }
  }
}
