import { sign } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { FormatError } from '../../../../../src/formats/format-error.ts';
import { readOcspAnswer } from '../../../../../src/signatures/notary/revocation/ocsp.ts';
import { ocspQuestion } from '../../../../../src/signatures/notary/revocation/ocsp-request.ts';
import { encode, encodeOid } from '../../../../../src/signatures/x509/asn1/encode.ts';
import {
  algorithm,
  CA_EXTENSIONS,
  type CertificateFields,
  extension,
  integer,
  type SignatureWish,
  sequence,
  time,
  type Written,
  writeCertificate,
} from '../../../../helpers/der-pki.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const ECDSA: SignatureWish = { oid: '1.2.840.10045.4.3.2', digest: 'sha256' };
const SHA1: SignatureWish = { oid: '1.2.840.10045.4.1', digest: 'sha1' };
const FOR_OCSP = extension('2.5.29.37', sequence(encodeOid('1.3.6.1.5.5.7.3.9')), true);
const UNKNOWN = extension('1.2.3.4', integer(1), true);

const ca = writeCertificate({ subject: 'ca', extensions: CA_EXTENSIONS });
const { certificate: leaf } = writeCertificate({ subject: 'leaf', issuer: ca, serial: [7] });
const question = ocspQuestion(leaf, ca.certificate);

function responder(fields: Partial<CertificateFields> = {}, ...extensions: Uint8Array[]): Written {
  return writeCertificate({ subject: 'ocsp', issuer: ca, extensions: [FOR_OCSP, ...extensions], ...fields });
}

interface Wish {
  /** Extensions of the response. */
  extensions?: Uint8Array[];
  /** Extensions of the answer in it. */
  ofAnswer?: Uint8Array[];
  signature?: SignatureWish;
}

/** Reads the answer `good`, signed by a certificate. */
function read(by: Written, { extensions = [], ofAnswer = [], signature = ECDSA }: Wish = {}): string {
  const list = (all: Uint8Array[]) => (all.length === 0 ? [] : [encode(0xa1, sequence(...all))]);
  const at = time('20260501000000Z');
  const next = encode(0xa0, time('20260701000000Z'));
  const answer = sequence(question.certId, encode(0x80), at, next, ...list(ofAnswer));
  const name = encode(0xa1, by.certificate.raw.subject);
  const data = sequence(name, at, sequence(answer), ...list(extensions));
  const value = encode(0x03, Uint8Array.of(0), sign(signature.digest, data, by.key));
  const certificates = encode(0xa0, sequence(by.certificate.der));
  const basic = sequence(data, algorithm(signature.oid), value, certificates);
  const typed = sequence(encodeOid('1.3.6.1.5.5.7.48.1.1'), encode(0x04, basic));
  const bytes = sequence(encode(0x0a, Uint8Array.of(0)), encode(0xa0, typed));
  return readOcspAnswer(bytes, question, NOW);
}

test.each<[string, Written, Wish?]>([
  ['the issuer', ca],
  ['a responder of the issuer', responder()],
  ['the issuer, with an extension', ca, { extensions: [extension('1.2.3.4', integer(1))] }],
])('a response of %s is accepted', (...[, by, wish]) => {
  expect(read(by, wish)).toBe('good');
});

test.each<[string, RegExp, Written, Wish?]>([
  ['of another CA', /not signed by the issuer or by a/, { ...ca, key: responder().key }],
  ['signed with SHA-1', /^is signed with SHA-1 with ECDSA, which is not accepted/, ca, { signature: SHA1 }],
  ['with a critical extension', /critical extension.*\(1\.2\.3\.4\)/, ca, { extensions: [UNKNOWN] }],
  ['with a critical one in the answer', /critical extension.*\(1\.2\.3\.4\)/, ca, { ofAnswer: [UNKNOWN] }],
  ['of a responder for another purpose', /has not authorised/, responder({ extensions: [] })],
  ['of an expired responder', /has not authorised/, responder({ dates: ['250101000000Z', '250601000000Z'] })],
  [
    'of a responder whose certificate is signed with SHA-1',
    /"CN=ocsp", whose certificate is signed with SHA-1 with ECDSA/,
    responder({
      signature: { algorithm: algorithm(SHA1.oid), sign: (body, key) => sign('sha1', body, key) },
    }),
  ],
  [
    'of a responder with a critical extension',
    /"CN=ocsp", whose certificate has a critical extension that is not understood \(1\.2\.3\.4\)/,
    responder({}, UNKNOWN),
  ],
])('a response %s is refused', (...[, message, by, wish]) => {
  expect(() => read(by, wish)).toThrow(message);
  expect(() => read(by, wish)).toThrow(FormatError);
});
