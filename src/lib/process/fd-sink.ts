import { write } from 'node:fs';

/**
 * Writes to a file descriptor in the thread pool, each chunk while the caller produces the next one.
 * When a pipe has lost its reader, the rest is dropped: mkfs.erofs ends at the end-of-archive marker.
 */
export class FdSink {
  readonly #fd: number;
  #pending: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #broken = false;

  /** The caller closes the descriptor, after `idle`. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Resolves when the previous chunk is written; throws the error of that write. */
  async write(chunk: Uint8Array): Promise<void> {
    await this.#pending;
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#broken && chunk.length > 0) this.#pending = this.#writeAll(chunk);
  }

  /** Resolves when everything is written; throws the error of a failed write. */
  async flush(): Promise<void> {
    await this.#pending;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when no write is running, whether the last one succeeded or failed. */
  idle(): Promise<void> {
    return this.#pending;
  }

  #writeAll(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      const step = (at: number): void => {
        write(this.#fd, chunk, at, chunk.length - at, null, (error, written) => {
          if (error === null && at + written < chunk.length) return step(at + written);
          if (error !== null) this.#broken = true;
          if (error !== null && error.code !== 'EPIPE') this.#failure = error;
          resolve();
        });
      };
      step(0);
    });
  }
}
