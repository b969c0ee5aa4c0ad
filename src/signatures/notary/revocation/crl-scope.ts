/** Which certificates a revocation list is for. [RFC 5280, 5.2.5 and 6.3.3 (b) (2)] */
import { IssuingDistributionPoint } from 'pkijs';
import { FormatError } from '../../../formats/format-error.ts';
import { urlsOf } from './points.ts';

/** Of which a list is read. */
export interface CrlScope {
  /** URLs of the distribution point that names the list. */
  names: readonly string[];
  /** Whether the certificate is one of a CA. */
  ca: boolean;
}

/**
 * Refuses a list that is for other certificates than the one in question, although its issuer signed it.
 * Lists for some reasons only pass: those of all distribution points are read.
 * @param content of the extension issuingDistributionPoint
 * @throws FormatError
 */
export function checkScope(content: Uint8Array<ArrayBuffer>, { names, ca }: CrlScope): void {
  const point = IssuingDistributionPoint.fromBER(content);
  const { distributionPoint, onlyContainsCACerts, onlyContainsUserCerts } = point;
  if (point.onlyContainsAttributeCerts) throw new FormatError('is for attribute certificates only');
  if (point.indirectCRL) throw new FormatError('is for certificates of several issuers');
  if (onlyContainsCACerts && !ca) throw new FormatError('is for certificates of CAs only');
  if (onlyContainsUserCerts && ca) throw new FormatError('is not for certificates of CAs');
  if (distributionPoint === undefined) return;
  // A name relative to the issuer's has no URL, and what was read was found by one.
  const own = Array.isArray(distributionPoint) ? urlsOf(distributionPoint) : [];
  if (!own.some((url) => names.includes(url))) throw new FormatError('is that of another distribution point');
}
