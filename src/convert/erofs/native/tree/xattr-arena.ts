import type { VeritySignError } from '../../../../errors.ts';
import { unsupported } from '../../../tar/refusals.ts';
import type { Xattr } from '../image/xattrs.ts';
import type { XattrRefs } from './xattr-refs.ts';

/** Bytes of a page; a larger list of attributes has a page of its own. */
const PAGE = 1024 * 1024;

/** Maximum number of bytes of all lists. One inode may have them all, and its body is held as a whole once more. */
export const MAX_XATTR_BYTES = 24 * 1024 * 1024;

/**
 * Lists of extended attributes as bytes, for all releases that are built side by side: as objects, they
 * would take ten times as much memory. Texts are latin1; a list is addressed by where it begins.
 */
export class XattrArena {
  readonly #pages: Buffer[] = [];
  #used = PAGE;
  #total = 0;
  /** The list that was added last, and its address. */
  #last: { list: readonly Xattr[]; address: number } | undefined;

  /**
   * Adds a list. One that is the same as the list before, such as that of another release or of the next
   * file, takes no more memory.
   * @returns its address; undefined for an empty list
   * @throws VeritySignError 'environment' above {@link MAX_XATTR_BYTES}
   */
  add(list: readonly Xattr[]): number | undefined {
    if (list.length === 0) return undefined;
    // Strings are compared, since a copy of a large list would take longer than to find it equal.
    if (this.#last !== undefined && isSame(this.#last.list, list)) return this.#last.address;
    const size = xattrListSize(list);
    if (this.#total + size > MAX_XATTR_BYTES) throw tooManyXattrBytes();
    if (this.#used + size > PAGE) {
      this.#pages.push(Buffer.allocUnsafeSlow(Math.max(PAGE, size)));
      this.#used = 0;
    }
    const page = this.#pages.at(-1) as Buffer;
    const address = (this.#pages.length - 1) * PAGE + this.#used;
    let at = writeLength(list.length, page, this.#used);
    for (const { name, value } of list) at = writeText(value, page, writeText(name, page, at));
    this.#used = at;
    this.#total += size;
    this.#last = { list, address };
    return address;
  }

  /** Adds the attributes of the list at an address to `into`. */
  read(address: number, into: XattrRefs): void {
    const page = this.#pages[Math.floor(address / PAGE)] as Buffer;
    const cursor = { at: address % PAGE };
    for (let left = readLength(page, cursor); left > 0; left--) {
      const nameLength = readLength(page, cursor);
      const name = cursor.at;
      cursor.at += nameLength;
      const valueLength = readLength(page, cursor);
      into.add(page, name, nameLength, cursor.at, valueLength);
      cursor.at += valueLength;
    }
  }
}

export function tooManyXattrBytes(): VeritySignError {
  return unsupported(`it has extended attributes of more than ${MAX_XATTR_BYTES} bytes`);
}

/** Bytes that a list takes here. */
export function xattrListSize(list: readonly Xattr[]): number {
  let size = lengthSize(list.length);
  for (const { name, value } of list) {
    size += lengthSize(name.length) + name.length + lengthSize(value.length) + value.length;
  }
  return size;
}

function isSame(left: readonly Xattr[], right: readonly Xattr[]): boolean {
  if (left.length !== right.length) return false;
  return right.every(({ name, value }, at) => left[at]?.value === value && left[at]?.name === name);
}

/** Bytes of a length: seven bits each, the lowest first. */
function lengthSize(length: number): number {
  let size = 1;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) size += 1;
  return size;
}

function writeLength(length: number, page: Buffer, at: number): number {
  let rest = length;
  let next = at;
  for (; rest > 0x7f; rest >>>= 7) page[next++] = (rest & 0x7f) | 0x80;
  page[next] = rest;
  return next + 1;
}

function readLength(page: Buffer, cursor: { at: number }): number {
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = page[cursor.at++] as number;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return length;
  }
}

function writeText(text: string, page: Buffer, at: number): number {
  const start = writeLength(text.length, page, at);
  page.write(text, start, text.length, 'latin1');
  return start + text.length;
}
