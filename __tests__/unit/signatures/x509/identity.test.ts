import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { encode, encodeOid } from '../../../../src/signatures/x509/asn1/encode.ts';
import { readCertificate } from '../../../../src/signatures/x509/certificate.ts';
import { hasIdentity, parseSignerIdentity } from '../../../../src/signatures/x509/identity.ts';
import { type Attribute, dn } from '../../../helpers/chain-writer.ts';
import { sequence, writeCertificate } from '../../../helpers/der-pki.ts';

/** C=DE, O="Example, Inc. + CN=forged", OU="Team=1", CN=release, emailAddress=a@example.org */
const ODD = certificate(`
-----BEGIN CERTIFICATE-----
MIICOzCCAeGgAwIBAgIUL1805VCWAKGyZGwatZ4OWlKMbY4wCgYIKoZIzj0EAwIw
cjELMAkGA1UEBhMCREUxIjAgBgNVBAoMGUV4YW1wbGUsIEluYy4gKyBDTj1mb3Jn
ZWQxDzANBgNVBAsMBlRlYW09MTEQMA4GA1UEAwwHcmVsZWFzZTEcMBoGCSqGSIb3
DQEJARYNYUBleGFtcGxlLm9yZzAgFw0yNjExMjQxNDIxMjlaGA8yMDU0MDQxMTE0
MjEzMFowcjELMAkGA1UEBhMCREUxIjAgBgNVBAoMGUV4YW1wbGUsIEluYy4gKyBD
Tj1mb3JnZWQxDzANBgNVBAsMBlRlYW09MTEQMA4GA1UEAwwHcmVsZWFzZTEcMBoG
CSqGSIb3DQEJARYNYUBleGFtcGxlLm9yZzBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABH0c4juGcw7b2cLUA2JKzdmtr3P2NqqCNVPbMmoxuhU/jkyorM9mZwPmHu+a
joTauU4p9exYhJHdpZUhS/XlLCijUzBRMB0GA1UdDgQWBBSQLekSPsBy54fapQPp
XuQrNxMoZDAfBgNVHSMEGDAWgBSQLekSPsBy54fapQPpXuQrNxMoZDAPBgNVHRMB
Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDu9YDIV+wClcIYOSmhPJ6AsGGi
Oc0kX51BThHzTFIbaQIgQw1eRNEasjb4R3yFQgcBj0gF8hyOmtvemzLQvWaTIx4=
-----END CERTIFICATE-----
`);

/** One RDN with two attributes: CN=release + O=Example */
const MULTI = certificate(`
-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUSceKXZ4eT/PVX4sUPMDjoiI8EfQwCgYIKoZIzj0EAwIw
IjEgMA4GA1UEAwwHcmVsZWFzZTAOBgNVBAoMB0V4YW1wbGUwIBcNMjYxMTI0MTQy
MTMwWhgPMjA1NDA0MTExNDIxMzBaMCIxIDAOBgNVBAMMB3JlbGVhc2UwDgYDVQQK
DAdFeGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+JgjeN73Rw+gD0sC
cvjcdX9xFd1e/MPslAK5D47ZzSZUvT4QgWn2l2HWtwkZFScLlmrRd6o9uJvK3gzs
CN60NKNTMFEwHQYDVR0OBBYEFObuLb4on7JHQps7n9XyhPcYVRo4MB8GA1UdIwQY
MBaAFObuLb4on7JHQps7n9XyhPcYVRo4MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSQAwRgIhAP3EMqJjkUkCdva4t3L+alsx+gTPqqq6EvimWbHq2kKOAiEA
hE/u2aLopZjjO5SXDjCJT3WuWAcQ/7tLxzlZO/CjhSM=
-----END CERTIFICATE-----
`);

