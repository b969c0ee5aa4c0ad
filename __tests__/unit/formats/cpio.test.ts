import { expect, test } from '@jest/globals';
import { writeCpio } from '../../../src/formats/cpio.ts';

/** What `cpio --create --format=newc --reproducible` of GNU cpio 2.13 writes, with `.` for NUL and in lines. */
const GNU = [
  '07070100000000000041ED000000000000000000000002000000000000000000000000000000000000000000000000000000',
  '0800000000modules...07070100000001000081A40000000000000000000000010000000000000005000000000000000000',
  '000000000000000000000D00000000modules/a_ko..hello...07070100000002000081A400000000000000000000000100',
  '00000000000000000000000000000000000000000000000000000E00000000modules/empty.070701000000000000000000',
  '00000000000000000000010000000000000000000000000000000000000000000000000000000B00000000TRAILER!!!....',
  '............',
].join('');

test('the bytes of GNU cpio', () => {
  const archive = writeCpio([
    { path: 'modules', content: undefined },
    { path: 'modules/a_ko', content: Buffer.from('hello') },
    { path: 'modules/empty', content: Buffer.alloc(0) },
  ]);
  expect(archive.toString('latin1').replaceAll('\0', '.')).toBe(GNU);
});
