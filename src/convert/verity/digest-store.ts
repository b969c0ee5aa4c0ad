import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const CHUNK = 1024 * 1024;

/** Digests in their order, in memory up to a limit and then in a file. It must be closed. */
export class DigestStore {
  readonly #folder: string;
  readonly #inMemory: number;
  readonly #chunks: Buffer[] = [];
  #chunk = Buffer.alloc(0);
  #filled = 0;
  #file: { path: string; handle: number; size: number } | undefined;
  #size = 0;

  /**
   * @param folder private folder for the file
   * @param inMemory bytes of digests to keep in memory, a multiple of 1 MiB
   */
  constructor(folder: string, inMemory: number) {
    this.#folder = folder;
    this.#inMemory = inMemory;
  }

  /** Bytes of all digests. */
  get size(): number {
    return this.#size;
  }

  /** Adds concatenated digests, which may be overwritten afterwards. */
  add(digests: Uint8Array): void {
    this.#size += digests.length;
    for (let at = 0; at < digests.length; ) {
      if (this.#filled === this.#chunk.length) this.#nextChunk();
      const copied = Math.min(this.#chunk.length - this.#filled, digests.length - at);
      this.#chunk.set(digests.subarray(at, at + copied), this.#filled);
      at += copied;
      this.#filled += copied;
    }
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
      const path = join(this.#folder, `digests-${randomUUID()}`);
      this.#file = { path, handle: openSync(path, 'wx+', 0o600), size: 0 };
    }
    for (let at = 0; at < CHUNK; ) {
      at += writeSync(this.#file.handle, this.#chunk, at, CHUNK - at, this.#file.size + at);
    }
    this.#file.size += CHUNK;
  }
}
