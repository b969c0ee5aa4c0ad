import { BlockDigester } from './block-digester.ts';
import { DIGEST_SIZE } from './params.ts';

/** Bytes digested at a time. */
const BATCH = 256 * 1024;

/** Cuts bytes into blocks and digests them, many at a time. */
export class Slicer {
  readonly #blockSize: number;
  readonly #digester: BlockDigester;
  readonly #digests: Buffer;
  readonly #onLeaves: (digests: Buffer) => void;
  #filled = 0;

  /** @param onLeaves receives concatenated digests, which are overwritten after the call */
  constructor(blockSize: number, onLeaves: (digests: Buffer) => void) {
    this.#blockSize = blockSize;
    this.#digester = new BlockDigester(blockSize, BATCH / blockSize);
    this.#digests = Buffer.alloc((BATCH / blockSize) * DIGEST_SIZE);
    this.#onLeaves = onLeaves;
  }

  update(bytes: Uint8Array): void {
    const { data } = this.#digester;
    for (let at = 0; at < bytes.length; ) {
      const step = Math.min(data.length - this.#filled, bytes.length - at);
      data.set(at === 0 && step === bytes.length ? bytes : bytes.subarray(at, at + step), this.#filled);
      at += step;
      this.#filled += step;
      if (this.#filled === data.length) this.flush();
    }
  }

  /** Pads an incomplete block with zeros. */
  pad(): void {
    const end = Math.ceil(this.#filled / this.#blockSize) * this.#blockSize;
    this.#digester.data.fill(0, this.#filled, end);
    this.#filled = end;
    if (end === BATCH) this.flush();
  }

  /** Passes on the digests of all bytes so far; pads an incomplete block with zeros. */
  flush(): void {
    if (this.#filled === 0) return;
    const end = this.#digester.digest(this.#filled, this.#digests, 0);
    this.#filled = 0;
    this.#onLeaves(this.#digests.subarray(0, end));
  }
}
