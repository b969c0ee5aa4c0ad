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

const HEADER = 110;

/** Reads an archive as the kernel does: numbers of eight hexadecimal digits, parts at multiples of four. */
function read(archive: Buffer) {
  const entries: { path: string; mode: number; content: string; device: number[] }[] = [];
  for (let at = 0; ; ) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const fields = [...Array(13).keys()].map((index) => {
      const from = at + 6 + 8 * index;
      return Number.parseInt(archive.toString('latin1', from, from + 8), 16);
    });
    const [, mode = 0, , , , , size = 0, , , major = 0, minor = 0, nameLength = 0] = fields;
    const path = archive.toString('latin1', at + HEADER, at + HEADER + nameLength - 1);
    expect(archive[at + HEADER + nameLength - 1]).toBe(0);
    const begin = (at + HEADER + nameLength + 3) & ~3;
    if (path === 'TRAILER!!!') return { entries, end: begin };
    entries.push({
      path,
      mode,
      content: archive.toString('latin1', begin, begin + size),
      device: [major, minor],
    });
    at = (begin + size + 3) & ~3;
  }
}

test('folders, files of any length and devices come back as they were', () => {
  const lengths = [0, 1, 2, 3, 4, 5];
  const files = lengths.map((length) => ({
    path: `dev/${'f'.repeat(length)}x`,
    mode: 0o100755,
    content: Buffer.alloc(length, 'c'),
  }));
  const entries = [
    { path: 'dev', mode: 0o040755 },
    { path: 'dev/console', mode: 0o020600, device: [5, 1] as const },
    ...files,
  ];
  const archive = writeCpio(entries);
  const found = read(archive);
  expect(found.entries).toEqual(
    entries.map((entry) => ({
      path: entry.path,
      mode: entry.mode,
      content: 'content' in entry ? entry.content.toString() : '',
      device: 'device' in entry ? [...entry.device] : [0, 0],
    })),
  );
  expect(archive.subarray(found.end).every((byte) => byte === 0)).toBe(true);
  expect(archive.length % 512).toBe(0);
});