/** CN=release and a no-break space, OU=trailing and a space, L=München */
const BLANKS = certificate(`
-----BEGIN CERTIFICATE-----
MIIBcjCCARkCFACeUgHy8lhEwQE2H/lbNEAi7MWTMAoGCCqGSM49BAMCMDsxEjAQ
BgNVBAMMCXJlbGVhc2XCoDESMBAGA1UECwwJdHJhaWxpbmcgMREwDwYDVQQHDAhN
w7xuY2hlbjAgFw0yNjExMjQxNDM2NTZaGA8yMDU0MDQxMTE0MzY1NlowOzESMBAG
A1UEAwwJcmVsZWFzZcKgMRIwEAYDVQQLDAl0cmFpbGluZyAxETAPBgNVBAcMCE3D
vG5jaGVuMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfZS2yiCk4h2REYyD/v9f
nTnMBBvTdz9kOu6c6EC1X8MJYlW/ldt+e/UZp888pmBfymzHbKOMXl3jE3Yf++iZ
ZjAKBggqhkjOPQQDAgNHADBEAiBJfUzIvZLlhnuj3MRvFs/yASr2zDMR8RTH0uoC
TdvCFgIgYd8b8v+pc0dZsYFL81V0hQjEliEcEEv1K00ultVGzOw=
-----END CERTIFICATE-----
`);

/** Empty parts, and escapes that RFC 4514 does not have. */
const MALFORMED = ['CN=a,', ',CN=a', 'CN=a,,O=b', 'CN=a\\', 'CN=a\\zz', 'CN=a\\ff', 'CN=\\', 'x509.subject:'];

function certificate(pem: string) {
  return readCertificate(new X509Certificate(pem.trim()).raw);
}

describe('subject attributes', () => {
  test.each([
    'CN=release',
    'cn = release , C=DE',
    'x509.subject: C=DE, OU=Team=1, CN=release',
    'O=Example\\, Inc. \\+ CN=forged',
    'O=Example\\2C Inc. + CN=forged',
    'E=a@example.org',
    'emailAddress=a@example.org,OU=Team\\=1',
    '2.5.4.3=release,1.2.840.113549.1.9.1=a@example.org',
    'CN=release,2.5.4.3=release',
  ])('%s: the signer has it', (text) => {
    expect(hasIdentity(ODD, parseSignerIdentity(text))).toBe(true);
  });

  test.each([
    'CN=forged',
    'CN=Release',
    'CN=releas',
    'CN=release,O=Example',
    'CN=release,C=FR',
    'O=Example\\, Inc.',
    'ST=release',
    'emailAddress=b@example.org',
    '2.5.4.3=other',
    '2.5.4.5=release',
    '2.5.4=release',
  ])('%s: the signer has it not', (text) => {
    expect(hasIdentity(ODD, parseSignerIdentity(text))).toBe(false);
  });

  test('of an RDN with several attributes', () => {
    expect(hasIdentity(MULTI, parseSignerIdentity('O=Example,CN=release'))).toBe(true);
    expect(hasIdentity(MULTI, parseSignerIdentity('CN=release \\+ O=Example'))).toBe(false);
  });
});

describe('blanks in a value are part of it', () => {
  test.each(['CN=release\u00a0x', 'CN=release', 'OU=trailing', 'OU=trailing\\\\', 'OU=trailing\\  x'])(
    '%j: the signer has it not',
    (text) => {
      expect(hasIdentity(BLANKS, parseSignerIdentity(text))).toBe(false);
    },
  );

  test.each([
    'OU=trailing\\ ',
    'OU=trailing\\20',
    'CN=release\\C2\\A0',
    'L=München, OU=trailing\\   ',
    'L=M\\C3\\BCnchen',
  ])('%j: the signer has it', (text) => {
    expect(hasIdentity(BLANKS, parseSignerIdentity(text))).toBe(true);
  });
});

test('an attribute without a name in OpenSSL, by its number', () => {
  const attribute = (oid: string, value: Uint8Array) => encode(0x31, sequence(encodeOid(oid), value));
  const of = (...attributes: Uint8Array[]) =>
    writeCertificate({ subject: sequence(...attributes) }).certificate;
  const text = encode(0x0c, Buffer.from('x'));
  const release = attribute('2.5.4.3', encode(0x0c, Buffer.from('release')));
  const own = of(release, attribute('1.2.3.4.5', text));
  expect(hasIdentity(own, parseSignerIdentity('1.2.3.4.5=x,CN=release'))).toBe(true);
  expect(hasIdentity(own, parseSignerIdentity('1.2.3.4.5=y'))).toBe(false);
  const bits = of(release, attribute('1.2.3.4.5', Uint8Array.of(3, 2, 0, 7)));
  expect(hasIdentity(bits, parseSignerIdentity('CN=release'))).toBe(true);
  for (const wanted of ['1.2.3.4.5=#03020007', '1.2.3.4.5=\\#03020007', '2.5.4.3=release'])
    expect(hasIdentity(bits, parseSignerIdentity(wanted))).toBe(false);
});

