import { unsupported } from '../../../tar/refusals.ts';
import { MAX_NAME_BYTES } from './limits.ts';

// A global would be looked up for each byte where the code runs in a context of its own.
const { imul } = Math;

/** Texts of so many bytes are copied in a loop, which is faster than a call of a built-in function. */
const SHORT = 48;
const PAGE_BITS = 18;
const PAGE = 1 << PAGE_BITS;
const IN_PAGE = PAGE - 1;
/**
 * Texts whose places are remembered: the releases that share an arena add the same ones after one another. The texts
 * themselves are not kept: strings in a table that lives long are freed late, together with what they refer to.
 */
const RECENT = 4096;
/** Longer texts are not remembered. */
const MOST_REMEMBERED = 4096;
/** Characters of a text that choose its slot, spread over the whole of it. */
const SAMPLED = 256;

/**
 * Latin1 texts, addressed by where they start. A text lies in pages that follow one another in memory: one
 * buffer for all would be copied again and again, and its copies freed late.
 */
export class BytesArena {
  /** Each page with the pages that follow it in memory. */
  readonly #pages: Buffer[] = [];
  /** The address of the next text, if it fits the last page. */
  #next = 0;
  #length = 0;
  /** Addresses and lengths of the last texts, by slot; undefined if they are not remembered. */
  readonly #recent: { starts: Int32Array; lengths: Int32Array } | undefined;

  /** @param shared several releases add the same texts: each takes memory once */
  constructor(shared = false) {
    this.#recent = shared
      ? { starts: new Int32Array(RECENT), lengths: new Int32Array(RECENT).fill(-1) }
      : undefined;
  }

  /**
   * Returns the start of the text.
   * @throws VeritySignError 'environment' above {@link MAX_NAME_BYTES}
   */
  add(text: string): number {
    const recent = text.length > MOST_REMEMBERED ? undefined : this.#recent;
    const slot = recent === undefined ? 0 : slotOf(text);
    if (recent?.lengths[slot] === text.length) {
      const known = recent.starts[slot] as number;
      if (text.length > SHORT ? this.text(known, text.length) === text : this.equals(known, text))
        return known;
    }
    this.#length += text.length;
    if (this.#length > MAX_NAME_BYTES)
      throw unsupported(`it has names and link targets of more than ${MAX_NAME_BYTES} bytes`);
    if (this.#next + text.length > this.#pages.length << PAGE_BITS) this.#grow(text.length);
    const start = this.#next;
    if (text.length > SHORT) {
      this.#page(start).write(text, start & IN_PAGE, text.length, 'latin1');
    } else if (text.length > 0) {
      const page = this.#page(start);
      const at = start & IN_PAGE;
      for (let byte = 0; byte < text.length; byte++) page[at + byte] = text.charCodeAt(byte);
    }
    this.#next += text.length;
    if (recent !== undefined) {
      recent.starts[slot] = start;
      recent.lengths[slot] = text.length;
    }
    return start;
  }

  #grow(length: number): void {
    this.#next = this.#pages.length << PAGE_BITS;
    const memory = Buffer.allocUnsafeSlow(Math.ceil(length / PAGE) << PAGE_BITS);
    for (let at = 0; at < memory.length; at += PAGE) this.#pages.push(memory.subarray(at));
  }

  /** The page of an address; none for an empty text at the end. */
  #page(start: number): Buffer {
    return this.#pages[start >>> PAGE_BITS] as Buffer;
  }

  text(start: number, length: number): string {
    const at = start & IN_PAGE;
    return length === 0 ? '' : this.#page(start).toString('latin1', at, at + length);
  }

  equals(start: number, text: string): boolean {
    const page = this.#page(start);
    const from = start & IN_PAGE;
    for (let at = 0; at < text.length; at++) if (page[from + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  /** Compares two texts by their bytes: negative, 0 or positive, as a sort wants it. */
  compare(left: number, leftLength: number, right: number, rightLength: number): number {
    const [leftPage, rightPage] = [this.#page(left), this.#page(right)];
    const [leftFrom, rightFrom] = [left & IN_PAGE, right & IN_PAGE];
    const common = Math.min(leftLength, rightLength);
    for (let at = 0; at < common; at++) {
      const difference = (leftPage[leftFrom + at] as number) - (rightPage[rightFrom + at] as number);
      if (difference !== 0) return difference;
    }
    return leftLength - rightLength;
  }

  copy(start: number, length: number, target: Buffer, at: number): void {
    const page = this.#page(start);
    const from = start & IN_PAGE;
    if (length > SHORT) page.copy(target, at, from, from + length);
    else for (let byte = 0; byte < length; byte++) target[at + byte] = page[from + byte] as number;
  }

  /** The sum of the bytes of a text, each times its own factor from `factors[first]` on; 32 bits, signed. */
  weighted(start: number, length: number, factors: Int32Array, first: number): number {
    const page = this.#page(start);
    const from = start & IN_PAGE;
    let sum = 0;
    for (let at = 0; at < length; at++)
      sum = (sum + imul(factors[first + at] as number, page[from + at] as number)) | 0;
    return sum;
  }
}

function slotOf(text: string): number {
  const { length } = text;
  const step = Math.ceil(length / SAMPLED);
  let hash = length;
  for (let at = 0; at < length; at += step) hash = (imul(hash, 31) + text.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 15)) & (RECENT - 1);
}
