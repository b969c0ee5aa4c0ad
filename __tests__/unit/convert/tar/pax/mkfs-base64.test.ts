import { expect, test } from '@jest/globals';
import {
  decodeBase64,
  decodeBase64Reversed,
  decodePercent,
} from '../../../../../src/convert/tar/pax/mkfs-base64.ts';

// The expected values follow from erofs-utils' own loops: lib/base64.c, and lib/tar.c of 1.8.10.
test.each([
  ['', '', ''],
  ['QQ==', 'A', undefined],
  ['QQ=', undefined, undefined],
  ['QUI=', 'AB', '\x10\x85'],
  ['QUJD', 'ABC', '\x10\x95\x0c'],
  ['QUJDRA==', 'ABCD', '\x10\x95\x0c\x11'],
  ['QQ', 'A', '\x10\x04'],
  ['QUI', 'AB', '\x10\x85'],
  ['QR', 'A\x01', '\x50\x04'],
  ['A', '', ''],
  ['B', '\x01', '\x01'],
  ['====', undefined, undefined],
  ['Q QQ', undefined, undefined],
  ['QQ\xc3\xa9', undefined, undefined],
])('base64 %j is %j, and reversed %j', (text, decoded, reversed) => {
  expect(decodeBase64(text)).toBe(decoded);
  expect(decodeBase64Reversed(text)).toBe(reversed);
});

test('all bytes that Node encodes are decoded, padded or not', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  for (const length of [253, 254, 255, 256]) {
    const part = bytes.subarray(256 - length);
    const text = part.toString('base64');
    expect(decodeBase64(text)).toBe(part.toString('latin1'));
    if (length === 255) expect(decodeBase64(text.replace(/=+$/, ''))).toBe(part.toString('latin1'));
  }
});

test.each([
  ['plain', 'plain'],
  ['a%41%4a%4Az', 'aAJJz'],
  ['%', '%'],
  ['%4', '%4'],
  ['%4g%%41', '%4g%A'],
  ['%00b', '\0b'],
  ['a\0%41', 'a'],
  ['%c3%A9\xff', '\xc3\xa9\xff'],
])('per cent: %j is %j', (text, decoded) => {
  expect(decodePercent(text)).toBe(decoded);
});
