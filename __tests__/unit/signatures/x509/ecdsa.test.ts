import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkEcdsaDer, derToP1363, p1363ToDer } from '../../../../src/signatures/x509/ecdsa.ts';

const CURVES = [
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
] as const;

describe.each(CURVES)('%s', (namedCurve, size) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });

  test('a converted signature verifies and passes the check', () => {
    for (let round = 0; round < 40; round++) {
      const content = Buffer.from(`content ${round}`);
      const fixed = sign('sha256', content, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const der = p1363ToDer(fixed, size);
      checkEcdsaDer(der, size);
      expect(verify('sha256', content, { key: publicKey, dsaEncoding: 'der' }, der)).toBe(true);
    }
  });

  test('any two numbers survive the conversion', () => {
    const half = fc.uint8Array({ minLength: size, maxLength: size }).filter((bytes) => bytes.some(Boolean));
    fc.assert(
      fc.property(half, half, (r, s) => {
        const der = p1363ToDer(Buffer.concat([r, s]), size);
        checkEcdsaDer(der, size);
        const start = der[1] === 0x81 ? 3 : 2;
        const lengthOfR = der[start + 1] ?? 0;
        const back = [der.subarray(start + 2, start + 2 + lengthOfR), der.subarray(start + 4 + lengthOfR)];
        expect(Buffer.from(derToP1363(der, size)).equals(Buffer.concat([r, s]))).toBe(true);
        expect(back.map((bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`))).toEqual(
          [r, s].map((bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)),
        );
      }),
      { seed: 11 },
    );
  });

  test('wrong lengths and zeros are refused', () => {
    for (const length of [0, size, 2 * size - 1, 2 * size + 1]) {
      expect(() => p1363ToDer(Buffer.alloc(length, 1), size)).toThrow(/bytes instead of/);
    }
    const zeroS = Buffer.concat([Buffer.alloc(size, 1), Buffer.alloc(size)]);
    expect(() => p1363ToDer(zeroS, size)).toThrow(/zero/);
  });
});

test.each([
  ['a third number', '3009 020101 020101 020101', /more fields/],
  ['a negative number', '3006 0201ff 020101', /has an r that is out of range/],
  ['zero', '3006 020101 020100', /has an s that is out of range/],
  ['one number', '3003 020101', /lacks the s/],
  ['a SET', '3106 020101 020101', /no SEQUENCE/],
  ['trailing bytes', '3006 020101 020101 00', /trailing/],
  [
    'a number longer than the curve',
    `3026 0221 01${'00'.repeat(32)} 020101`,
    /has an r that is out of range/,
  ],
])('checkEcdsaDer refuses %s', (_name, hex, reason) => {
  expect(() => checkEcdsaDer(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 32)).toThrow(reason);
});
