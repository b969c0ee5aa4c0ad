import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  goKeyViolation,
  goSignatureViolation,
} from '../../../../../src/signatures/notary/certificates/go-algorithms.ts';
import { encode, encodeOid } from '../../../../../src/signatures/x509/asn1/encode.ts';
import { newKeys } from '../../../../helpers/chain-writer.ts';
import { integer, sequence, writeCertificate } from '../../../../helpers/der-pki.ts';
import { NULL, type PssFields, pssAlgorithm } from '../../../../helpers/rsa-pss.ts';

const keys = newKeys();
const SHA1 = '1.3.14.3.2.26';
const SHA384 = '2.16.840.1.101.3.4.2.2';
const SHA512 = '2.16.840.1.101.3.4.2.3';

const violation = (algorithm: Uint8Array) =>
  goSignatureViolation(writeCertificate({ subject: 'leaf', keys, signature: { algorithm } }).certificate);

test.each<[string, PssFields]>([
  ['SHA-256', {}],
  ['SHA-384', { hash: SHA384, salt: [integer(48)] }],
  ['SHA-512', { hash: SHA512, salt: [integer(64)] }],
  ['hash algorithms without NULL', { hashParameters: [] }],
  ['the trailer written out', { trailer: [integer(1)] }],
])('Go verifies RSASSA-PSS with %s', (_what, fields) => {
  expect(violation(pssAlgorithm(fields))).toBeUndefined();
});

test.each<[string, Uint8Array]>([
  ['SHA-1', pssAlgorithm({ hash: SHA1, salt: [integer(20)] })],
  ['SHA-512/256', pssAlgorithm({ hash: '2.16.840.1.101.3.4.2.6' })],
  ['a salt of 20', pssAlgorithm({ salt: [integer(20)] })],
  ['a salt of 32 for SHA-512', pssAlgorithm({ hash: SHA512 })],
  ['the default salt', pssAlgorithm({ salt: [] })],
  ['MGF1 with SHA-1', pssAlgorithm({ maskHash: SHA1 })],
  ['another mask generation function', pssAlgorithm({ mask: '1.2.840.113549.1.1.9' })],
  ['a hash with other parameters', pssAlgorithm({ hashParameters: [integer(1)] })],
  ['another trailer', pssAlgorithm({ trailer: [integer(2)] })],
  ['no parameters', sequence(encodeOid('1.2.840.113549.1.1.10'))],
  ['NULL', sequence(encodeOid('1.2.840.113549.1.1.10'), NULL)],
  ['no field', sequence(encodeOid('1.2.840.113549.1.1.10'), sequence())],
])('Go does not verify RSASSA-PSS with %s', (_what, algorithm) => {
  expect(violation(algorithm)).toEqual({
    what: 'the certificate "CN=leaf" is signed by RSASSA-PSS with unusual parameters: notation cannot verify it',
    remedy: expect.stringContaining('a salt as long as the digest'),
  });
});

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 });
const MODULUS = Buffer.from(RSA.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');
const rsaKey = (oid: string, exponent: number[]) => ({
  keyInfo: sequence(
    sequence(encodeOid(oid), NULL),
    encode(0x03, Uint8Array.of(0), sequence(integer(0, ...MODULUS), integer(...exponent))),
  ),
});

test.each<[string, string, number[], string | undefined]>([
  ['the exponent 3', '1.2.840.113549.1.1.1', [3], undefined],
  ['the exponent 2^31 - 1', '1.2.840.113549.1.1.1', [0x7f, 0xff, 0xff, 0xff], undefined],
  [
    'the exponent 2^31 + 1',
    '1.2.840.113549.1.1.1',
    [0, 0x80, 0, 0, 1],
    'an RSA key with the exponent 2147483649',
  ],
  [
    'an exponent of 65 bits',
    '1.2.840.113549.1.1.1',
    [1, 0, 0, 0, 0, 0, 0, 0, 1],
    'an RSA key with the exponent 18446744073709551617',
  ],
  ['the older name of RSA', '2.5.8.1.1', [3], 'a key for the algorithm 2.5.8.1.1'],
])('an RSA key with %s', (_what, oid, exponent, reason) => {
  const { certificate } = writeCertificate({ subject: 'leaf', keys, ...rsaKey(oid, exponent) });
  const expected = `the certificate "CN=leaf" has ${reason}: notation cannot verify with it`;
  expect(goKeyViolation(certificate)?.what).toBe(reason && expected);
});

test.each([
  ['P-256', newKeys(), undefined],
  ['Ed25519', generateKeyPairSync('ed25519'), undefined],
  ['RSASSA-PSS', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }), 'a key for RSASSA-PSS'],
  ['Ed448', generateKeyPairSync('ed448'), 'a key for Ed448'],
])('a key for %s', (_what, pair, reason) => {
  const keyInfo = pair.publicKey.export({ type: 'spki', format: 'der' });
  const { certificate } = writeCertificate({ subject: 'leaf', keys, keyInfo });
  const expected = `the certificate "CN=leaf" has ${reason}: notation cannot verify with it`;
  expect(goKeyViolation(certificate)?.what).toBe(reason && expected);
});
