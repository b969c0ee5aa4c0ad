/** Rules for certificate revocation lists. [RFC 5280, 5 and 6.3.3; notation-core-go revocation/internal/crl] */
import { FormatError, readAs } from '../../../formats/format-error.ts';
import { readDer, sameBytes } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { bigIntegerOf, smallIntegerOf } from '../../x509/asn1/values.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { sameName } from '../../x509/constraints/directory-name.ts';
import { type ExtensionList, KEY_USAGE } from '../../x509/extensions.ts';
import { algorithmViolation, isSignedBy } from '../../x509/signature.ts';
import { type CertificateList, entriesFor, readCertificateList } from './crl-list.ts';
import { ALL_REASONS, type CrlScope, checkScope } from './crl-scope.ts';
import { checkCurrent } from './current.ts';
import { invalidityDate, refuseCritical } from './entry-extensions.ts';
import type { RevocationState } from './ocsp.ts';
import { pointUrls } from './points.ts';

const CRL_NUMBER = '2.5.29.20';
const REASON = '2.5.29.21';
const DELTA_INDICATOR = '2.5.29.27';
const ISSUING_POINT = '2.5.29.28';
const FRESHEST_CRL = '2.5.29.46';
/** CRLReason: certificateHold and removeFromCRL. */
const ON_HOLD = 6;
const REMOVED = 8;

/** A list that was checked. */
export interface Crl {
  list: CertificateList;
  /** Where its delta CRLs are, as the list itself says. */
  deltaUrls: readonly string[];
  /** Reasons for revocation that it covers, as bits of ReasonFlags. */
  reasons: ReadonlySet<number>;
}

/**
 * Reads a complete list and checks that the issuer signed it, that it is current, and that it covers the
 * certificate in question.
 * @throws FormatError; its subject is the CRL.
 */
export function readCrl(bytes: Uint8Array, issuer: Certificate, scope: CrlScope, now: Date): Crl {
  const list = readList(bytes, issuer, now);
  const { extensions } = list;
  if (extensions.has(DELTA_INDICATOR)) throw new FormatError('is a delta CRL, not a complete one');
  const point = extensions.get(ISSUING_POINT);
  const reasons = point === undefined ? ALL_REASONS : checkScope(point.value, scope);
  const freshest = extensions.get(FRESHEST_CRL);
  const points = freshest === undefined ? [] : pointUrls(freshest.value);
  return { list, deltaUrls: points.map(({ url }) => url), reasons };
}

/**
 * Reads the delta CRL with the changes since `base`, which must cover the same certificates.
 * [RFC 5280, 6.3.3 (c)]
 * @throws FormatError; its subject is the delta CRL.
 */
export function readDelta(bytes: Uint8Array, issuer: Certificate, base: Crl, now: Date): Crl {
  const list = readList(bytes, issuer, now);
  const number = numberOf(base.list.extensions, CRL_NUMBER);
  const since = numberOf(list.extensions, DELTA_INDICATOR);
  const own = numberOf(list.extensions, CRL_NUMBER);
  if (since === undefined) throw new FormatError('is not a delta CRL');
  // Lists that are issued together have the same number, and must not contradict each other. [RFC 5280, 5.2.3]
  if (number === undefined || own === undefined || own < number || since > number) {
    throw new FormatError('is a delta CRL that does not match its base');
  }
  const [scope, baseScope] = [list, base.list].map(({ extensions }) => extensions.get(ISSUING_POINT)?.value);
  if (!sameBytes(scope ?? new Uint8Array(), baseScope ?? new Uint8Array())) {
    throw new FormatError('is a delta CRL that covers other certificates than its base');
  }
  return { list, deltaUrls: [], reasons: base.reasons };
}

/**
 * What the lists say of a certificate.
 * @param lists A complete list, and its delta CRL if it has one.
 * @param signingTime See `readOcspAnswer`.
 * @throws FormatError
 */
export function stateIn(
  lists: readonly Crl[],
  { raw }: Certificate,
  signingTime?: Date,
): Exclude<RevocationState, 'unknown'> {
  let temporary: { list: CertificateList; time: Date; reason: number } | undefined;
  for (const { list } of lists) {
    for (const { revocationDate: time, extensions } of entriesFor(list, raw.serial)) {
      refuseCritical(extensions);
      const invalid = invalidityDate(extensions);
      if (signingTime !== undefined && invalid !== undefined && signingTime < invalid) continue;
      const reason = reasonOf(extensions);
      if (reason !== ON_HOLD && reason !== REMOVED) return 'revoked';
      // Of entries with one date, that of the delta CRL is the newer one.
      const sameList = temporary?.list === list;
      const older = temporary && (sameList ? time <= temporary.time : time < temporary.time);
      if (older !== true) temporary = { list, time, reason };
    }
  }
  return temporary?.reason === ON_HOLD ? 'revoked' : 'good';
}

function readList(bytes: Uint8Array, issuer: Certificate, now: Date): CertificateList {
  const list = readAs('a CRL', () => readCertificateList(bytes));
  const { basicConstraints, keyUsage } = issuer.extensions;
  if (basicConstraints?.isCa !== true || keyUsage?.bits.has(KEY_USAGE.crlSign) === false) {
    throw new FormatError(`is signed by "${issuer.subject}", which may not sign CRLs`);
  }
  const refused = algorithmViolation(list.signatureAlgorithm);
  if (refused !== undefined) throw new FormatError(refused);
  const signed =
    sameName(list.issuer, issuer.raw.subject) &&
    isSignedBy(issuer, list.signed, list.signatureAlgorithm, list.signature);
  if (!signed) throw new FormatError('is not signed by the issuer of the certificate');
  checkCurrent(list, now);
  refuseCritical(list.extensions, [DELTA_INDICATOR, ISSUING_POINT]);
  return list;
}

/** The INTEGER in an extension; `undefined` without the extension or for another type. */
function numberOf(extensions: ExtensionList, id: string): bigint | undefined {
  const found = extensions.get(id);
  const element = found && readDer(found.value);
  return element?.tag === TAG.integer ? bigIntegerOf(element) : undefined;
}

function reasonOf(extensions: ExtensionList): number | undefined {
  const found = extensions.get(REASON);
  if (found === undefined) return undefined;
  const element = readDer(found.value);
  const reason = element.tag === TAG.enumerated ? smallIntegerOf(element) : undefined;
  if (reason === undefined) throw new FormatError('has a reason that is not a number');
  return reason;
}
