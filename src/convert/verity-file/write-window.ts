import { writeSync } from 'node:fs';

/** Bytes that are written at a time. */
const WINDOW = 1024 * 1024;

/** Joins many small writes that follow one another, perhaps with gaps, to few large ones. Gaps are zeros. */
export class WriteWindow {
  readonly #handle: number;
  readonly #bytes = Buffer.allocUnsafeSlow(WINDOW);
  /** Where the window is in the file. */
  #start = 0;
  #filled = 0;

  /** @param handle of an empty file */
  constructor(handle: number) {
    this.#handle = handle;
  }

  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    const follows = offset >= this.#start + this.#filled && end <= this.#start + WINDOW;
    if (!follows) {
      this.flush();
      this.#start = offset;
    }
    if (bytes.length > WINDOW) {
      writeAll(this.#handle, bytes, offset);
      return;
    }
    const at = offset - this.#start;
    this.#bytes.fill(0, this.#filled, at);
    this.#bytes.set(bytes, at);
    this.#filled = at + bytes.length;
  }

  flush(): void {
    writeAll(this.#handle, this.#bytes.subarray(0, this.#filled), this.#start);
    this.#start += this.#filled;
    this.#filled = 0;
  }
}

/** Writes all bytes: the system may write fewer at a time. */
export function writeAll(handle: number, bytes: Uint8Array, offset: number): void {
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(handle, bytes, at, bytes.length - at, offset + at);
  }
}
