import { expect, test } from '@jest/globals';
import { cpioArchive } from '../../../scripts/preflight/cpio.ts';

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
  const archive = cpioArchive(entries);
  const found = read(archive);
  expect(found.entries).toEqual(
    entries.map((entry) => ({
      path: entry.path,
      mode: entry.mode,
      content: 'content' in entry ? entry.content.toString() : '',
      device: 'device' in entry ? [...entry.device] : [0, 0],
    })),
  );
  expect(found.end).toBe(archive.length);
});

test('the same entries give the same bytes, without times and owners of this machine', () => {
  const entries = [{ path: 'init', mode: 0o100755, content: Buffer.from('program') }];
  expect(cpioArchive(entries)).toEqual(cpioArchive(entries));
  const header = cpioArchive(entries).toString('latin1', 0, HEADER);
  // Inode, mode, user, group, links, time.
  expect(header.slice(6, 54)).toBe('00000001000081ed00000000000000000000000100000000');
});
