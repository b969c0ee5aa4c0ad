import { fromBER, GeneralizedTime } from 'asn1js';
import type { Extension } from 'pkijs';
import { FormatError } from '../../../formats/format-error.ts';

/** When the key is known to have become bad, which may be long before the revocation. [RFC 5280, 5.3.2] */
const INVALIDITY_DATE = '2.5.29.24';

export function invalidityDate(extensions: readonly Extension[]): Date | undefined {
  const found = extensions.find(({ extnID }) => extnID === INVALIDITY_DATE);
  if (found === undefined) return undefined;
  const { result, offset } = fromBER(Uint8Array.from(found.extnValue.valueBlock.valueHexView));
  if (offset === -1 || !(result instanceof GeneralizedTime)) {
    throw new FormatError('has an invalidity date that is no date');
  }
  return result.toDate();
}

/** @throws FormatError for a critical extension other than those that are known. */
export function refuseCritical(extensions: readonly Extension[], known: readonly string[] = []): void {
  const unknown = extensions.find(
    ({ critical, extnID }) => critical && extnID !== INVALIDITY_DATE && !known.includes(extnID),
  );
  if (unknown !== undefined)
    throw new FormatError(`has a critical extension that is not known (${unknown.extnID})`);
}
