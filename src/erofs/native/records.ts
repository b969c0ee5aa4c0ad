/**
 * Records of a fixed number of bytes in one piece of memory: a layer may have hundreds of thousands
 * of entries, and an object each would take several times as much.
 */
export class Records {
  readonly #stride: number;
  #view: DataView;
  #count = 0;

  constructor(stride: number) {
    this.#stride = stride;
    this.#view = new DataView(new ArrayBuffer(stride * 64));
  }

  get count(): number {
    return this.#count;
  }

  /** Valid until the next `add`. */
  get view(): DataView {
    return this.#view;
  }

  /** Adds a record of zeros and returns its number. */
  add(): number {
    const needed = (this.#count + 1) * this.#stride;
    if (needed > this.#view.byteLength) {
      const room = Math.ceil((needed * 1.5) / this.#stride) * this.#stride;
      this.#view = new DataView((this.#view.buffer as ArrayBuffer).transfer(room));
    }
    this.#count += 1;
    return this.#count - 1;
  }
}
