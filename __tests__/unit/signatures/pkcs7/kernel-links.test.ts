import { describe, expect, test } from '@jest/globals';
import {
  hasIssuedForKernel,
  kernelChain,
  namesIssuer,
} from '../../../../src/signatures/pkcs7/kernel-links.ts';
import { encode } from '../../../../src/signatures/x509/asn1/encode.ts';
import { directory, newKeys } from '../../../helpers/chain-writer.ts';
import {
  CA_EXTENSIONS,
  extension,
  issuerKeyId,
  keyId,
  sequence,
  type Written,
  writeCertificate,
} from '../../../helpers/der-pki.ts';

const keys = newKeys();
const id = (value: number) => Uint8Array.of(value);
const ca = (serial: number, ...extensions: Uint8Array[]) =>
  writeCertificate({
    subject: 'ca',
    keys,
    serial: [serial],
    extensions: [...CA_EXTENSIONS, ...extensions],
  });
const first = ca(1, keyId(id(9)));
const renewed = ca(2, keyId(id(9)));
const bare = ca(3);
const leaf = (...extensions: Uint8Array[]) =>
  writeCertificate({ subject: 'leaf', issuer: first, serial: [7], extensions }).certificate;
const named = (serial: number, ...names: Uint8Array[]) => [
  encode(0xa1, ...(names.length === 0 ? [directory(['CN', 'ca'])] : names)),
  encode(0x82, id(serial)),
];
const authority = (...fields: Uint8Array[]) => extension('2.5.29.35', sequence(...fields));
const BY_KEY = issuerKeyId(id(9));

test.each<[string, Uint8Array[], Written, boolean]>([
  ['by key', [BY_KEY], first, true],
  ['by key, renewed', [BY_KEY], renewed, true],
  ['by key, the issuer has no identifier', [BY_KEY], bare, false],
  ['by another key', [issuerKeyId(id(8))], first, false],
  ['by number', [authority(...named(1))], first, true],
  ['by number, renewed', [authority(...named(1))], renewed, false],
  ['by key and number', [issuerKeyId(id(9), ...named(1))], first, true],
  ['by key and number, renewed', [issuerKeyId(id(9), ...named(1))], renewed, false],
  ['by another key and the number', [issuerKeyId(id(8), ...named(1))], first, false],
  ['by number alone, the issuer has no identifier', [authority(...named(3))], bare, true],
  ['by key and number, the issuer has no identifier', [issuerKeyId(id(9), ...named(3))], bare, false],
  ['by a number that none has', [authority(...named(4))], first, false],
  [
    'of two names the last counts',
    [authority(...named(1, directory(['CN', 'x']), directory(['CN', 'ca'])))],
    first,
    true,
  ],
  [
    'and not the first',
    [authority(...named(1, directory(['CN', 'ca']), directory(['CN', 'x'])))],
    first,
    false,
  ],
  ['a number without a name, and the key', [issuerKeyId(id(9), encode(0x82, id(4)))], first, true],
  [
    'a name without a number, and the key',
    [issuerKeyId(id(9), encode(0xa1, directory(['CN', 'x'])))],
    first,
    true,
  ],
  ['no authorityKeyIdentifier', [], first, false],
  ['an empty one', [authority()], first, false],
])('an issuer is named: %s', (_what, extensions, issuer, expected) => {
  expect(namesIssuer(leaf(...extensions), issuer.certificate)).toBe(expected);
  expect(hasIssuedForKernel(issuer.certificate, leaf(...extensions))).toBe(expected);
});

describe('the chain of a message', () => {
  const other = writeCertificate({ subject: 'other', serial: [1], extensions: [keyId(id(9))] }).certificate;

  test('goes to the first that is named, and ends at a self-signed one', () => {
    const own = leaf(BY_KEY);
    expect(kernelChain(own, [own, renewed.certificate, first.certificate])).toEqual([
      own,
      renewed.certificate,
    ]);
    expect(kernelChain(own, [own, bare.certificate])).toEqual([own]);
    expect(kernelChain(leaf(), [first.certificate])).toHaveLength(1);
  });

  test('is refused if that one has another name or key, or only half of what is named', () => {
    expect(() => kernelChain(leaf(BY_KEY), [other, first.certificate])).toThrow(
      /"CN=leaf" that names the certificate "CN=other".*did not issue/,
    );
    expect(() => kernelChain(leaf(issuerKeyId(id(8), ...named(1))), [first.certificate])).toThrow(
      /did not issue/,
    );
  });

  test('ends where it would come back', () => {
    const [a, b] = [newKeys(), newKeys()];
    const start = writeCertificate({ subject: 'b', keys: b });
    const ab = writeCertificate({
      subject: 'a',
      keys: a,
      issuer: start,
      extensions: [keyId(id(1)), issuerKeyId(id(2))],
    });
    const ba = writeCertificate({
      subject: 'b',
      keys: b,
      issuer: ab,
      extensions: [keyId(id(2)), issuerKeyId(id(1))],
    });
    const both = [ab.certificate, ba.certificate];
    expect(kernelChain(ab.certificate, both)).toEqual(both);
  });
});
