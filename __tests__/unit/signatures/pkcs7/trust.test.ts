import { describe, expect, test } from '@jest/globals';
import { chainFromDer } from '../../../../src/signatures/pkcs7/signing-chain.ts';
import { buildTrustPath } from '../../../../src/signatures/pkcs7/trust.ts';
import { encode } from '../../../../src/signatures/x509/asn1/encode.ts';
import {
  alternativeNames,
  caExtensions,
  directory,
  dns,
  nameConstraints,
  newKeys,
  purposes,
  type Wanted,
  writeChain,
} from '../../../helpers/chain-writer.ts';
import {
  extension,
  issuerKeyId,
  keyId,
  sequence,
  type Written,
  writeCertificate,
} from '../../../helpers/der-pki.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const SERVER = { extensions: [purposes(['serverAuth'])] };

/** The length of the path to the certificate at `anchor`, 0 for the leaf; or why there is none. */
function pathTo(anchor: number, leaf: Wanted, ...authorities: [Wanted, ...Wanted[]]): number | string {
  const chain = writeChain(leaf, ...authorities).map(({ certificate }) => certificate);
  const trusted = chain.slice(anchor, anchor + 1).map(({ der }) => der);
  try {
    return buildTrustPath(chain, trusted, NOW).length;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a trusted certificate in the middle of a chain', () => {
  test('what is above it has no say', () => {
    expect(pathTo(2, {}, SERVER, {})).toMatch(/"CN=CA 0" is for serverAuth/);
    expect(pathTo(1, {}, SERVER, {})).toBe(2);
    const outside = { extensions: [alternativeNames(dns('x.net'))] };
    const root = { extensions: [nameConstraints({ permitted: [dns('a.org')] })] };
    expect(pathTo(2, outside, root, {})).toMatch(/"CN=leaf" has the dNSName "x\.net", which/);
    expect(pathTo(1, outside, root, {})).toBe(2);
  });

  test('its own rules count', () => {
    expect(pathTo(1, {}, {}, SERVER)).toMatch(/"CN=CA 1" is for serverAuth/);
  });

  test('the signer itself: the rules for signers count, those of its issuers do not', () => {
    expect(pathTo(0, {}, SERVER)).toBe(1);
    expect(pathTo(0, SERVER, {})).toMatch(/"CN=leaf" is for serverAuth/);
  });
});

test('a critical subjectAltName is understood, an unknown extension is not', () => {
  const value = Uint8Array.of(0x30, 3, 0x82, 1, 0x61);
  expect(pathTo(1, { extensions: [extension('2.5.29.17', value, true)] }, {})).toBe(2);
  expect(pathTo(1, { extensions: [extension('1.2.3.4', value, true)] }, {})).toMatch(/not understood/);
});

