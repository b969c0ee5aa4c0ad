/**
 * The strict reader of DER: it refuses everything that BER allows and DER does not, and keeps the
 * original bytes of each element, because what is compared or embedded byte for byte must not be written
 * anew. [X.690, clauses 8 to 11]
 */
import { FormatError } from '../../../formats/format-error.ts';
import { checkForm, checkPrimitive, isConstructed } from './der-rules.ts';

/** One element: identifier octet, the whole encoding and the content alone (views, no copies). */
export interface Element {
  tag: number;
  bytes: Uint8Array;
  content: Uint8Array;
}

const MAX_DEPTH = 32;
const MAX_CHILDREN = 1000;

/**
 * Goes through elements that follow one another, without making an object for each of them: a revocation
 * list has hundreds of thousands.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  /** Identifier octet of the current element. */
  tag = 0;
  /** Offset of its first byte, of its content, and of the byte after it. */
  start = 0;
  contentStart = 0;
  end = 0;
  #limit: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#limit = bytes.length;
  }

  /** Continues with the elements between two offsets. */
  enter(from: number, to: number): void {
    this.end = from;
    this.#limit = to;
  }

  /**
   * Moves to the next element; returns false where none is left.
   * @throws FormatError for a header that is not DER, or an element longer than what encloses it.
   */
  next(): boolean {
    const { bytes } = this;
    const at = this.end;
    if (at >= this.#limit) return false;
    const tag = bytes[at] ?? 0;
    let contentStart = at + 2;
    if (contentStart > this.#limit) throw new FormatError('ends too early');
    if ((tag & 0x1f) === 0x1f) throw new FormatError('has a tag number above 30');
    let length = bytes[at + 1] ?? 0;
    if (length === 0x80) throw new FormatError('has an indefinite length (BER, not DER)');
    if (length > 0x80) {
      const count = length & 0x7f;
      if (count > 4) throw new FormatError('has a length of more than four bytes');
      if (contentStart + count > this.#limit) throw new FormatError('ends too early');
      length = 0;
      for (const last = contentStart + count; contentStart < last; contentStart++) {
        length = length * 256 + (bytes[contentStart] ?? 0);
      }
      if (length < 0x80 || length < 256 ** (count - 1)) {
        throw new FormatError('has a length that is not minimal (BER, not DER)');
      }
    }
    if (contentStart + length > this.#limit) throw new FormatError('ends too early');
    this.tag = tag;
    this.start = at;
    this.contentStart = contentStart;
    this.end = contentStart + length;
    return true;
  }

  /** The current element, as a view. */
  element(): Element {
    return {
      tag: this.tag,
      bytes: this.bytes.subarray(this.start, this.end),
      content: this.bytes.subarray(this.contentStart, this.end),
    };
  }
}

/**
 * Reads the one element that `bytes` consists of, and checks all that is inside it.
 * @throws FormatError for anything but DER, and for trailing bytes.
 */
export function readDer(bytes: Uint8Array): Element {
  const element = onlyElement(bytes);
  checkAll(bytes);
  return element;
}

/** As `readDer`, without a look at what is inside the element. */
export function onlyElement(bytes: Uint8Array): Element {
  const cursor = new Cursor(bytes);
  if (!cursor.next()) throw new FormatError('ends too early');
  const rest = bytes.length - cursor.end;
  if (rest > 0) throw new FormatError(`has ${rest} trailing byte${rest === 1 ? '' : 's'} after its end`);
  return cursor.element();
}

/**
 * The elements inside a constructed one.
 * @throws FormatError for more than a thousand: only revocation lists have so many, and those are read with
 *   a Cursor.
 */
export function childrenOf(element: Element): Element[] {
  const children: Element[] = [];
  const cursor = new Cursor(element.content);
  while (cursor.next()) {
    if (children.length === MAX_CHILDREN)
      throw new FormatError(`has a list of more than ${MAX_CHILDREN} elements`);
    children.push(cursor.element());
  }
  return children;
}

/** True if both hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Checks every element, the inner ones too, in one pass and with one cursor. */
function checkAll(bytes: Uint8Array): void {
  const cursor = new Cursor(bytes);
  /** Where the constructed elements around the cursor end, outermost first. */
  const ends = [bytes.length];
  for (;;) {
    const end = ends.at(-1);
    if (end === undefined) return;
    cursor.enter(cursor.end, end);
    if (!cursor.next()) {
      ends.pop();
      continue;
    }
    checkForm(cursor.tag);
    if (!isConstructed(cursor.tag)) {
      checkPrimitive(bytes, cursor.tag, cursor.contentStart, cursor.end);
      continue;
    }
    if (ends.length > MAX_DEPTH) throw new FormatError('has elements that are nested too deeply');
    ends.push(cursor.end);
    cursor.end = cursor.contentStart;
  }
}
