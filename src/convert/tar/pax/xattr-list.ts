import { damageOf, type PaxXattr, storedSizeOf } from './xattr.ts';

/** More names with a `=` or NUL are not compared with one another: that takes quadratic time. */
export const MAX_AMBIGUOUS = 1000;

const NONE: ReadonlySet<PaxXattr> = new Set();

/** The result of setting an attribute; what follows `too many` is ignored. */
export type XattrOutcome = 'set' | 'undefined result' | 'too many';

/** The attributes of an entry or of the global headers, in the order in which they were first set. */
export class XattrList implements Iterable<PaxXattr> {
  readonly #items: PaxXattr[] = [];
  /** Undefined while there is none, as in most entries: a map for each would be slow. */
  #byName: Map<string, PaxXattr> | undefined;
  /** Some name contains a `=` or NUL, and may match a part of another name or value. */
  #ambiguous = false;
  #overflown = false;
  #damaged: Set<PaxXattr> | undefined;
  #storedSize = 0;

  get size(): number {
    return this.#items.length;
  }

  /** The attributes that mkfs.erofs damages. */
  get damaged(): ReadonlySet<PaxXattr> {
    return this.#damaged ?? NONE;
  }

  /** Bytes of all attributes in an inode. */
  get storedSize(): number {
    return this.#storedSize;
  }

  /** Whether names must be compared one by one. */
  get ambiguous(): boolean {
    return this.#ambiguous;
  }

  has(name: string): boolean {
    return this.#byName?.has(name) ?? false;
  }

  /**
   * Sets an attribute; one with the same name is replaced, or kept if `keep`.
   *
   * mkfs.erofs compares names as C strings together with the `=`, so that a percent-decoded name with a
   * `=` or NUL in it replaces a part of another attribute; its result is undefined where that one is
   * too short. [erofs-utils, lib/tar.c, tarerofs_insert_xattr]
   */
  set({ pair, nameLength }: PaxXattr, keep = false): XattrOutcome {
    const name = pair.slice(0, nameLength);
    this.#ambiguous ||= /[=\0]/.test(name);
    if (this.#ambiguous && this.#items.length > MAX_AMBIGUOUS) return this.#overflow();
    const found = this.#ambiguous ? this.#findAmbiguous(pair, nameLength + 1) : this.#byName?.get(name);
    if (found === undefined) {
      const item = { pair, nameLength };
      this.#items.push(item);
      this.#byName ??= new Map();
      this.#byName.set(name, item);
      this.#examine(item);
    } else if (!keep) {
      this.#storedSize -= storedSizeOf(found);
      found.pair = found.pair.slice(0, nameLength) + pair.slice(nameLength);
      this.#examine(found);
      if (found.pair.length <= found.nameLength) return 'undefined result';
    }
    return 'set';
  }

  copy(): XattrList {
    const list = new XattrList();
    // Not by `set`, which would compare ambiguous names again.
    const copies = new Map<PaxXattr, PaxXattr>();
    for (const item of this.#items) {
      const copy = { ...item };
      copies.set(item, copy);
      list.#items.push(copy);
    }
    const copyOf = (item: PaxXattr): PaxXattr => copies.get(item) ?? item;
    list.#byName = this.#byName && new Map([...this.#byName].map(([name, item]) => [name, copyOf(item)]));
    list.#damaged = this.#damaged && new Set([...this.#damaged].map(copyOf));
    list.#ambiguous = this.#ambiguous;
    list.#overflown = this.#overflown;
    list.#storedSize = this.#storedSize;
    return list;
  }

  #examine(item: PaxXattr): void {
    this.#storedSize += storedSizeOf(item);
    if (damageOf(item) === undefined) {
      this.#damaged?.delete(item);
    } else {
      this.#damaged ??= new Set();
      this.#damaged.add(item);
    }
  }

  /** Reports the excess once. */
  #overflow(): XattrOutcome {
    if (this.#overflown) return 'set';
    this.#overflown = true;
    return 'too many';
  }

  /** The first attribute that `strncmp` over `length` bytes finds equal to `pair`. */
  #findAmbiguous(pair: string, length: number): PaxXattr | undefined {
    const nul = pair.indexOf('\0');
    const start = pair.slice(0, nul !== -1 && nul < length ? nul + 1 : length);
    return this.#items.find((item) => item.pair.startsWith(start) || `${item.pair}\0` === start);
  }

  [Symbol.iterator](): Iterator<PaxXattr> {
    return this.#items.values();
  }
}
