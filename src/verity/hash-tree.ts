import { hash } from 'node:crypto';
import { ALGORITHM, DIGEST_SIZE, SALT } from './params.ts';

/** A salted block in the making: salt, then up to a block of data. */
interface Pending {
  buffer: Buffer;
  /** Bytes of data in it. */
  filled: number;
  /** Digests that this level has had in all; not kept for the data itself. */
  count: number;
}

export interface TreeResult {
  /** 64 lowercase hex digits. */
  rootHash: string;
  /** Bytes, padded to whole blocks. */
  dataSize: number;
}

/**
 * The dm-verity hash tree of a stream of data, of which it keeps one block per level.
 * Its root hash is what `veritysetup format` prints for the zero-padded data.
 */
export class HashTree {
  readonly #blockSize: number;
  readonly #data: Pending;
  /** From the leaves up. */
  readonly #levels: Pending[] = [];
  #blocks = 0;

  /** `blockSize` in bytes; a multiple of the digest size. */
  constructor(blockSize: number) {
    if (!Number.isInteger(blockSize) || blockSize < 2 * DIGEST_SIZE || blockSize % DIGEST_SIZE !== 0) {
      throw new RangeError(`no block size: ${blockSize}`);
    }
    this.#blockSize = blockSize;
    this.#data = pending(blockSize);
  }

  update(chunk: Uint8Array): this {
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
  digest(): TreeResult {
    if (this.#data.filled > 0) this.#endBlock();
    if (this.#blocks === 0) throw new RangeError('no data');
    // Levels grow while lower ones are ended.
    for (const [height, level] of this.#levels.entries()) {
      if (level.count === 1) {
        const root = level.buffer.subarray(SALT.length, SALT.length + DIGEST_SIZE);
        return { rootHash: root.toString('hex'), dataSize: this.#blocks * this.#blockSize };
      }
      if (level.filled > 0) this.#add(height + 1, this.#end(level));
    }
    throw new RangeError('no root');
  }

  #endBlock(): void {
    this.#blocks += 1;
    this.#add(0, this.#end(this.#data));
  }

  #add(height: number, digest: Buffer): void {
    let level = this.#levels[height];
    if (level === undefined) {
      level = pending(this.#blockSize);
      this.#levels.push(level);
    }
    level.buffer.set(digest, SALT.length + level.filled);
    level.filled += DIGEST_SIZE;
    level.count += 1;
    if (level.filled === this.#blockSize) this.#add(height + 1, this.#end(level));
  }

  /** The digest of the block, padded with zeros; it is empty then. */
  #end(block: Pending): Buffer {
    block.buffer.fill(0, SALT.length + block.filled);
    block.filled = 0;
    return hash(ALGORITHM, block.buffer, 'buffer');
  }
}

function pending(blockSize: number): Pending {
  const buffer = Buffer.alloc(SALT.length + blockSize);
  buffer.set(SALT);
  return { buffer, filled: 0, count: 0 };
}
