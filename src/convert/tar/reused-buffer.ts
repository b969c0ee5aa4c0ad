/**
 * Collects bytes that come in chunks, in memory that the next collection uses again: a tar with a large
 * extended header for each entry would otherwise leave garbage faster than it is freed.
 */
export class ReusedBuffer {
  #buffer = Buffer.alloc(0);
  #length = 0;

  /** What was appended since it was cleared; overwritten afterwards. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Appends the bytes of a chunk from `start` up to `end`. */
  append(chunk: Buffer, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#length, start, end);
    this.#length = length;
  }
}
