import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Slicer } from './slicer.ts';

const PIECE = 1024 * 1024;
/** Bytes of digests that stay in memory: those of 1 GiB in blocks of 512. */
const IN_MEMORY = 64 * PIECE;

/**
 * The leaf digests of data whose place in the image is not yet known: 32 bytes per block, of which
 * what is too much for memory goes to a file. To be closed.
 */
export class LeafDigests {
  #slicer: Slicer | undefined;
  readonly #blockSize: number;
  readonly #folder: string;
  readonly #inMemory: number;
  readonly #pieces: Buffer[] = [];
  #piece = Buffer.alloc(0);
  #filled = 0;
  #file: { path: string; handle: number; size: number } | undefined;

  /** `folder` is private, for the file; `inMemory` in bytes, a multiple of 1 MiB. */
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

  /** All digests in order, in pieces that are overwritten by the next; may be gone through more than once. */
  *[Symbol.iterator](): Generator<Buffer> {
    for (const piece of this.#pieces) if (piece !== this.#piece) yield piece;
    if (this.#file !== undefined) {
      const buffer = Buffer.allocUnsafeSlow(PIECE);
      for (let at = 0; at < this.#file.size; at += PIECE) {
        for (let read = 0; read < PIECE; ) {
          const length = readSync(this.#file.handle, buffer, read, PIECE - read, at + read);
          if (length === 0) throw new Error('the file of digests was cut');
          read += length;
        }
        yield buffer;
      }
    }
    yield this.#piece.subarray(0, this.#filled);
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
      if (this.#filled === this.#piece.length) this.#nextPiece();
      const copied = digests.copy(this.#piece, this.#filled, at);
      at += copied;
      this.#filled += copied;
    }
  };

  #nextPiece(): void {
    this.#filled = 0;
    if (this.#piece.length === PIECE && this.#pieces.length * PIECE >= this.#inMemory) {
      // The last piece in memory is the one that goes to the file from now on.
      this.#spill();
      return;
    }
    this.#piece = Buffer.allocUnsafeSlow(this.#pieces.length === 0 ? PIECE / 16 : PIECE);
    this.#pieces.push(this.#piece);
  }

  #spill(): void {
    if (this.#file === undefined) {
      const path = join(this.#folder, `leaf-digests-${randomUUID()}`);
      this.#file = { path, handle: openSync(path, 'wx+', 0o600), size: 0 };
    }
    for (let at = 0; at < PIECE; ) {
      at += writeSync(this.#file.handle, this.#piece, at, PIECE - at, this.#file.size + at);
    }
    this.#file.size += PIECE;
  }
}
