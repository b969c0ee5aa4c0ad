import { describe, expect, test } from '@jest/globals';
import { chainFromDer } from '../../../../src/signatures/pkcs7/signing-chain.ts';
import { buildTrustPath } from '../../../../src/signatures/pkcs7/trust.ts';
import {
  alternativeNames,
  dns,
  nameConstraints,
  purposes,
  type Wanted,
  writeChain,
} from '../../../helpers/chain-writer.ts';
import { extension } from '../../../helpers/der-pki.ts';

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
