/** Attributes of one inode by where their texts are: as strings they would be a multiple of the memory. */
export class XattrRefs {
  /** Positions of the attributes, in their present order. */
  readonly order: number[] = [];
  readonly #pages: Buffer[] = [];
  /** Start of the name, its length, start of the value, its length, for each attribute. */
  readonly #places: number[] = [];

  get length(): number {
    return this.order.length;
  }

  add(page: Buffer, name: number, nameLength: number, value: number, valueLength: number): void {
    this.order.push(this.#pages.length);
    this.#pages.push(page);
    this.#places.push(name, nameLength, value, valueLength);
  }

  /** The bytes that hold both texts of an attribute. */
  page(position: number): Buffer {
    return this.#pages[position] as Buffer;
  }

  name(position: number): number {
    return this.#places[4 * position] as number;
  }

  nameLength(position: number): number {
    return this.#places[4 * position + 1] as number;
  }

  value(position: number): number {
    return this.#places[4 * position + 2] as number;
  }

  valueLength(position: number): number {
    return this.#places[4 * position + 3] as number;
  }

  /** Sorts by the bytes of name, NUL and value; equal ones keep their order. [lib/xattr.c, erofs_comp_xattritem] */
  sort(): void {
    if (this.order.length > 1) this.order.sort((left, right) => this.#compare(left, right));
  }

  #compare(left: number, right: number): number {
    const leftEnd = this.nameLength(left) + 1 + this.valueLength(left);
    const rightEnd = this.nameLength(right) + 1 + this.valueLength(right);
    const common = Math.min(leftEnd, rightEnd);
    for (let at = 0; at < common; at++) {
      const difference = this.#keyByte(left, at) - this.#keyByte(right, at);
      if (difference !== 0) return difference;
    }
    return leftEnd - rightEnd;
  }

  /** A byte of name, NUL and value. */
  #keyByte(position: number, at: number): number {
    const nameLength = this.nameLength(position);
    const page = this.page(position);
    if (at < nameLength) return page[this.name(position) + at] as number;
    return at === nameLength ? 0 : (page[this.value(position) + at - nameLength - 1] as number);
  }
}
