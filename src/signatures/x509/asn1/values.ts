/** Values of primitive elements. */
import { FormatError } from '../../../formats/format-error.ts';
import type { Element } from './der.ts';
import { TAG } from './der-rules.ts';

/** The dotted form of an OBJECT IDENTIFIER. */
export function oidOf(element: Element | undefined): string {
  if (element?.tag !== TAG.oid) throw new FormatError('has no object identifier where one belongs');
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of element.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > 0xffffffff) throw new FormatError('has an object identifier with too large a number');
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

/** True for a BOOLEAN TRUE, false for FALSE and where an optional one is left out. */
export function isTrue(element: Element | undefined): boolean {
  return element?.content[0] === 0xff;
}
