import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DIGEST_SIZE } from './params.ts';
import { Slicer } from './slicer.ts';

const PIECE = 1024 * 1024;
/** Bytes of digests that stay in memory: those of 1 GiB in blocks of 512. */
const IN_MEMORY = 64 * PIECE;

/**
 * The leaf digests of data whose place in the image is not yet known: 32 bytes per block, of which
 * what is too much for memory goes to a file. To be closed.
 */
export class LeafDigests {
  readonly #slicer: Slicer;
  readonly #folder: string;
  readonly #inMemory: number;
  readonly #pieces: Buffer[] = [];
  #piece = Buffer.alloc(0);
  #filled = 0;
  #file: { path: string; handle: number; size: number } | undefined;

  /** `folder` is private, for the file; `inMemory` in bytes, a multiple of 1 MiB. */
  constructor(blockSize: number, folder: string, inMemory = IN_MEMORY) {
    this.#slicer = new Slicer(blockSize, this.#add);
    this.#folder = folder;
    this.#inMemory = inMemory;
  }

  update(bytes: Uint8Array): void {
    this.#slicer.update(bytes);
  }

  end(): void {
    this.#slicer.pad();
  }

  /** All digests in order, as latin1; may be gone through more than once. */
  *[Symbol.iterator](): Generator<string> {
    for (const piece of this.#pieces) {
      if (piece !== this.#piece) yield* digestsIn(piece, piece.length);
    }
    if (this.#file !== undefined) {
      const buffer = Buffer.allocUnsafeSlow(PIECE);
      for (let at = 0; at < this.#file.size; at += PIECE) {
        for (let read = 0; read < PIECE; ) {
          const length = readSync(this.#file.handle, buffer, read, PIECE - read, at + read);
          if (length === 0) throw new Error('the file of digests was cut');
          read += length;
        }
        yield* digestsIn(buffer, PIECE);
      }
    }
    yield* digestsIn(this.#piece, this.#filled);
  }

  /** Removes the file, if there is one. */
  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file.handle);
    rmSync(this.#file.path, { force: true });
    this.#file = undefined;
  }

  readonly #add = (digest: string): void => {
    if (this.#filled === this.#piece.length) this.#nextPiece();
    this.#piece.write(digest, this.#filled, DIGEST_SIZE, 'latin1');
    this.#filled += DIGEST_SIZE;
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

function* digestsIn(piece: Buffer, end: number): Generator<string> {
  for (let at = 0; at < end; at += DIGEST_SIZE) yield piece.toString('latin1', at, at + DIGEST_SIZE);
}
