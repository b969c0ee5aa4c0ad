import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Slicer } from './slicer.ts';

const CHUNK = 1024 * 1024;
/** Bytes of digests that stay in memory: those of 1 GiB in blocks of 512. */
const IN_MEMORY = 64 * CHUNK;

/**
 * The leaf digests of data whose place in the image is not yet known: 32 bytes for each block, in memory up
 * to a limit and then in a file. It must be closed.
 */
export class LeafDigests {
  #slicer: Slicer | undefined;
  readonly #blockSize: number;
  readonly #folder: string;
  readonly #inMemory: number;
  readonly #chunks: Buffer[] = [];
  #chunk = Buffer.alloc(0);
  #filled = 0;
  #file: { path: string; handle: number; size: number } | undefined;

  /**
   * @param folder private folder for the file
   * @param inMemory bytes of digests to keep in memory, a multiple of 1 MiB
   */
  constructor(blockSize: number, folder: string, inMemory = IN_MEMORY) {
    this.#blockSize = blockSize;
    this.#folder = folder;
    this.#inMemory = inMemory;
  }

  update(bytes: Uint8Array): void {
    this.#slicer ??= new Slicer(this.#blockSize, this.#add);
    this.#slicer.update(bytes);
  }

  end(): void {
    this.#slicer?.flush();
  }

  /** All digests in order, in chunks, each valid until the next one; can be iterated more than once. */
  *[Symbol.iterator](): Generator<Buffer> {
    for (const chunk of this.#chunks) if (chunk !== this.#chunk) yield chunk;
    if (this.#file !== undefined) {
      const buffer = Buffer.allocUnsafeSlow(CHUNK);
      for (let at = 0; at < this.#file.size; at += CHUNK) {
        for (let read = 0; read < CHUNK; ) {
          const length = readSync(this.#file.handle, buffer, read, CHUNK - read, at + read);
          if (length === 0) throw new Error('the file of digests was truncated');
          read += length;
        }
        yield buffer;
      }
    }
    yield this.#chunk.subarray(0, this.#filled);
  }

  /** Removes the file, if there is one. */
  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file.handle);
    rmSync(this.#file.path, { force: true });
    this.#file = undefined;
  }

  readonly #add = (digests: Buffer): void => {
    for (let at = 0; at < digests.length; ) {
      if (this.#filled === this.#chunk.length) this.#nextChunk();
      const copied = digests.copy(this.#chunk, this.#filled, at);
      at += copied;
      this.#filled += copied;
    }
  };

  #nextChunk(): void {
    this.#filled = 0;
    if (this.#chunk.length === CHUNK && this.#chunks.length * CHUNK >= this.#inMemory) {
      // The last chunk in memory is reused for what goes to the file.
      this.#spill();
      return;
    }
    this.#chunk = Buffer.allocUnsafeSlow(this.#chunks.length === 0 ? CHUNK / 16 : CHUNK);
    this.#chunks.push(this.#chunk);
  }

  #spill(): void {
    if (this.#file === undefined) {
      const path = join(this.#folder, `leaf-digests-${randomUUID()}`);
      this.#file = { path, handle: openSync(path, 'wx+', 0o600), size: 0 };
    }
    for (let at = 0; at < CHUNK; ) {
      at += writeSync(this.#file.handle, this.#chunk, at, CHUNK - at, this.#file.size + at);
    }
    this.#file.size += CHUNK;
  }
}
