const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;
const IN_PAGE = PAGE - 1;

/**
 * A number of 32 bits, unsigned, for each of many records, in pages: a layer may have a million entries, and an
 * object for each would take several times as much. A page of zeros takes no memory, such as the owners of a
 * layer whose files belong to root.
 */
export class Column {
  readonly #pages: (Uint32Array | undefined)[] = [];

  get(record: number): number {
    const page = this.#pages[record >>> PAGE_BITS];
    return page === undefined ? 0 : (page[record & IN_PAGE] as number);
  }

  /** Keeps the low 32 bits of an integer. */
  set(record: number, value: number): void {
    const page = this.#pages[record >>> PAGE_BITS];
    if (page !== undefined) page[record & IN_PAGE] = value;
    else if (value !== 0) this.#add(record, value);
  }

  #add(record: number, value: number): void {
    const number = record >>> PAGE_BITS;
    // Without holes, which would make the array slow.
    while (this.#pages.length <= number) this.#pages.push(undefined);
    const page = new Uint32Array(PAGE);
    page[record & IN_PAGE] = value;
    this.#pages[number] = page;
  }
}
