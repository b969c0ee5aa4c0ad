const PAGE_BITS = 12;
const IN_PAGE = (1 << PAGE_BITS) - 1;

/**
 * Records of a fixed number of bytes in pages: a layer may have hundreds of thousands of entries,
 * and an object each would take several times as much.
 */
export class Records {
  readonly #stride: number;
  readonly #pages: DataView[] = [];
  #count = 0;

  constructor(stride: number) {
    this.#stride = stride;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a record of zeros and returns its number. */
  add(): number {
    if (this.#count >>> PAGE_BITS === this.#pages.length) {
      this.#pages.push(new DataView(new ArrayBuffer(this.#stride << PAGE_BITS)));
    }
    this.#count += 1;
    return this.#count - 1;
  }

  /** The page that has the record, which begins there at `offset`. */
  page(record: number): DataView {
    return this.#pages[record >>> PAGE_BITS] as DataView;
  }

  offset(record: number): number {
    return (record & IN_PAGE) * this.#stride;
  }
}
