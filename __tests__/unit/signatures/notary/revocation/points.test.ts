import { expect, test } from '@jest/globals';
import { FormatError } from '../../../../../src/formats/format-error.ts';
import { pointUrls, revocationPoints } from '../../../../../src/signatures/notary/revocation/points.ts';
import { encode, encodeOid } from '../../../../../src/signatures/x509/asn1/encode.ts';
import { extension, sequence, writeCertificate } from '../../../../helpers/der-pki.ts';

const urls = (count: number) => Array.from({ length: count }, (_, index) => `http://example.org/${index}`);
const uri = (url: string) => encode(0x86, Buffer.from(url));
/** A distribution point for each URL. */
const points = (all: string[]) =>
  sequence(...all.map((url) => sequence(encode(0xa0, encode(0xa0, uri(url))))));
const responders = (all: string[]) =>
  sequence(...all.map((url) => sequence(encodeOid('1.3.6.1.5.5.7.48.1'), uri(url))));
const withExtension = (oid: string, value: Uint8Array) =>
  writeCertificate({ subject: 'leaf', extensions: [extension(oid, value)] }).certificate;

test('a certificate with more CRLs than are read is refused, as the last one may be the one that lists it', () => {
  const named = (count: number) => revocationPoints(withExtension('2.5.29.31', points(urls(count)))).crls;
  expect(named(8).map(({ url }) => url)).toEqual(urls(8));
  expect(() => named(9)).toThrow(new FormatError('names more than 8 CRLs'));
});

test('of OCSP responders and delta CRLs the first eight are read, as one suffices', () => {
  const { ocsp } = revocationPoints(withExtension('1.3.6.1.5.5.7.1.1', responders(urls(9))));
  expect(ocsp).toEqual(urls(8));
  expect(pointUrls(points(urls(9))).map(({ url }) => url)).toEqual(urls(8));
});
