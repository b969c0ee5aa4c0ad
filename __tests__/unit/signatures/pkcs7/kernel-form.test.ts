import { createPublicKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { formViolation } from '../../../../src/signatures/pkcs7/kernel-form.ts';
import { kernelViolation } from '../../../../src/signatures/pkcs7/kernel-rules.ts';
import { encode, encodeBits, encodeOid } from '../../../../src/signatures/x509/asn1/encode.ts';
import { directory, dn, newKeys, uri } from '../../../helpers/chain-writer.ts';
import {
  CA_EXTENSIONS,
  type CertificateFields,
  extension,
  issuerKeyId,
  keyId,
  sequence,
  writeCertificate,
} from '../../../helpers/der-pki.ts';

const keys = newKeys();
const root = writeCertificate({ subject: 'root', extensions: CA_EXTENSIONS });
const bytes = (...all: number[]) => Uint8Array.from(all);
const issued = (fields: Partial<CertificateFields>) =>
  writeCertificate({ subject: 'leaf', issuer: root, keys, ...fields }).certificate;
const withExtension = (...extensions: Uint8Array[]) => ({ extensions });
const usage = (...content: number[]) => extension('2.5.29.15', encode(0x03, bytes(...content)));
const constraints = (...fields: Uint8Array[]) => extension('2.5.29.19', sequence(...fields));
const authority = (...fields: Uint8Array[]) => extension('2.5.29.35', sequence(...fields));
const SERIAL = encode(0x82, bytes(1));
const ROOT_NAME = directory(['CN', 'root']);

// All were given to add_key of Linux 6.18, which parses certificates as 6.12 does. Of a key identifier of 128
// bytes it keeps other bytes, and finds nothing by it.
describe('what the kernel parses', () => {
  test.each<[string, Partial<CertificateFields>]>([
    ['a plain certificate', {}],
    ['dates from 1970 on', { dates: ['700101000000Z', '491231235959Z'] }],
    ['GeneralizedTime from 2050 on', { dates: ['250101000000Z', '20500101000000Z'] }],
    ['the last date', { dates: ['250101000000Z', '99991231235959Z'] }],
    ['an attribute without text', { subject: dn(['CN', '']) }],
    ['a key identifier of one byte', withExtension(keyId(bytes(1)))],
    ['one of 127 bytes', withExtension(keyId(Buffer.alloc(127, 1)))],
    ['keyUsage without a bit', withExtension(usage(0, 0))],
    ['basicConstraints of a leaf', withExtension(constraints())],
    ['an empty authorityKeyIdentifier', withExtension(authority())],
    ['a key alone', withExtension(authority(encode(0x80, bytes(1))))],
    ['a name alone', withExtension(authority(encode(0xa1, ROOT_NAME)))],
    ['a URI', withExtension(authority(encode(0xa1, uri('http://x/')), SERIAL))],
    ['no names', withExtension(authority(encode(0xa1), SERIAL))],
  ])('%s', (_what, fields) => {
    expect(formViolation(issued(fields))).toBeUndefined();
    expect(kernelViolation(issued(fields))).toBeUndefined();
  });
});

describe('what it does not parse', () => {
  test.each<[string, Partial<CertificateFields>, RegExp]>([
    ['a date of 1969', { dates: ['691231235959Z', '450101000000Z'] }, /notBefore before 1970/],
    ['one of 1949', { dates: ['19491231235959Z', '450101000000Z'] }, /notBefore before 1970/],
    ['GeneralizedTime in 2049', { dates: ['250101000000Z', '20491231235959Z'] }, /notAfter before 2050/],
    ['and in 1970', { dates: ['19700101000000Z', '450101000000Z'] }, /notBefore before 2050/],
    ['an empty subject', { subject: sequence() }, /empty name.*as its subject/],
    ['an empty RDN', { subject: sequence(encode(0x31)) }, /empty part.*as its subject/],
    ['an empty key identifier', withExtension(keyId(bytes())), /subjectKeyIdentifier/],
    ['one of 128 bytes', withExtension(keyId(Buffer.alloc(128, 1))), /subjectKeyIdentifier/],
    ['one of 200 bytes', withExtension(keyId(Buffer.alloc(200, 1))), /subjectKeyIdentifier/],
    [
      'one of another type',
      withExtension(extension('2.5.29.14', encode(0x0c, bytes(65)))),
      /subjectKeyIdentifier/,
    ],
    ['keyUsage of no byte', withExtension(usage(0)), /keyUsage/],
    ['basicConstraints with FALSE', withExtension(constraints(encode(0x01, bytes(0)))), /basicConstraints/],
    ['a path length of no CA', withExtension(constraints(encode(0x02, bytes(0)))), /basicConstraints/],
    ['an unknown field', withExtension(authority(encode(0x83, bytes(1)))), /authorityKeyIdentifier/],
    [
      'fields in another order',
      withExtension(authority(SERIAL, encode(0x80, bytes(1)))),
      /authorityKeyIdentifier/,
    ],
    [
      'a field twice',
      withExtension(authority(encode(0x80, bytes(1)), encode(0x80, bytes(2)))),
      /authorityKeyIdentifier/,
    ],
    [
      'an empty directory name',
      withExtension(authority(encode(0xa1, encode(0xa4, sequence())), SERIAL)),
      /authorityKeyIdentifier/,
    ],
    [
      'a set',
      withExtension(extension('2.5.29.35', encode(0x31, encode(0x80, bytes(1))))),
      /authorityKeyIdentifier/,
    ],
  ])('%s', (_what, fields, reason) => {
    expect(formViolation(issued(fields))).toMatch(reason);
    expect(kernelViolation(issued(fields))).toMatch(/the kernel cannot parse it$/);
  });
});

test('an empty list of extensions is not read at all', () => {
  const { der } = writeCertificate({ subject: 'x', extensions: [usage(7, 0x80)] }).certificate;
  expect(Buffer.from(der).includes(usage(7, 0x80))).toBe(true);
  expect(() => writeCertificate({ subject: 'x', extensions: [new Uint8Array()] })).toThrow(
    /empty list of extensions/,
  );
});

describe('a certificate with its own name as issuer', () => {
  const twin = { subject: 'root', issuer: root, keys, serial: [5] };
  const own = bytes(7);
  const self = (...extensions: Uint8Array[]) =>
    writeCertificate({ subject: 'root', keys, serial: [5], extensions }).certificate;
  const number = (serial: number) => [encode(0xa1, ROOT_NAME), encode(0x82, bytes(serial))];
  const other = (...extensions: Uint8Array[]) => writeCertificate({ ...twin, extensions }).certificate;

  test.each([
    ['self-signed', self()],
    ['self-signed, by key', self(keyId(own), issuerKeyId(own))],
    ['self-signed, by number', self(authority(...number(5)))],
    ['self-signed, by both', self(keyId(own), issuerKeyId(own, ...number(5)))],
    ['self-signed, but another key is named', self(keyId(own), issuerKeyId(bytes(8)))],
    ['signed by the key that it names', other(keyId(own), issuerKeyId(bytes(8)))],
    ['the same without an own identifier', other(issuerKeyId(bytes(8)))],
  ])('%s: parsed', (_what, certificate) => {
    expect(formViolation(certificate)).toBeUndefined();
  });

  test.each([
    ['signed by another key, and none is named', other(keyId(own))],
    ['an empty authorityKeyIdentifier', other(keyId(own), authority())],
    ['its own key is named', other(keyId(own), issuerKeyId(own))],
    ['its own number is named', other(keyId(own), authority(...number(5)))],
    ['its own key, another number', self(keyId(own), issuerKeyId(own, ...number(6)))],
    ['another key, its own number', self(keyId(own), issuerKeyId(bytes(8), ...number(5)))],
  ])('%s: not parsed', (_what, certificate) => {
    expect(formViolation(certificate)).toMatch(/names itself as its issuer.*cannot parse it$/);
  });
});

test.each<[string, (x: Buffer, y: Buffer) => Uint8Array[]]>([
  ['compressed', (x, y) => [bytes(2 + ((y.at(-1) ?? 0) & 1)), x]],
  ['hybrid', (x, y) => [bytes(6 + ((y.at(-1) ?? 0) & 1)), x, y]],
])('a point that is %s: OpenSSL knows it, the kernel and Go do not', (_what, write) => {
  const { x = '', y = '' } = keys.publicKey.export({ format: 'jwk' });
  const point = Buffer.concat(write(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')));
  const curve = sequence(encodeOid('1.2.840.10045.2.1'), encodeOid('1.2.840.10045.3.1.7'));
  const keyInfo = sequence(curve, encodeBits(point));
  expect(createPublicKey({ key: keyInfo, format: 'der', type: 'spki' }).equals(keys.publicKey)).toBe(true);
  const certificate = issued({ keyInfo });
  expect(certificate.keyKind).toBeUndefined();
  expect(kernelViolation(certificate)).toMatch(/EC key whose point is compressed or hybrid/);
});
