import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { kernelViolation } from '../../../../src/signatures/pkcs7/kernel-rules.ts';
import { readCertificate } from '../../../../src/signatures/x509/certificate.ts';

/** P-256 with all parameters of the curve written out instead of its name. */
const EXPLICIT = new X509Certificate(`
-----BEGIN CERTIFICATE-----
MIICbzCCAhWgAwIBAgIUDgQp9oxF07pYAx/7RPRDWerpC5wwCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIZXhwbGljaXQwHhcNMjYxMTI0MTQzNjU2WhcNMjcwMzA0MTQz
NjU2WjATMREwDwYDVQQDDAhleHBsaWNpdDCCAUswggEDBgcqhkjOPQIBMIH3AgEB
MCwGByqGSM49AQECIQD/////AAAAAQAAAAAAAAAAAAAAAP///////////////zBb
BCD/////AAAAAQAAAAAAAAAAAAAAAP///////////////AQgWsY12Ko6k+ez671V
dpiGvGUdBrDMU7D2O848PifSYEsDFQDEnTYIhucEk2pmeOETnSa3gZ9+kARBBGsX
0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivO
M1drMV7Oy7ZAaDe/UfUCIQD/////AAAAAP//////////vOb6racXnoTzucrC/GMl
UQIBAQNCAATPY+Vv/zOLiWhU5SXLuPQyZ+5NQmXzgh4/3He7D591BAYPd2R8HklM
cRJseVRaRoMbjM3RsSx/ZOsE6S3bW8wfo1MwUTAdBgNVHQ4EFgQUtvENmIQgjPJk
cV0VsGIXRq1cKTAwHwYDVR0jBBgwFoAUtvENmIQgjPJkcV0VsGIXRq1cKTAwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAsIQY7PnGGtcaORdT6u5U
8812Zj3n0sIKI7HbHScspMUCICDMwBmWTGUCaprznPbfbZ8RrYzBZLTIfj0ISt4Y
e+4U
-----END CERTIFICATE-----
`).raw;

test('a key on a curve without a name: OpenSSL knows it, the kernel does not', () => {
  const certificate = readCertificate(EXPLICIT);
  expect(certificate.x509.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(certificate.keyKind).toBeUndefined();
  expect(kernelViolation(certificate)).toMatch(/EC key whose curve is not named/);
});

describe('a validity that is not made of dates', () => {
  const times = [...EXPLICIT.toString('latin1').matchAll(/\d{12}Z/g)].map(({ index }) => index);

  test.each([
    ['letters for notBefore', times[0], 'zzzzzzzzzzzz'],
    ['a month 13 for notBefore', times[0], '251301000000'],
    ['letters for notAfter', times[1], '99999999999Z'],
  ])('%s: refused, for it would pass every comparison', (_what, at, text) => {
    const der = Buffer.from(EXPLICIT);
    der.write(text, at ?? 0, 'latin1');
    expect(() => readCertificate(der)).toThrow(/has a not(Before|After) that is not a date and time in UTC/);
  });
});
