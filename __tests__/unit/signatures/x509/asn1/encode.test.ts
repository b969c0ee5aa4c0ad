import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDer } from '../../../../../src/signatures/x509/asn1/der.ts';
import { encode, encodeInteger, encodeOid } from '../../../../../src/signatures/x509/asn1/encode.ts';
import { bigIntegerOf, oidOf } from '../../../../../src/signatures/x509/asn1/values.ts';

test.each([
  [0, '0400'],
  [127, '047f'],
  [128, '048180'],
  [255, '0481ff'],
  [256, '04820100'],
  [65_536, '0483010000'],
])('a length of %i bytes', (length, header) => {
  const der = encode(0x04, Buffer.alloc(length));
  expect(der.subarray(0, header.length / 2).toString('hex')).toBe(header);
  expect(readDer(der).content.length).toBe(length);
});

describe('what is written is read', () => {
  test('object identifiers', () => {
    const arcs = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 8 });
    const oid = fc
      .tuple(fc.nat(2), fc.nat(39), arcs)
      .map(([first, second, rest]) => [first, second, ...rest].join('.'));
    fc.assert(
      fc.property(oid, (dotted) => expect(oidOf(readDer(encodeOid(dotted)))).toBe(dotted)),
      { seed: 3 },
    );
  });

  test('numbers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const value = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
        expect(bigIntegerOf(readDer(encodeInteger(bytes)))).toBe(value);
      }),
      { seed: 5 },
    );
  });
});

test.each([
  ['020100', 0n],
  ['02017f', 127n],
  ['020180', -128n],
  ['0201ff', -1n],
  ['02020080', 128n],
  ['0202ff7f', -129n],
])('bigIntegerOf %s is %s', (der, value) => {
  expect(bigIntegerOf(readDer(Buffer.from(der, 'hex')))).toBe(value);
});
