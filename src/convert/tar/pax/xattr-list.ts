import { joined } from './text-copy.ts';
import { damageOf, type PaxXattr, storedSizeOf } from './xattr.ts';

/** Attributes in a list: an inode has room for fewer. [Linux fs/erofs/erofs_fs.h, i_xattr_icount] */
const MAX_ITEMS = 65_536;
/** Bytes of names and values in a list; all of a layer may have no more. */
const MAX_BYTES = 24 * 1024 * 1024;

/** Steps for all lists of a tar: a global attribute is set again for each entry, and some names are compared one by one. */
const MAX_STEPS = 4_000_000;
/** Bytes that are compared in a step. */
const STEP = 64;

/** Counts the steps of all lists of a tar. */
export class XattrSteps {
  #left = MAX_STEPS;

  /** False if too many have been taken. */
  take(steps: number): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }
}

const NONE: ReadonlySet<PaxXattr> = new Set();

/** The result of setting an attribute; what follows `too many` is ignored. */
export type XattrOutcome = 'set' | 'undefined result' | 'too many';

/** The attributes of an entry or of the global headers, in the order in which they were first set. */
export class XattrList implements Iterable<PaxXattr> {
  readonly #steps: XattrSteps;
  readonly #items: PaxXattr[] = [];
  /** Undefined while there is none, as in most entries: a map for each would be slow. */
  #byName: Map<string, PaxXattr> | undefined;
  /** Some name contains a `=` or NUL, and may match a part of another name or value. */
  #ambiguous = false;
  #overflown = false;
  #damaged: Set<PaxXattr> | undefined;
  #storedSize = 0;
  /** Bytes of all pairs. */
  #bytes = 0;

  constructor(steps: XattrSteps) {
    this.#steps = steps;
  }

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
    const compared = this.#ambiguous ? this.#items.length * Math.ceil(pair.length / STEP) : 0;
    if (this.#overflown || !this.#steps.take(1 + compared)) return this.#overflow();
    const found = this.#ambiguous ? this.#findAmbiguous(pair, nameLength + 1) : this.#byName?.get(name);
    if (found === undefined) {
      this.#bytes += pair.length;
      if (this.#items.length === MAX_ITEMS || this.#bytes > MAX_BYTES) return this.#overflow();
      const item = { pair, nameLength };
      this.#items.push(item);
      this.#byName ??= new Map();
      this.#byName.set(name, item);
      this.#examine(item);
    } else if (!keep) {
      this.#storedSize -= storedSizeOf(found);
      this.#bytes -= found.pair.length;
      // Without ambiguous names, that is the same text.
      found.pair = this.#ambiguous ? joined(found.pair.slice(0, nameLength), pair.slice(nameLength)) : pair;
      this.#bytes += found.pair.length;
      if (this.#bytes > MAX_BYTES) return this.#overflow();
      this.#examine(found);
      if (found.pair.length <= found.nameLength) return 'undefined result';
    }
    return 'set';
  }

  copy(): XattrList {
    const list = new XattrList(this.#steps);
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
    list.#bytes = this.#bytes;
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

  #overflow(): XattrOutcome {
    this.#overflown = true;
    return 'too many';
  }

  /** The first attribute that `strncmp` over `length` bytes finds equal to `pair`. */
  #findAmbiguous(pair: string, length: number): PaxXattr | undefined {
    const nul = pair.indexOf('\0');
    const start = pair.slice(0, nul !== -1 && nul < length ? nul + 1 : length);
    const whole = start.endsWith('\0') ? start.length - 1 : -1;
    return this.#items.find(
      (item) => item.pair.startsWith(start) || (item.pair.length === whole && start.startsWith(item.pair)),
    );
  }

  [Symbol.iterator](): Iterator<PaxXattr> {
    return this.#items.values();
  }
}