describe("the kernel's way", () => {
  const [caKeys, leafKeys, oldKeys] = [newKeys(), newKeys(), newKeys()];
  const id = (value: number) => Uint8Array.of(value);
  const old = writeCertificate({
    subject: 'old root',
    keys: oldKeys,
    extensions: [...caExtensions(), keyId(id(2))],
  });
  const ca = (serial: number, issuer?: Written, ...extensions: Uint8Array[]) =>
    writeCertificate({
      subject: 'ca',
      keys: caKeys,
      serial: [serial],
      ...(issuer && { issuer }),
      extensions: [...caExtensions(), ...extensions],
    });
  const root = ca(1, undefined, keyId(id(1)));
  const renewed = ca(2, undefined, keyId(id(1)));
  const cross = ca(3, old, keyId(id(1)), issuerKeyId(id(2)));
  const crossAgain = ca(4, old, keyId(id(1)), issuerKeyId(id(2)));
  const number = [encode(0xa1, directory(['CN', 'ca'])), encode(0x82, id(1))];
  const leafOf = (...extensions: Uint8Array[]) =>
    writeCertificate({ subject: 'leaf', issuer: root, keys: leafKeys, serial: [9], extensions });
  const leaf = leafOf(issuerKeyId(id(1)));
  const numbered = leafOf(issuerKeyId(id(1), ...number));
  const lost = leafOf();

  const path = (embedded: Written[], trusted: Written[]): string[] =>
    buildTrustPath(
      embedded.map(({ certificate }) => certificate),
      trusted.map(({ certificate }) => certificate.der),
      NOW,
    ).map(({ raw }) => raw.serial.slice(2).join());

  test.each<[string, Written[], Written[], string[]]>([
    ['any certificate of the named key', [leaf], [renewed], ['9', '2']],
    ['the certificate of the named number', [numbered], [renewed, root], ['9', '1']],
    ['the signer itself', [lost], [lost], ['9']],
    ['the last issuer', [leaf, cross], [old], ['9', '3', '1']],
    ['an embedded certificate that is trusted', [leaf, cross], [cross], ['9', '3']],
    ['and the signer before all others', [leaf, cross], [leaf, old], ['9']],
    ['an embedded root that is trusted', [leaf, root], [root], ['9', '1']],
    ['an issuer that follows without a link', [lost, cross], [lost], ['9']],
  ])('ends at %s', (_what, embedded, trusted, expected) => {
    expect(path(embedded, trusted)).toEqual(expected);
  });

  test.each<[string, Written[], Written[]]>([
    ['the CA was renewed, and the old number is named', [numbered], [renewed]],
    ['the trusted CA has no key identifier', [leaf], [ca(5)]],
    ['no issuer is named', [lost], [root]],
    ['no issuer is named, and one is embedded', [lost, cross], [old, cross]],
    ['the embedded one is cross-signed by another root', [leaf, cross], [root]],
    ['the trusted one was issued again', [leaf, cross], [crossAgain]],
    ['another root of the same key is embedded', [leaf, root], [renewed]],
  ])('finds no trusted certificate: %s', (_what, embedded, trusted) => {
    expect(() => path(embedded, trusted)).toThrow(
      /does not lead to any trusted certificate on the kernel's way/,
    );
  });
});

test.each<[string, Wanted, [Wanted, ...Wanted[]]]>([
  ['a leaf', { extensions: [extension('2.5.29.32', sequence(), true)] }, [{}, {}]],
  ['an intermediate', {}, [{}, { extensions: [extension('2.5.29.32', sequence(), true)] }]],
  ['a root', {}, [{ extensions: [extension('2.5.29.32', sequence(), true)] }, {}]],
])('a critical extension that verify refuses is refused by sign: %s', (_what, leaf, authorities) => {
  expect(pathTo(authorities.length, leaf, ...authorities)).toMatch(/not understood \(2\.5\.29\.32\)/);
  const ders = writeChain(leaf, ...authorities).map(({ certificate }) => certificate.der);
  expect(() => chainFromDer(ders)).toThrow(/not understood \(2\.5\.29\.32\)/);
});

describe('self-issued CAs do not count towards a path length', () => {
  const SAME = { subject: 'CA 0' };
  test.each<[string, [Wanted, ...Wanted[]], number | RegExp]>([
    ['one self-issued CA below 0', [{ pathLength: 0 }, SAME], 3],
    ['two of them', [{ pathLength: 0 }, SAME, SAME], 4],
    [
      'another CA below 0',
      [{ pathLength: 0 }, {}],
      /"CN=CA 0" allows at most 0 CA certificates.*there are 1/,
    ],
    ['one of each below 0', [{ pathLength: 0 }, SAME, {}], /allows at most 0 CA certificates.*there are 1/],
    ['one of each below 1', [{ pathLength: 1 }, SAME, {}], 4],
    ['two others below 1', [{ pathLength: 1 }, {}, {}], /allows at most 1 CA certificates.*there are 2/],
  ])('%s', (_what, authorities, expected) => {
    const found = pathTo(authorities.length, {}, ...authorities);
    if (typeof expected === 'number') expect(found).toBe(expected);
    else expect(found).toMatch(expected);
    const ders = writeChain({}, ...authorities).map(({ certificate }) => certificate.der);
    if (typeof expected === 'number') expect(chainFromDer(ders).root).toBeDefined();
    else expect(() => chainFromDer(ders)).toThrow(expected);
  });
});