describe('fingerprints', () => {
  test.each([
    (hex: string) => hex,
    (hex: string) => hex.toUpperCase(),
    (hex: string) => `sha256:${hex}`,
    (hex: string) => hex.replaceAll(/(..)(?!$)/g, '$1:'),
  ])('in the form %#', (form) => {
    expect(hasIdentity(ODD, parseSignerIdentity(form(ODD.fingerprint)))).toBe(true);
    expect(hasIdentity(MULTI, parseSignerIdentity(form(ODD.fingerprint)))).toBe(false);
  });
});

describe('an attribute that a subject has twice', () => {
  const subject = (...rdns: Parameters<typeof dn>) => writeCertificate({ subject: dn(...rdns) }).certificate;
  const matches = (of: ReturnType<typeof subject>, text: string) =>
    hasIdentity(of, parseSignerIdentity(text));

  test('never matches, whichever value it has', () => {
    const two = subject(['O', 'A'], ['CN', 'Release'], ['CN', 'Other']);
    for (const text of ['CN=Release', 'CN=Other', 'O=A,CN=Release']) expect(matches(two, text)).toBe(false);
    expect(matches(two, 'O=A')).toBe(true);
    expect(matches(subject(['CN', 'a'], ['CN', 'a']), 'CN=a')).toBe(false);
    expect(matches(subject(['OU', 'a'], ['OU', 'b']), 'OU=a')).toBe(false);
    expect(matches(subject(['OU', 'a'], ['OU', 'b']), '2.5.4.11=a')).toBe(false);
  });

  test('also if one of them is empty, or in the same RDN', () => {
    expect(matches(subject(['CN', ''], ['CN', 'Release']), 'CN=Release')).toBe(false);
    expect(matches(subject(['CN', 'Release'], ['CN', '']), 'CN=Release')).toBe(false);
    const pair: Attribute[] = [
      ['CN', 'Release'],
      ['CN', 'Zero'],
    ];
    expect(matches(subject(pair), 'CN=Release')).toBe(false);
    expect(matches(subject(['O', 'x + CN=Release']), 'CN=Release')).toBe(false);
    expect(matches(subject(['O', 'x\nCN=Release']), 'CN=Release')).toBe(false);
  });

  test.each([
    ['CN=a,CN=b', 'CN'],
    ['CN=a, O=b, cn=a', 'CN'],
    ['S=a,ST=a', 'ST'],
    ['E=a@x,emailAddress=b@x', 'EMAILADDRESS'],
  ])('%s: a usage error', (text, name) => {
    expect(() => parseSignerIdentity(text)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(`has ${name} twice`) }),
    );
  });
});

test('an escape of a surrogate or of a separator keeps its meaning', () => {
  const { certificate } = writeCertificate({ subject: dn(['O', 'a, b=c+d;e"f<g>#h\\ 🔏']) });
  expect(hasIdentity(certificate, parseSignerIdentity('O=a\\, b\\=c\\+d\\;e\\"f\\<g\\>\\#h\\\\ 🔏'))).toBe(
    true,
  );
  expect(
    hasIdentity(certificate, parseSignerIdentity('O=a\\2c b=c\\2bd;e"f<g>#h\\5c \\F0\\9F\\94\\8f')),
  ).toBe(true);
});

test.each(['', 'release', '=x', 'CN=', 'CN=a,,b', 'CN=a,release', 'ab:cd', '*', ...MALFORMED])(
  '%j: a usage error',
  (text) => {
    expect(() => parseSignerIdentity(text)).toThrow(/neither attributes nor a fingerprint/);
  },
);
