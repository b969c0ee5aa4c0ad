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
    { path: 'modules', mode: 0o040755 },
    { path: 'modules/a_ko', mode: 0o100644, content: Buffer.from('hello') },
    { path: 'modules/empty', mode: 0o100644 },
  ]);
  expect(archive.toString('latin1').replaceAll('\0', '.')).toBe(GNU);
});

test('a device has its numbers', () => {
  const archive = writeCpio([{ path: 'dev/console', mode: 0o020600, device: [5, 1] }]).toString('latin1');
  expect(archive.slice(0, 6 + 13 * 8)).toBe(
    `070701${['0', '2180', '0', '0', '1', '0', '0', '0', '0', '5', '1', 'C', '0'].map((n) => n.padStart(8, '0')).join('')}`,
  );
});
