/** Requests to OCSP responders. [RFC 6960, 4.1] */
import { createHash } from 'node:crypto';
import { readAlgorithm } from '../../x509/algorithms.ts';
import { type Element, readDer, sameBytes } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { encode, encodeOid } from '../../x509/asn1/encode.ts';
import { fieldsOf } from '../../x509/asn1/fields.ts';
import type { Certificate } from '../../x509/certificate.ts';

export interface OcspQuestion {
  certificate: Certificate;
  issuer: Certificate;
  /** The request, DER. */
  bytes: Uint8Array;
  /** CertID of the certificate, DER. */
  certId: Uint8Array;
}

const SHA1 = '1.3.14.3.2.26';

/**
 * OCSPRequest ::= SEQUENCE { tbsRequest SEQUENCE { requestList SEQUENCE OF SEQUENCE { reqCert CertID } } }.
 * It names the certificate by SHA-1 of its issuer, which every responder understands; it protects nothing.
 */
export function ocspQuestion(certificate: Certificate, issuer: Certificate): OcspQuestion {
  const certId = encode(
    TAG.sequence,
    encode(TAG.sequence, encodeOid(SHA1), encode(TAG.null)),
    encode(TAG.octetString, sha1(issuer.raw.subject)),
    encode(TAG.octetString, sha1(issuer.raw.publicKey)),
    certificate.raw.serial,
  );
  const requestList = encode(TAG.sequence, encode(TAG.sequence, certId));
  return { certificate, issuer, certId, bytes: encode(TAG.sequence, encode(TAG.sequence, requestList)) };
}

/** Whether a CertID names the certificate in question. Parameters of the hash algorithm may be absent or NULL. */
export function isAbout(certId: Element, question: OcspQuestion): boolean {
  const [found, wanted] = [certId, readDer(question.certId)].map(readCertId);
  return (
    found !== undefined &&
    wanted !== undefined &&
    found.algorithm === wanted.algorithm &&
    found.values.every((value, index) => sameBytes(value, wanted.values[index] ?? new Uint8Array()))
  );
}

/** CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }. */
function readCertId(element: Element): { algorithm: string; values: Uint8Array[] } {
  const fields = fieldsOf(element, 'the CertID');
  const algorithm = readAlgorithm(fields.takeAny(), 'the hash algorithm').oid;
  const nameHash = fields.take(TAG.octetString, 'name hash').content;
  const keyHash = fields.take(TAG.octetString, 'key hash').content;
  const serial = fields.take(TAG.integer, 'serial number').content;
  fields.end();
  return { algorithm, values: [nameHash, keyHash, serial] };
}

function sha1(bytes: Uint8Array): Buffer {
  return createHash('sha1').update(bytes).digest();
}
