import { write } from 'node:fs';

/**
 * Writes to a file descriptor in the thread pool, each piece while the next one is made. A pipe that
 * nobody reads any more swallows the rest: mkfs.erofs ends at the end-of-archive marker.
 */
export class FdSink {
  readonly #fd: number;
  #pending: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #broken = false;

  /** The descriptor stays its owner's to close, after `idle`. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Resolves when the piece before this one is written; throws what went wrong with that. */
  async write(piece: Uint8Array): Promise<void> {
    await this.#pending;
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#broken && piece.length > 0) this.#pending = this.#writeAll(piece);
  }

  /** Resolves when all is written; throws what went wrong. */
  async flush(): Promise<void> {
    await this.#pending;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when nothing is on its way, well or not. */
  idle(): Promise<void> {
    return this.#pending;
  }

  #writeAll(piece: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      const step = (at: number): void => {
        write(this.#fd, piece, at, piece.length - at, null, (error, written) => {
          if (error === null && at + written < piece.length) return step(at + written);
          if (error !== null) this.#broken = true;
          if (error !== null && error.code !== 'EPIPE') this.#failure = error;
          resolve();
        });
      };
      step(0);
    });
  }
}
