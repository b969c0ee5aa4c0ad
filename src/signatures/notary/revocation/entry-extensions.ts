/** Extensions that entries of revocation lists and OCSP responses share. [RFC 5280, 5.3] */
import { FormatError } from '../../../formats/format-error.ts';
import { readDer } from '../../x509/asn1/der.ts';
import { readGeneralizedTime } from '../../x509/asn1/time.ts';
import type { ExtensionList } from '../../x509/extensions.ts';

/** When the key is known or suspected to have been compromised, which may be long before the revocation. */
const INVALIDITY_DATE = '2.5.29.24';

/** @throws FormatError for an extension that is not a date. */
export function invalidityDate(extensions: ExtensionList): Date | undefined {
  const found = extensions.get(INVALIDITY_DATE);
  return found && readGeneralizedTime(readDer(found.value), 'an invalidity date');
}

/** @throws FormatError for a critical extension other than those that are known. */
export function refuseCritical(extensions: ExtensionList, known: readonly string[] = []): void {
  for (const [id, { critical }] of extensions) {
    if (critical && id !== INVALIDITY_DATE && !known.includes(id)) {
      throw new FormatError(`has a critical extension that is not known (${id})`);
    }
  }
}
