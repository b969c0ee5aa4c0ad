import { expect, test } from '@jest/globals';
import { xxh32 } from '../../../../../../src/convert/erofs/native/image/xxh32.ts';

/** Values of the reference implementation. [xxHash, XXH32] */
test.each<[string, number, number]>([
  ['', 0, 0x02cc5d05],
  ['a', 0, 0x550d7456],
  ['abc', 0, 0x32d153ff],
  ['Nobody inspects the spammish repetition', 0, 0xe2293b2f],
])('of %j', (text, seed, hash) => {
  const bytes = Buffer.from(`zz${text}zz`, 'latin1');
  expect(xxh32(bytes, 2, 2 + text.length, seed)).toBe(hash);
});
