/**
 * A reader of DER that refuses everything BER allows and DER does not, and that keeps the original
 * bytes of each element. node-forge's reader accepts indefinite and padded lengths and forgets how
 * an element was written; what is compared or embedded byte for byte must not pass through it.
 * [X.690, clauses 8 to 11]
 */

/** Says what is wrong with bytes that were read; callers add whose bytes and what to do. */
export class FormatError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FormatError';
  }
}

/** One element: identifier octet, the whole encoding and the content alone (views, no copies). */
export interface Element {
  tag: number;
  bytes: Uint8Array;
  content: Uint8Array;
}

/** Identifier octets of the types that occur here. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** [0], constructed. */
  context0: 0xa0,
  /** [1], constructed. */
  context1: 0xa1,
  /** [3], constructed. */
  context3: 0xa3,
} as const;

const CONSTRUCTED = 0x20;
const MAX_DEPTH = 32;

/**
 * Reads the one element that `bytes` consists of, and checks all that is inside it.
 * @throws FormatError for anything but DER, and for trailing bytes.
 */
export function readDer(bytes: Uint8Array): Element {
  const element = readElement(bytes, 0);
  if (element.bytes.length !== bytes.length) {
    throw new FormatError(`${bytes.length - element.bytes.length} trailing bytes after the DER`);
  }
  checkElement(element, 0);
  return element;
}

/** The elements inside a constructed one. */
export function childrenOf(element: Element): Element[] {
  const children: Element[] = [];
  for (let at = 0; at < element.content.length; ) {
    const child = readElement(element.content, at);
    children.push(child);
    at += child.bytes.length;
  }
  return children;
}

/** Dotted form of an OBJECT IDENTIFIER. */
export function oidOf(element: Element): string {
  if (element.tag !== TAG.oid) throw new FormatError('an object identifier was expected');
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of element.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > 0xffffffff) throw new FormatError('an object identifier has too large a number');
    if (byte < 0x80) {
      if (arcs.length === 0) {
        const first = Math.min(Math.floor(arc / 40), 2);
        arcs.push(first, arc - 40 * first);
      } else {
        arcs.push(arc);
      }
      arc = 0;
    }
  }
  return arcs.join('.');
}

/** Value of a small, non-negative INTEGER; `undefined` for any other. */
export function smallIntegerOf(element: Element): number | undefined {
  const { content } = element;
  if (element.tag !== TAG.integer || content.length > 4 || (content[0] ?? 0x80) >= 0x80) return undefined;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

/** True if both hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function readElement(bytes: Uint8Array, at: number): Element {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw new FormatError('the DER ends too early');
  if ((tag & 0x1f) === 0x1f) throw new FormatError('a tag number above 30');
  let start = at + 2;
  let length = first;
  if (first === 0x80) throw new FormatError('an indefinite length (BER, not DER)');
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw new FormatError('a length of more than four bytes');
    length = 0;
    for (const byte of bytes.subarray(start, start + count)) length = length * 256 + byte;
    start += count;
    if (start > bytes.length) throw new FormatError('the DER ends too early');
    if (length < 0x80 || length < 256 ** (count - 1)) {
      throw new FormatError('a length that is not minimal (BER, not DER)');
    }
  }
  const end = start + length;
  if (end > bytes.length) throw new FormatError('the DER ends too early');
  return { tag, bytes: bytes.subarray(at, end), content: bytes.subarray(start, end) };
}

function checkElement(element: Element, depth: number): void {
  if (depth > MAX_DEPTH) throw new FormatError('elements nested too deeply');
  const { tag, content } = element;
  const universal = tag < 0x40;
  if (universal) {
    const mustBeConstructed = (tag | CONSTRUCTED) === TAG.sequence || (tag | CONSTRUCTED) === TAG.set;
    if (((tag & CONSTRUCTED) !== 0) !== mustBeConstructed) {
      throw new FormatError('an element in a form that DER does not have');
    }
    checkPrimitive(tag, content);
  }
  if ((tag & CONSTRUCTED) !== 0) {
    for (const child of childrenOf(element)) checkElement(child, depth + 1);
  }
}

function checkPrimitive(tag: number, content: Uint8Array): void {
  const [first, second] = content;
  switch (tag) {
    case 0:
      throw new FormatError('an end-of-contents element (BER, not DER)');
    case TAG.boolean:
      if (content.length !== 1 || (first !== 0 && first !== 0xff)) throw new FormatError('a bad BOOLEAN');
      return;
    case TAG.integer: {
      const padded =
        second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
      if (first === undefined || padded) throw new FormatError('an INTEGER that is not minimal');
      return;
    }
    case TAG.bitString:
      if (first === undefined || first > 7 || (content.length === 1 && first !== 0)) {
        throw new FormatError('a bad BIT STRING');
      }
      return;
    case TAG.null:
      if (content.length !== 0) throw new FormatError('a NULL with content');
      return;
    case TAG.oid:
      if (first === undefined || (content.at(-1) ?? 0x80) >= 0x80)
        throw new FormatError('a bad object identifier');
      for (const [index, byte] of content.entries()) {
        if (byte === 0x80 && (index === 0 || (content[index - 1] ?? 0) < 0x80)) {
          throw new FormatError('an object identifier that is not minimal');
        }
      }
      return;
    default:
  }
}

/** Takes the fields of a SEQUENCE or SET one after the other. */
export class Fields {
  readonly #children: Element[];
  readonly #name: string;
  #at = 0;

  /** `name` is for messages: what the fields belong to. */
  constructor(element: Element, name: string) {
    this.#children = childrenOf(element);
    this.#name = name;
  }

  get next(): Element | undefined {
    return this.#children[this.#at];
  }

  take(tag: number, field: string): Element {
    const element = this.takeIf(tag);
    if (element === undefined) throw new FormatError(`${this.#name} has no ${field} where it belongs`);
    return element;
  }

  takeIf(tag: number): Element | undefined {
    const element = this.next;
    if (element?.tag !== tag) return undefined;
    this.#at += 1;
    return element;
  }

  end(): void {
    if (this.next !== undefined) throw new FormatError(`${this.#name} has more fields than it may have`);
  }
}
