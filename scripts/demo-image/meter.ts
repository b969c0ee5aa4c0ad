import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** Passes bytes through, and counts and hashes them. */
export class Meter extends Transform {
  size = 0;
  readonly #hash = createHash('sha256');

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, data: Buffer) => void): void {
    this.size += chunk.length;
    this.#hash.update(chunk);
    done(null, chunk);
  }

  /** `sha256:` and hex digits. */
  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}
