/**
 * BER as DER. Timestamp tokens and PKCS#12 files may be written in BER: with indefinite lengths, lengths
 * that are longer than need be, and strings in chunks. Afterwards the reader of DER reads them.
 * [X.690, 8.1.3, 8.1.5, 8.6.4, 8.7.3]
 */
import { FormatError } from '../../../formats/format-error.ts';
import { type Element, onlyElement } from './der.ts';
import { isConstructed, TAG } from './der-rules.ts';
import { encode } from './encode.ts';

const MAX_DEPTH = 40;
const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
/** Constructed types of ASN.1 itself: EXTERNAL, EMBEDDED PDV, SEQUENCE and SET. All others are strings in chunks. */
const STRUCTURES: ReadonlySet<number> = new Set([0x28, 0x2b, TAG.sequence, TAG.set]);
const FIRST_TAGGED = 0x40;

/** More than tokens and PKCS#12 files have. */
const MAX_ELEMENTS = 10_000;

/**
 * The one element that `ber` consists of, with the lengths and strings of DER. What already is DER comes
 * back byte for byte. The content of primitive elements and the order of sets stay as they are.
 * @throws FormatError for bytes that are not one element, and for too many or too deeply nested ones.
 */
export function readBer(ber: Uint8Array): Element {
  const { der, end } = new Converter(ber).convert(0, ber.length, 0);
  const rest = ber.length - end;
  if (rest > 0) throw new FormatError(`has ${rest} trailing byte${rest === 1 ? '' : 's'} after its end`);
  return onlyElement(der);
}

/** An element as DER, and where it ended in the BER. */
interface Converted {
  der: Uint8Array;
  end: number;
}

class Converter {
  readonly #ber: Uint8Array;
  #elements = 0;

  constructor(ber: Uint8Array) {
    this.#ber = ber;
  }

  convert(at: number, limit: number, depth: number): Converted {
    if (depth > MAX_DEPTH) throw new FormatError('has elements that are nested too deeply');
    this.#elements += 1;
    if (this.#elements > MAX_ELEMENTS) throw new FormatError(`has more than ${MAX_ELEMENTS} elements`);
    const { tag, start, end } = readHeader(this.#ber, at, limit);
    if (!isConstructed(tag)) {
      if (end === undefined) throw new FormatError('has a primitive element of indefinite length');
      return { der: encode(tag, this.#ber.subarray(start, end)), end };
    }
    const children: Uint8Array[] = [];
    let next = start;
    while (end === undefined ? !isEndOfContents(this.#ber, next, limit) : next < end) {
      const child = this.convert(next, end ?? limit, depth + 1);
      children.push(child.der);
      next = child.end;
    }
    const inChunks = tag < FIRST_TAGGED && !STRUCTURES.has(tag);
    const der = inChunks ? joined(tag & ~CONSTRUCTED, children) : encode(tag, ...children);
    return { der, end: end ?? next + 2 };
  }
}

/** @returns offsets of the content; no `end` for an indefinite length. */
function readHeader(
  ber: Uint8Array,
  at: number,
  limit: number,
): { tag: number; start: number; end: number | undefined } {
  const tag = ber[at] ?? 0;
  if ((tag & 0x1f) === 0x1f) throw new FormatError('has a tag number above 30');
  const first = ber[at + 1] ?? 0;
  const start = at + 2 + (first > INDEFINITE ? first & 0x7f : 0);
  if (start > limit) throw new FormatError('ends too early');
  if (first === INDEFINITE) return { tag, start, end: undefined };
  const length =
    first < INDEFINITE ? first : ber.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  if (start + length > limit) throw new FormatError('ends too early');
  return { tag, start, end: start + length };
}

function isEndOfContents(ber: Uint8Array, at: number, limit: number): boolean {
  if (at + 2 > limit) throw new FormatError('ends too early');
  return ber[at] === 0 && ber[at + 1] === 0;
}

/** The chunks of a string as one. Each chunk of a BIT STRING begins with the number of its unused bits. */
function joined(tag: number, chunks: readonly Uint8Array[]): Uint8Array {
  const contents = chunks.map((chunk) => {
    const { tag: own, content } = onlyElement(chunk);
    if (own !== tag) throw new FormatError('has a string with chunks of another type');
    return content;
  });
  if (tag !== TAG.bitString) return encode(tag, ...contents);
  if (contents.slice(0, -1).some((content) => content[0] !== 0)) {
    throw new FormatError('has an invalid BIT STRING');
  }
  const unused = contents.at(-1)?.subarray(0, 1) ?? Uint8Array.of(0);
  return encode(tag, unused, ...contents.map((content) => content.subarray(1)));
}
