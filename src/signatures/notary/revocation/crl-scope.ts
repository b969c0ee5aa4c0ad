/** Which certificates a revocation list covers. [RFC 5280, 5.2.5 and 6.3.3 (b) (2)] */
import { FormatError } from '../../../formats/format-error.ts';
import { type Element, readDer } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { fieldsOf } from '../../x509/asn1/fields.ts';
import { namedBitsOf } from '../../x509/asn1/values.ts';
import { urlsOfPointName } from '../../x509/general-names.ts';

/** The certificate for which a list is read. */
export interface CrlScope {
  /** URLs of the distribution point that names the list. */
  names: readonly string[];
  /** Whether it is a CA certificate. */
  ca: boolean;
}

/** Tags of the fields after the distribution point, IMPLICIT. */
const ONLY_USERS = 0x81;
const ONLY_CAS = 0x82;
const ONLY_REASONS = 0x83;
const INDIRECT = 0x84;
const ONLY_ATTRIBUTES = 0x85;

/** Bits of ReasonFlags, from keyCompromise to aACompromise. Bit 0 is unused. [RFC 5280, 4.2.1.13] */
export const ALL_REASONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8]);

/** Whether lists with these reasons show that a certificate is not revoked. [RFC 5280, 6.3.3] */
export function coverAllReasons(lists: readonly ReadonlySet<number>[]): boolean {
  return [...ALL_REASONS].every((reason) => lists.some((reasons) => reasons.has(reason)));
}

/**
 * Refuses a list that covers other certificates than the one in question, although its issuer signed it.
 * @param value Of the extension issuingDistributionPoint: SEQUENCE { distributionPoint [0] OPTIONAL,
 *   onlyContainsUserCerts [1], onlyContainsCACerts [2], onlySomeReasons [3] OPTIONAL, indirectCRL [4],
 *   onlyContainsAttributeCerts [5] }, each BOOLEAN DEFAULT FALSE.
 * @returns The reasons for revocation that the list covers: lists of other distribution points may have the others.
 * @throws FormatError
 */
export function checkScope(value: Uint8Array, { names, ca }: CrlScope): ReadonlySet<number> {
  const fields = fieldsOf(readDer(value), 'the issuing distribution point');
  const point = fields.takeIf(TAG.context0);
  const onlyUsers = isSet(fields.takeIf(ONLY_USERS));
  const onlyCas = isSet(fields.takeIf(ONLY_CAS));
  const some = fields.takeIf(ONLY_REASONS);
  const indirect = isSet(fields.takeIf(INDIRECT));
  const onlyAttributes = isSet(fields.takeIf(ONLY_ATTRIBUTES));
  fields.end();
  if (onlyAttributes) throw new FormatError('covers attribute certificates only');
  if (indirect) throw new FormatError('covers certificates of several issuers (indirectCRL)');
  if (onlyCas && !ca) throw new FormatError('covers CA certificates only');
  if (onlyUsers && ca) throw new FormatError('does not cover CA certificates');
  // A name relative to the issuer's has no URL, but the list was found by one.
  const own = point && urlsOfPointName(point);
  if (own?.some((url) => names.includes(url)) === false) {
    throw new FormatError('belongs to another distribution point');
  }
  return some === undefined ? ALL_REASONS : namedBitsOf(some);
}

/** An implicitly tagged BOOLEAN, whose form the reader of DER cannot check. */
function isSet(element: Element | undefined): boolean {
  if (element === undefined) return false;
  const [value] = element.content;
  if (element.content.length !== 1 || (value !== 0 && value !== 0xff)) {
    throw new FormatError('has an invalid BOOLEAN');
  }
  return value === 0xff;
}
