/** Elements of PKCS#12 files, which are BER. Messages have no part of the content. */
import { FormatError } from '../../../formats/format-error.ts';
import { childrenOf, type Element } from '../../x509/asn1/der.ts';
import { isConstructed, TAG } from '../../x509/asn1/der-rules.ts';
import { smallNumber } from '../../x509/asn1/values.ts';

/** The elements of a constructed value. */
export function children(element: Element | undefined): Element[] {
  if (element === undefined || !isConstructed(element.tag)) {
    throw new FormatError('lacks an element, or has one that is not constructed');
  }
  return childrenOf(element);
}

/** The bytes of an OCTET STRING, or of one tagged implicitly, which may be in chunks. */
export function octets(element: Element | undefined): Uint8Array {
  if (element !== undefined && !isConstructed(element.tag)) return element.content;
  return Buffer.concat(children(element).map(octets));
}

/** A number of rounds; Infinity for one of more than four bytes. */
export function rounds(element: Element | undefined): number {
  if (element?.tag !== TAG.integer || element.content.length === 0) {
    throw new FormatError('lacks a number of rounds');
  }
  if ((element.content[0] ?? 0) >= 0x80) throw new FormatError('has a negative number of rounds');
  return smallNumber(element.content) ?? Number.POSITIVE_INFINITY;
}
