import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { goViolation } from '../../../../../src/signatures/notary/certificates/go-form.ts';
import { checkSigningChain } from '../../../../../src/signatures/notary/certificates/signing-chain.ts';
import { encode, encodeOid } from '../../../../../src/signatures/x509/asn1/encode.ts';
import { dn, dns, ip, newKeys, uri } from '../../../../helpers/chain-writer.ts';
import {
  CA_EXTENSIONS,
  type CertificateFields,
  extension,
  sequence,
  writeCertificate,
} from '../../../../helpers/der-pki.ts';

const keys = newKeys();
const root = writeCertificate({ subject: 'root', extensions: CA_EXTENSIONS });
const issued = (fields: Partial<CertificateFields>) =>
  writeCertificate({ subject: 'leaf', issuer: root, keys, ...fields }).certificate;

const ID = encode(0x04, Buffer.from('identifier'));
const names = (...all: Uint8Array[]) => ({ extensions: [extension('2.5.29.17', sequence(...all))] });
const critical = (id: string, value: Uint8Array) => ({ extensions: [extension(id, value, true)] });
const subject = (text: string, tag: number) => ({ subject: dn(['CN', text, tag]) });

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const RSA_KEY = RSA.publicKey.export({ type: 'pkcs1', format: 'der' });
const rsaKey = (...parameters: Uint8Array[]) => ({
  keyInfo: sequence(
    sequence(encodeOid('1.2.840.113549.1.1.1'), ...parameters),
    encode(0x03, Uint8Array.of(0), RSA_KEY),
  ),
});

/** On P-256, by the parameters of the curve. [SEC 1, C.2] */
function explicitKey(): Buffer {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' });
  return publicKey.export({ type: 'spki', format: 'der' });
}

// All were given to x509.ParseCertificate of Go 1.26, with these outcomes.
test.each<[string, Partial<CertificateFields>]>([
  ['a plain certificate', {}],
  ['no name', { subject: sequence() }],
  ['UTF8String', subject('é_@', 0x0c)],
  ['PrintableString', subject("Aa0 '()+,-./:=?*&", 0x13)],
  ['T61String', subject('\xe9', 0x14)],
  ['IA5String', subject('a_@', 0x16)],
  ['NumericString', subject('0 1', 0x12)],
  ['BMPString', subject('é', 0x1e)],
  ['names of all kinds', names(dns('example.org'), uri('https://example.org/a?b=%zz'), ip(1, 2, 3, 4))],
  ['an address of version 6', names(ip(...new Array<number>(16).fill(1)))],
  ['a URI without a host', names(uri('urn:example:a%20b'))],
  ['an RSA key', rsaKey(encode(0x05))],
  ['identifiers', { extensions: [extension('2.5.29.14', ID)] }],
])('Go reads %s', (_what, fields) => {
  expect(goViolation(issued(fields))).toBeUndefined();
});

test.each<[string, string, Partial<CertificateFields>]>([
  ['PrintableString with _', 'a subject with a string that Go does not read', subject('a_b', 0x13)],
  ['PrintableString with @', 'a subject with a string that Go does not read', subject('a@b', 0x13)],
  ['IA5String of 8 bits', 'a subject with a string that Go does not read', subject('\xe9', 0x16)],
  ['NumericString with a letter', 'a subject with a string that Go does not read', subject('1a', 0x12)],
  ['UniversalString', 'a subject with a string that Go does not read', subject('\0\0\0a', 0x1c)],
  ['BMPString with a noncharacter', 'a subject with a string that Go does not read', subject('\ufffe', 0x1e)],
  ['a critical subjectKeyIdentifier', 'a critical subjectKeyIdentifier', critical('2.5.29.14', ID)],
  [
    'a critical authorityKeyIdentifier',
    'a critical authorityKeyIdentifier',
    critical('2.5.29.35', sequence(encode(0x80, Buffer.from('id')))),
  ],
  [
    'a critical authorityInfoAccess',
    'a critical authorityInfoAccess',
    critical('1.3.6.1.5.5.7.1.1', sequence(sequence(encodeOid('1.3.6.1.5.5.7.48.1'), uri('http://x/')))),
  ],
  ['an address of 3 bytes', 'a subjectAltName with an IP address of 3 bytes', names(ip(1, 2, 3))],
  ['a name of 8 bits', 'a subjectAltName that is not ASCII', names(dns('\xe9.org'))],
  ['a URI with a wrong escape', 'a subjectAltName with an invalid URI', names(uri('https://x/%zz'))],
  ['a URI with half an address', 'a subjectAltName with an invalid URI', names(uri('http://[::1'))],
  [
    'an EC key with the parameters of its curve',
    'an EC key with the parameters of its curve, not its name',
    { keyInfo: explicitKey() },
  ],
  ['an RSA key without NULL', 'an RSA key without NULL as its parameters', rsaKey()],
])('Go does not read %s', (_what, reason, fields) => {
  const certificate = issued(fields);
  expect(goViolation(certificate)?.what).toBe(
    `the certificate "${certificate.subject}" has ${reason}: notation cannot read it`,
  );
});

test('a chain for manifests is refused with such a certificate in it', () => {
  const usage = extension('2.5.29.15', encode(0x03, Uint8Array.of(7, 0x80)), true);
  const purpose = extension('2.5.29.37', sequence(encodeOid('1.3.6.1.5.5.7.3.3')));
  const authority = writeCertificate({
    subject: dn(['CN', 'a_b', 0x13]),
    extensions: [...CA_EXTENSIONS, extension('2.5.29.15', encode(0x03, Uint8Array.of(2, 0x04)), true)],
  });
  const leaf = writeCertificate({ subject: 'leaf', issuer: authority, extensions: [usage, purpose] });
  const chain = [leaf, authority].map(({ certificate }) => certificate.der);
  expect(() => checkSigningChain(chain, new Date('2026-01-01'))).toThrow(
    'has an issuer with a string that Go does not read: notation cannot read it',
  );
});
