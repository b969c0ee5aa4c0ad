import { expect, test } from '@jest/globals';
import { joined, scratch } from '../../../../../src/convert/tar/pax/text-copy.ts';

const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1');

test.each([
  [['name', '=', 'value']],
  [[]],
  [['', '']],
  [[BYTES, '=', BYTES]],
  [['a'.repeat(3_000_000), BYTES]],
])('the parts become one text, after larger and smaller ones', (parts) => {
  expect(joined(...parts)).toBe(parts.join(''));
});

test('a text stays as it is when the memory is used again', () => {
  const first = joined('first', BYTES);
  joined('again'.repeat(100));
  scratch(1000).fill(0);
  expect(first).toBe(`first${BYTES}`);
});
