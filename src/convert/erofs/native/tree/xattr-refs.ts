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

  /** Names have no NUL: a name that another one continues comes first, as with the NUL in between. */
  #compare(left: number, right: number): number {
    const [page, other] = [this.page(left), this.page(right)];
    const [name, otherName] = [this.name(left), this.name(right)];
    const names = page.compare(
      other,
      otherName,
      otherName + this.nameLength(right),
      name,
      name + this.nameLength(left),
    );
    if (names !== 0) return names;
    const [value, otherValue] = [this.value(left), this.value(right)];
    return page.compare(
      other,
      otherValue,
      otherValue + this.valueLength(right),
      value,
      value + this.valueLength(left),
    );
  }
}
