/** Values of primitive elements. */
import { FormatError } from '../../../formats/format-error.ts';
import type { Element } from './der.ts';
import { TAG } from './der-rules.ts';

/** Bytes of an object identifier. One with a UUID, the longest kind in use, has 20. [X.667] */
const MAX_OID_BYTES = 64;

/** The dotted form of an OBJECT IDENTIFIER. */
export function oidOf(element: Element | undefined): string {
  if (element?.tag !== TAG.oid) throw new FormatError('has no object identifier where one belongs');
  if (element.content.length > MAX_OID_BYTES)
    throw new FormatError('has an object identifier that is too long');
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of element.content) {
    arc = arc * 128n + BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    if (arcs.length === 0) {
      // The first two numbers are in one: 40 · first + second, and only below 2 is second below 40.
      const first = arc < 80n ? arc / 40n : 2n;
      arcs.push(first, arc - 40n * first);
    } else {
      arcs.push(arc);
    }
    arc = 0n;
  }
  return arcs.join('.');
}

/** The value of an INTEGER or ENUMERATED from 0 to 2³¹ − 1; `undefined` for any other. */
export function smallIntegerOf({ tag, content }: Element): number | undefined {
  return tag === TAG.integer || tag === TAG.enumerated ? smallNumber(content) : undefined;
}

/** The same for the content alone, where an IMPLICIT tag hides the type. */
export function smallNumber(content: Uint8Array): number | undefined {
  if (content.length > 4 || (content[0] ?? 0x80) >= 0x80) return undefined;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

/** The value of an INTEGER of any size. */
export function bigIntegerOf({ content }: Element): bigint {
  return BigInt.asIntN(8 * content.length, BigInt(`0x${Buffer.from(content).toString('hex') || '0'}`));
}

/** The bytes of a BIT STRING that is made of whole bytes, as signatures and keys are. */
export function wholeBytesOf({ content }: Element, name: string): Uint8Array {
  if (content[0] !== 0) throw new FormatError(`has ${name} that is not made of whole bytes`);
  return content.subarray(1);
}

/** The numbers of the bits that are set in a BIT STRING of named bits. */
export function namedBitsOf({ content }: Element): ReadonlySet<number> {
  const bits = new Set<number>();
  for (let bit = 0; bit < 8 * (content.length - 1); bit++) {
    if (((content[1 + (bit >> 3)] ?? 0) >> (7 - (bit & 7))) & 1) bits.add(bit);
  }
  return bits;
}

/** True for a BOOLEAN TRUE, false for FALSE and where an optional one is absent. */
export function isTrue(element: Element | undefined): boolean {
  return element?.content[0] === 0xff;
}
