import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openLayoutFile, readLayoutFile } from '../../../../src/oci/layout/layout-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layout-file-'));
  mkdirSync(join(folder, 'blobs'));
  writeFileSync(join(folder, 'blobs/a'), 'twelve bytes');
});
afterAll(() => rmSync(folder, { recursive: true }));

const openFiles = (): number => readdirSync('/proc/self/fd').length;

test('a file is read whole and closed', () => {
  const before = openFiles();
  const seen: number[] = [];
  const bytes = readLayoutFile(openLayoutFile(folder, 'blobs/a'), (size) => seen.push(size));
  expect(bytes.toString()).toBe('twelve bytes');
  expect(seen).toEqual([12]);
  expect(openFiles()).toBe(before);
});

test('a file that grows after the check of its size is cut one byte behind it', () => {
  const path = join(folder, 'grows');
  writeFileSync(path, 'four');
  const bytes = readLayoutFile(openLayoutFile(folder, 'grows'), () =>
    appendFileSync(path, 'x'.repeat(100_000)),
  );
  expect(bytes.toString()).toBe('fourx');
});

test('a file that the check refuses is closed', () => {
  const before = openFiles();
  const refuse = (): never => {
    throw new RangeError('too large');
  };
  expect(() => readLayoutFile(openLayoutFile(folder, 'blobs/a'), refuse)).toThrow('too large');
  expect(openFiles()).toBe(before);
});

test.each([
  ['missing', 'the layout lacks missing'],
  ['blobs', 'blobs of the layout is not a regular file'],
  ['blobs/a/b', 'blobs/a/b of the layout is not a regular file'],
  ['fifo', 'fifo of the layout is not a regular file'],
  ['link', 'link of the layout is a symbolic link'],
  ['folder-link/a', 'folder-link of the layout is a symbolic link'],
])('%s: %s', (name, message) => {
  const before = openFiles();
  if (name === 'fifo') execFileSync('mkfifo', [join(folder, 'fifo')]);
  if (name === 'link') symlinkSync('blobs/a', join(folder, 'link'));
  if (name === 'folder-link/a') symlinkSync('blobs', join(folder, 'folder-link'));
  expect(() => openLayoutFile(folder, name)).toThrow(message);
  expect(openFiles()).toBe(before);
});
