/** Certificate revocation lists. [RFC 5280, 5; notation-core-go revocation/internal/crl] */
import { type Enumerated, fromBER, Integer } from 'asn1js';
import { CertificateRevocationList, type Extension } from 'pkijs';
import { decoding, FormatError } from '../../../formats/format-error.ts';
import type { NotaryCertificate } from '../certificates/certificate.ts';
import { type CrlScope, checkScope } from './crl-scope.ts';
import { invalidityDate, refuseCritical } from './entry.ts';
import type { RevocationState } from './ocsp.ts';
import { contentOf, pointUrls } from './points.ts';
import { isSignedBy } from './signature.ts';

const CRL_NUMBER = '2.5.29.20';
const DELTA_INDICATOR = '2.5.29.27';
const ISSUING_POINT = '2.5.29.28';
const REASON = '2.5.29.21';
const FRESHEST_CRL = '2.5.29.46';
const CRL_SIGN = 6;
const ON_HOLD = 6;
const REMOVED = 8;

/** The clocks of those who sign lists may be ahead of ours by so much, milliseconds. */
const CLOCK_SKEW = 5 * 60 * 1000;

/** A list that was checked. */
export interface Crl {
  list: CertificateRevocationList;
  /** Of the changes since, as the list itself says. */
  deltaUrls: readonly string[];
}

/**
 * Reads a complete list and checks that the issuer signed it, that it is current, and that it is one for
 * the certificate in question.
 * @throws FormatError; the message completes "it …".
 */
export function readCrl(bytes: Uint8Array, issuer: NotaryCertificate, scope: CrlScope, now: Date): Crl {
  const list = readList(bytes, issuer, now);
  return decoding('cannot be read', () => {
    if (extensionOf(list, DELTA_INDICATOR) !== undefined) throw new FormatError('has only changes of a list');
    const point = extensionOf(list, ISSUING_POINT);
    if (point !== undefined) checkScope(contentOf(point), scope);
    const freshest = extensionOf(list, FRESHEST_CRL);
    const points = freshest === undefined ? [] : pointUrls(contentOf(freshest));
    return { list, deltaUrls: points.map(({ url }) => url) };
  });
}

/**
 * Reads the list of changes since `base`, which must be for the same certificates. [RFC 5280, 6.3.3 (c)]
 * @throws FormatError
 */
export function readDelta(bytes: Uint8Array, issuer: NotaryCertificate, base: Crl, now: Date): Crl {
  const list = readList(bytes, issuer, now);
  return decoding('cannot be read', () => {
    checkDelta(list, base.list);
    const scopes = [list, base.list].map((one) => {
      const point = extensionOf(one, ISSUING_POINT);
      return point === undefined ? '' : Buffer.from(contentOf(point)).toString('hex');
    });
    if (scopes[0] !== scopes[1]) throw new FormatError('is for other certificates than its list of changes');
    return { list, deltaUrls: [] };
  });
}

function readList(bytes: Uint8Array, issuer: NotaryCertificate, now: Date): CertificateRevocationList {
  const list = decoding('is not a revocation list', () =>
    CertificateRevocationList.fromBER(Uint8Array.from(bytes)),
  );
  const { basicConstraints, keyUsage } = issuer;
  if (basicConstraints?.isCa !== true || keyUsage?.bits.has(CRL_SIGN) === false) {
    throw new FormatError(`is of "${issuer.name}", which may not sign revocation lists`);
  }
  const named = Buffer.from(list.issuer.valueBeforeDecode).equals(issuer.subject);
  if (
    !named ||
    !isSignedBy(issuer, list.tbsView, list.signatureAlgorithm, list.signatureValue.valueBlock.valueHexView)
  ) {
    throw new FormatError('is not signed by the issuer of the certificate');
  }
  if (list.nextUpdate === undefined || now > list.nextUpdate.value) throw new FormatError('has expired');
  if (+list.thisUpdate.value > +now + CLOCK_SKEW) throw new FormatError('is from the future');
  refuseCritical(extensionsOf(list), [DELTA_INDICATOR, ISSUING_POINT]);
  return list;
}

/** @throws FormatError unless `delta` holds the changes since `base`. */
function checkDelta(delta: CertificateRevocationList, base: CertificateRevocationList): void {
  const number = numberOf(base, CRL_NUMBER);
  const since = numberOf(delta, DELTA_INDICATOR);
  const own = numberOf(delta, CRL_NUMBER);
  if (number === undefined || since === undefined || own === undefined || own <= number || since > number) {
    throw new FormatError('does not go with the list of changes that it names');
  }
}

/**
 * What the lists say of a certificate.
 * @param signingTime see `readOcspAnswer`
 * @throws FormatError
 */
export function stateIn(
  lists: readonly Crl[],
  { x509 }: NotaryCertificate,
  signingTime?: Date,
): Exclude<RevocationState, 'unknown'> {
  const serial = BigInt(`0x${x509.serialNumber}`);
  let temporary: { time: Date; reason: number } | undefined;
  for (const entry of lists.flatMap(({ list }) => list.revokedCertificates ?? [])) {
    if (entry.userCertificate.toBigInt() !== serial) continue;
    const extensions = entry.crlEntryExtensions?.extensions ?? [];
    refuseCritical(extensions);
    const invalid = invalidityDate(extensions);
    if (signingTime !== undefined && invalid !== undefined && signingTime < invalid) return 'good';
    const reason = reasonOf(extensions);
    if (reason !== ON_HOLD && reason !== REMOVED) return 'revoked';
    const time = entry.revocationDate.value;
    if (temporary === undefined || temporary.time < time) temporary = { time, reason };
  }
  return temporary?.reason === ON_HOLD ? 'revoked' : 'good';
}

function extensionsOf({ crlExtensions }: CertificateRevocationList): readonly Extension[] {
  return crlExtensions?.extensions ?? [];
}

function extensionOf(list: CertificateRevocationList, id: string): Extension | undefined {
  return extensionsOf(list).find(({ extnID }) => extnID === id);
}

function numberOf(list: CertificateRevocationList, id: string): bigint | undefined {
  const found = extensionOf(list, id);
  if (found === undefined) return undefined;
  const { result, offset } = fromBER(contentOf(found));
  return offset !== -1 && result instanceof Integer ? result.toBigInt() : undefined;
}

function reasonOf(extensions: readonly Extension[]): number | undefined {
  const found = extensions.find(({ extnID }) => extnID === REASON);
  if (found === undefined) return undefined;
  const { result } = fromBER(contentOf(found));
  return (result as Enumerated).valueBlock.valueDec;
}
