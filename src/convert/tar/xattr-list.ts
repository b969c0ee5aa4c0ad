import { undefinedResult } from '../erofs/native/failures.ts';

/** An extended attribute of an entry: `name=value` in latin1. The name itself may hold a `=`. */
export interface PaxXattr {
  pair: string;
  nameLength: number;
}

/** The attributes of an entry or of the global headers, in the order in which they were first set. */
export class XattrList implements Iterable<PaxXattr> {
  readonly #items: PaxXattr[] = [];
  readonly #byName = new Map<string, PaxXattr>();
  /** Some name has a `=` or NUL in it, and may be taken for a part of another. */
  #odd = false;

  /**
   * Sets an attribute; one that seems to have the same name is replaced, or kept if `keep`.
   *
   * The names are compared as C strings together with the `=`, so that an odd name (percent-decoded,
   * with a `=` or NUL inside) replaces a part of another. [erofs-utils, lib/tar.c, tarerofs_insert_xattr]
   */
  set({ pair, nameLength }: PaxXattr, keep = false): void {
    const name = pair.slice(0, nameLength);
    this.#odd ||= /[=\0]/.test(name);
    const found = this.#odd
      ? this.#items.find((item) => sameName(item.pair, pair, nameLength + 1))
      : this.#byName.get(name);
    if (found === undefined) {
      const item = { pair, nameLength };
      this.#items.push(item);
      this.#byName.set(name, item);
    } else if (!keep) {
      found.pair = found.pair.slice(0, nameLength) + pair.slice(nameLength);
      if (found.pair.length <= found.nameLength) throw undefinedResult('extended attributes with odd names');
    }
  }

  [Symbol.iterator](): Iterator<PaxXattr> {
    return this.#items.values();
  }
}

/** As `strncmp` over `length` bytes. */
function sameName(left: string, right: string, length: number): boolean {
  const end = right.indexOf('\0');
  const compared = end !== -1 && end < length ? end + 1 : length;
  if (left.length < compared) return `${left}\0` === right.slice(0, compared);
  return left.slice(0, compared) === right.slice(0, compared);
}

/** Name and value as an inode takes them, or undefined for an empty name, which is dropped. */
export function nameAndValue({ pair, nameLength }: PaxXattr): { name: string; value: string } | undefined {
  if (nameLength === 0) return undefined;
  const name = pair.slice(0, nameLength);
  const end = name.indexOf('\0');
  return { name: end === -1 ? name : name.slice(0, end), value: pair.slice(nameLength + 1) };
}
