/** What DER asks of single elements. [X.690, 8.2, 8.3, 8.6, 8.19, 10.2, 11.1] */
import { FormatError } from '../../../formats/format-error.ts';

/** Identifier octets of the types that occur here. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** [0] to [3], constructed. */
  context0: 0xa0,
  context1: 0xa1,
  context2: 0xa2,
  context3: 0xa3,
} as const;

const CONSTRUCTED = 0x20;
/** Below it are the types of ASN.1 itself. */
const FIRST_TAGGED = 0x40;

export function isConstructed(tag: number): boolean {
  return (tag & CONSTRUCTED) !== 0;
}

/** SEQUENCE and SET are constructed, every other type of ASN.1 itself is primitive. */
export function checkForm(tag: number): void {
  if (tag >= FIRST_TAGGED) return;
  const type = tag | CONSTRUCTED;
  const mustBeConstructed = type === TAG.sequence || type === TAG.set;
  if (isConstructed(tag) !== mustBeConstructed) {
    throw new FormatError('has an element in a form that DER does not have');
  }
}

/** Checks the content of a primitive element, `bytes` from `start` to `end`. */
export function checkPrimitive(bytes: Uint8Array, tag: number, start: number, end: number): void {
  const length = end - start;
  const first = bytes[start] ?? 0;
  switch (tag) {
    case 0:
      throw new FormatError('has an end-of-contents element (BER, not DER)');
    case TAG.boolean:
      if (length !== 1 || (first !== 0 && first !== 0xff)) throw new FormatError('has an invalid BOOLEAN');
      return;
    case TAG.integer: {
      const second = bytes[start + 1] ?? 0;
      const padded = length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
      if (length === 0 || padded) throw new FormatError('has an INTEGER that is not minimal');
      return;
    }
    case TAG.bitString:
      if (length === 0 || first > 7 || (length === 1 && first !== 0)) {
        throw new FormatError('has an invalid BIT STRING');
      }
      return;
    case TAG.null:
      if (length !== 0) throw new FormatError('has a NULL with content');
      return;
    case TAG.oid:
      checkObjectIdentifier(bytes, start, end);
      return;
    default:
  }
}

function checkObjectIdentifier(bytes: Uint8Array, start: number, end: number): void {
  let inside = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x80 && !inside) throw new FormatError('has an object identifier that is not minimal');
    inside = byte >= 0x80;
  }
  if (inside || start === end) throw new FormatError('has an invalid object identifier');
}
