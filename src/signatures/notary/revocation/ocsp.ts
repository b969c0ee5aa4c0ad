/** Questions to and answers of OCSP responders. [RFC 6960; notation-core-go revocation/internal/ocsp] */
import { BasicOCSPResponse, Certificate, OCSPRequest, OCSPResponse, type SingleResponse } from 'pkijs';
import { decoding, FormatError } from '../../../formats/format-error.ts';
import { hasIssued, type NotaryCertificate, readNotaryCertificate } from '../certificates/certificate.ts';
import { invalidityDate, refuseCritical } from './entry.ts';
import { isSignedBy } from './signature.ts';

export type RevocationState = 'good' | 'revoked' | 'unknown';

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const DIGITAL_SIGNATURE = 0;
/** Responders' clocks may be ahead of ours by so much, milliseconds. */
const CLOCK_SKEW = 5 * 60 * 1000;
const MOST_CERTIFICATES = 8;
const FAILURES: Readonly<Record<number, string>> = {
  1: 'malformed request',
  2: 'internal error',
  3: 'try later',
  5: 'signature required',
  6: 'unauthorized',
};

export interface OcspQuestion {
  certificate: NotaryCertificate;
  issuer: NotaryCertificate;
  /** DER. */
  bytes: Uint8Array;
  request: OCSPRequest;
}

/** Names the certificate by SHA-1 of its issuer, which every responder understands; it protects nothing. */
export async function ocspQuestion(
  certificate: NotaryCertificate,
  issuer: NotaryCertificate,
): Promise<OcspQuestion> {
  const request = new OCSPRequest();
  await request.createForCertificate(Certificate.fromBER(Uint8Array.from(certificate.der)), {
    hashAlgorithm: 'SHA-1',
    issuerCertificate: Certificate.fromBER(Uint8Array.from(issuer.der)),
  });
  return { certificate, issuer, request, bytes: new Uint8Array(request.toSchema(true).toBER()) };
}

/**
 * What a responder says of the certificate. Its answer must be signed by the issuer, or by a
 * certificate for that purpose that the issuer issued, and be current.
 * @param signingTime that an authority vouches for: a revocation with a later invalidity date does not count
 * @throws FormatError if the answer is none that can be believed; the message completes "it …".
 */
export function readOcspAnswer(
  bytes: Uint8Array,
  question: OcspQuestion,
  now: Date,
  signingTime?: Date,
): RevocationState {
  const basic = decoding('is not an OCSP response', () => basicResponse(bytes));
  checkResponder(basic, question.issuer, now);
  const single = decoding('cannot be read', () => singleFor(basic, question));
  if (single.nextUpdate === undefined || now > single.nextUpdate) throw new FormatError('has expired');
  if (+single.thisUpdate > +now + CLOCK_SKEW) throw new FormatError('is from the future');
  const extensions = single.singleExtensions ?? [];
  refuseCritical(extensions);
  const status: unknown = single.certStatus?.idBlock?.tagNumber;
  if (status === 0) return 'good';
  if (status !== 1) return 'unknown';
  const invalid = invalidityDate([...extensions, ...(basic.tbsResponseData.responseExtensions ?? [])]);
  const before = signingTime !== undefined && invalid !== undefined && signingTime < invalid;
  return before ? 'good' : 'revoked';
}

function basicResponse(bytes: Uint8Array): BasicOCSPResponse {
  const response = OCSPResponse.fromBER(Uint8Array.from(bytes));
  const status = response.responseStatus.valueBlock.valueDec;
  if (status !== 0) throw new FormatError(`is a failure (${FAILURES[status] ?? `status ${status}`})`);
  if (response.responseBytes?.responseType !== BASIC_RESPONSE) throw new FormatError('is of an unknown type');
  return BasicOCSPResponse.fromBER(Uint8Array.from(response.responseBytes.response.valueBlock.valueHexView));
}

function checkResponder(basic: BasicOCSPResponse, issuer: NotaryCertificate, now: Date): void {
  const { tbsResponseData, signatureAlgorithm, signature } = basic;
  const content = tbsResponseData.tbsView;
  const value = signature.valueBlock.valueHexView;
  const signed = (one: NotaryCertificate): boolean => isSignedBy(one, content, signatureAlgorithm, value);
  if (signed(issuer)) return;
  const others = (basic.certs ?? [])
    .slice(0, MOST_CERTIFICATES)
    .map((certificate) =>
      decoding('holds a certificate that cannot be read', () =>
        readNotaryCertificate(new Uint8Array(certificate.toSchema().toBER())),
      ),
    );
  const responder = others.find(signed);
  if (responder === undefined) throw new FormatError('is not signed by the issuer or a responder of its');
  const { extendedKeyUsage, keyUsage, notBefore, notAfter } = responder;
  const fit =
    hasIssued(issuer, responder) &&
    extendedKeyUsage?.purposes.includes(OCSP_SIGNING) === true &&
    keyUsage?.bits.has(DIGITAL_SIGNATURE) !== false &&
    now >= notBefore &&
    now <= notAfter;
  if (!fit) throw new FormatError(`is signed by "${responder.name}", which the issuer has not authorised`);
}

function singleFor({ tbsResponseData }: BasicOCSPResponse, { request }: OcspQuestion): SingleResponse {
  const asked = request.tbsRequest.requestList[0]?.reqCert;
  const found = asked && tbsResponseData.responses.find(({ certID }) => certID.isEqual(asked));
  if (found === undefined) throw new FormatError('is about another certificate');
  return found;
}
