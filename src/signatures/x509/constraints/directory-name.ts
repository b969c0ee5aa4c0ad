/** Comparison of names, as of directoryName in name constraints. [RFC 5280, 4.2.1.10 and 7.1; RFC 4518] */
import { sameBytes } from '../asn1/der.ts';
import { type NameAttribute, readRdns } from '../name.ts';

/** Characters that RFC 4518 maps to nothing. */
const INSIGNIFICANT = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\ufffc]/gu;

/**
 * The RDNs of a name, each as one text; names that RFC 5280 calls equal have equal texts.
 * @param der Name
 * @throws FormatError
 */
export function comparableRdns(der: Uint8Array): string[] {
  return readRdns(der).map((rdn) => JSON.stringify(rdn.map(comparable).sort()));
}

/**
 * Whether RFC 5280 calls two names (DER) equal.
 * @throws FormatError for different bytes, one of which is not a name made of text
 */
export function sameName(one: Uint8Array, other: Uint8Array): boolean {
  if (sameBytes(one, other)) return true;
  const [first, second] = [comparableRdns(one), comparableRdns(other)];
  return first.length === second.length && isBelow(first, second);
}

/** Whether a name begins with all RDNs of the base. */
export function isBelow(base: readonly string[], name: readonly string[]): boolean {
  return base.every((rdn, index) => rdn === name[index]);
}

/** The kind of string, case and the number of blanks make no difference. */
function comparable({ type, value }: NameAttribute): string {
  const mapped = value.replaceAll(/\s+/gu, ' ').replaceAll(INSIGNIFICANT, '').normalize('NFKC');
  // Uppercase first: it makes SS of the letter that has none.
  const folded = mapped.toUpperCase().toLowerCase().normalize('NFKC');
  return `${type}=${folded.replaceAll(/\s+/gu, ' ').trim()}`;
}
