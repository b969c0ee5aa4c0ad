/** Answers of OCSP responders. [RFC 6960; notation-core-go revocation/internal/ocsp] */
import { FormatError, readAs, readPart } from '../../../formats/format-error.ts';
import { type Certificate, readCertificate } from '../../x509/certificate.ts';
import { hasIssued } from '../../x509/chain.ts';
import { criticalExtensionViolation, KEY_USAGE } from '../../x509/extensions.ts';
import { algorithmViolation, isSignedBy } from '../../x509/signature.ts';
import { checkCurrent } from './current.ts';
import { invalidityDate, refuseCritical } from './entry-extensions.ts';
import { isAbout, type OcspQuestion } from './ocsp-request.ts';
import { type BasicResponse, readBasicResponse, readSingle, type SingleResponse } from './ocsp-response.ts';

export type RevocationState = 'good' | 'revoked' | 'unknown';

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const MAX_CERTIFICATES = 8;

/**
 * What a responder says of the certificate. Its answer must be signed by the issuer, or by a
 * certificate for that purpose that the issuer issued, and be current.
 * @param signingTime Vouched for by an authority: a revocation with a later invalidity date does not count.
 * @throws FormatError if the answer is not valid; its subject is the response.
 */
export function readOcspAnswer(
  bytes: Uint8Array,
  question: OcspQuestion,
  now: Date,
  signingTime?: Date,
): RevocationState {
  const basic = readAs('a usable OCSP response', () => readBasicResponse(bytes));
  checkResponder(basic, question.issuer, now);
  refuseCritical(basic.extensions);
  const single = singleFor(basic, question);
  checkCurrent(single, now);
  const { extensions, status } = single;
  refuseCritical(extensions);
  if (status !== 'revoked') return status;
  const invalid = invalidityDate(extensions) ?? invalidityDate(basic.extensions);
  const before = signingTime !== undefined && invalid !== undefined && signingTime < invalid;
  return before ? 'good' : 'revoked';
}

function checkResponder(basic: BasicResponse, issuer: Certificate, now: Date): void {
  const { signed, signatureAlgorithm, signature } = basic;
  const refused = algorithmViolation(signatureAlgorithm);
  if (refused !== undefined) throw new FormatError(refused);
  const hasSigned = (one: Certificate): boolean => isSignedBy(one, signed, signatureAlgorithm, signature);
  if (hasSigned(issuer)) return;
  const responder = basic.certificates
    .slice(0, MAX_CERTIFICATES)
    .map((der) => readPart('a certificate', () => readCertificate(der)))
    .find(hasSigned);
  if (responder === undefined) {
    throw new FormatError('is not signed by the issuer or by a responder that it authorised');
  }
  const { extendedKeyUsage, keyUsage } = responder.extensions;
  const authorised =
    hasIssued(issuer, responder) &&
    extendedKeyUsage?.purposes.includes(OCSP_SIGNING) === true &&
    keyUsage?.bits.has(KEY_USAGE.digitalSignature) !== false &&
    now >= responder.notBefore &&
    now <= responder.notAfter;
  if (!authorised) {
    throw new FormatError(`is signed by "${responder.subject}", which the issuer has not authorised`);
  }
  const violation = criticalExtensionViolation(responder) ?? algorithmViolation(responder.signatureAlgorithm);
  if (violation !== undefined) {
    throw new FormatError(`is signed by "${responder.subject}", whose certificate ${violation}`);
  }
}

function singleFor({ responses }: BasicResponse, question: OcspQuestion): SingleResponse {
  const found = responses.map(readSingle).find(({ certId }) => isAbout(certId, question));
  if (found === undefined) throw new FormatError('is about another certificate');
  return found;
}
