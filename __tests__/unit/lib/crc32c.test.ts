import { expect, test } from '@jest/globals';
import { crc32c, crc32cRegister } from '../../../src/lib/crc32c.ts';

/** RFC 3720, B.4, and the usual check value. */
const KNOWN: [string, Buffer, number][] = [
  ['nothing', Buffer.alloc(0), 0],
  ['the check value', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['ascending', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ['descending', Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c],
];

test.each(KNOWN)('CRC-32C of %s', (_name, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
  expect(crc32cRegister(bytes)).toBe(~expected >>> 0);
});

test.each(KNOWN)('the register of %s is the complement, in one part or two', (_name, bytes, expected) => {
  const register = ~expected >>> 0;
  expect(crc32cRegister(bytes)).toBe(register);
  expect(crc32cRegister(bytes.subarray(5), crc32cRegister(bytes.subarray(0, 5)))).toBe(register);
});
