/** The form of OCSP responses. [RFC 6960, 4.2.1] */
import { FormatError } from '../../../formats/format-error.ts';
import { type AlgorithmIdentifier, readAlgorithm } from '../../x509/algorithms.ts';
import { childrenOf, type Element, readDer } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { Fields, fieldsOf, unwrap } from '../../x509/asn1/fields.ts';
import { readGeneralizedTime } from '../../x509/asn1/time.ts';
import { oidOf, smallIntegerOf, wholeBytesOf } from '../../x509/asn1/values.ts';
import { type ExtensionList, readExtensionList } from '../../x509/extensions.ts';
import { readName } from '../../x509/name.ts';

/** BasicOCSPResponse; nothing in it is trusted yet. */
export interface BasicResponse {
  /** The bytes that the signature covers. */
  signed: Uint8Array;
  signatureAlgorithm: AlgorithmIdentifier;
  signature: Uint8Array;
  /** DER, of responders. */
  certificates: readonly Uint8Array[];
  /** SingleResponses, for `readSingle`. */
  responses: readonly Element[];
  extensions: ExtensionList;
}

export interface SingleResponse {
  certId: Element;
  status: 'good' | 'revoked' | 'unknown';
  thisUpdate: Date;
  nextUpdate: Date | undefined;
  extensions: ExtensionList;
}

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';
const FAILURES: Readonly<Record<number, string>> = {
  1: 'malformed request',
  2: 'internal error',
  3: 'try later',
  5: 'signature required',
  6: 'unauthorized',
};
/** Tags of CertStatus: good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT NULL. */
const GOOD = 0x80;
const REVOKED = 0xa1;
const UNKNOWN = 0x82;

/**
 * OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, responseBytes [0] SEQUENCE { type, OCTET STRING } }.
 * @throws FormatError, also for a responder's failure.
 */
export function readBasicResponse(bytes: Uint8Array): BasicResponse {
  const response = fieldsOf(readDer(bytes), 'the response');
  const status = smallIntegerOf(response.take(TAG.enumerated, 'status'));
  if (status !== 0) {
    throw new FormatError(`reports a failure (${FAILURES[status ?? -1] ?? `status ${status}`})`);
  }
  const wrapper = response.take(TAG.context0, 'bytes');
  response.end();
  const typed = fieldsOf(unwrap(wrapper, TAG.sequence, 'the response'), 'the response bytes');
  if (oidOf(typed.takeAny()) !== BASIC_RESPONSE) throw new FormatError('has an unknown type');
  const content = typed.take(TAG.octetString, 'content').content;
  typed.end();
  return readBasic(fieldsOf(readDer(content), 'the basic response'));
}

/** SEQUENCE { tbsResponseData, signatureAlgorithm, signature, certs [0] SEQUENCE OF Certificate OPTIONAL }. */
function readBasic(basic: Fields): BasicResponse {
  const data = basic.take(TAG.sequence, 'data');
  const signatureAlgorithm = readAlgorithm(basic.takeAny(), 'the signature algorithm');
  const signature = wholeBytesOf(basic.take(TAG.bitString, 'signature'), 'a signature');
  const wrapper = basic.takeIf(TAG.context0);
  basic.end();
  const certificates = wrapper && childrenOf(unwrap(wrapper, TAG.sequence, 'the certificates'));
  return {
    signed: data.bytes,
    signatureAlgorithm,
    signature,
    certificates: certificates?.map((element) => element.bytes) ?? [],
    ...readData(new Fields(data, 'the response data')),
  };
}

/** SEQUENCE { version [0] DEFAULT v1, responderID, producedAt, responses, responseExtensions [1] OPTIONAL }. */
function readData(data: Fields): Pick<BasicResponse, 'responses' | 'extensions'> {
  data.takeIf(TAG.context0);
  checkResponder(data.takeAny());
  readGeneralizedTime(data.take(TAG.generalizedTime, 'time'), 'a time');
  const responses = childrenOf(data.take(TAG.sequence, 'responses'));
  const extensions = readExplicitExtensions(data.takeIf(TAG.context1));
  data.end();
  return { responses, extensions };
}

/**
 * SEQUENCE { certID, certStatus, thisUpdate, nextUpdate [0] OPTIONAL, singleExtensions [1] OPTIONAL }.
 * @throws FormatError
 */
export function readSingle(element: Element): SingleResponse {
  const fields = fieldsOf(element, 'an answer');
  const certId = fields.take(TAG.sequence, 'certificate');
  const status = statusOf(fields.takeAny());
  const thisUpdate = readGeneralizedTime(fields.take(TAG.generalizedTime, 'thisUpdate'), 'a thisUpdate');
  const next = fields.takeIf(TAG.context0);
  const extensions = readExplicitExtensions(fields.takeIf(TAG.context1));
  fields.end();
  const nextUpdate =
    next && readGeneralizedTime(unwrap(next, TAG.generalizedTime, 'the nextUpdate'), 'a nextUpdate');
  return { certId, status, thisUpdate, nextUpdate, extensions };
}

function statusOf(element: Element | undefined): SingleResponse['status'] {
  const empty = element?.content.length === 0;
  if (element?.tag === GOOD && empty) return 'good';
  if (element?.tag === UNKNOWN && empty) return 'unknown';
  if (element?.tag !== REVOKED) throw new FormatError('has a status of an unknown kind');
  const fields = new Fields(element, 'the RevokedInfo');
  readGeneralizedTime(fields.take(TAG.generalizedTime, 'time'), 'a revocation time');
  fields.takeIf(TAG.context0);
  fields.end();
  return 'revoked';
}

/** ResponderID ::= CHOICE { byName [1] Name, byKey [2] OCTET STRING }, EXPLICIT. */
function checkResponder(element: Element | undefined): void {
  if (element?.tag === TAG.context1) readName(unwrap(element, TAG.sequence, 'the responder').bytes);
  else if (element?.tag === TAG.context2) unwrap(element, TAG.octetString, 'the responder');
  else throw new FormatError('does not name its responder');
}

function readExplicitExtensions(wrapper: Element | undefined): ExtensionList {
  return readExtensionList(wrapper && unwrap(wrapper, TAG.sequence, 'the extensions'));
}
