import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startEarly } from '../../../src/frontend/early-start.ts';
import { testFolder } from '../../helpers/temp.ts';

const folder = testFolder();
const MIB = 1024 * 1024;

function layout(name: string, sizes: readonly number[]): string {
  const path = join(folder, name);
  const blobs = join(path, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  for (const [at, size] of sizes.entries()) {
    const blob = join(blobs, at.toString(16).padStart(64, '0'));
    writeFileSync(blob, '');
    truncateSync(blob, size);
  }
  return path;
}

const large = layout('large', [500, MIB + 1]);
layout('a:b', [2 * MIB]);
const small = layout('small', [500, MIB]);
// A folder of thousands of files takes time to read.
const many = layout(
  'many',
  Array.from({ length: 150 }, () => 10),
);

function started(...images: string[]): number[] {
  const counts: number[] = [];
  startEarly(images, { warmUp: (count) => counts.push(count) });
  return counts;
}

test.each([
  `oci:${large}`,
  `oci:${large}:v1.0`,
  `oci:${large}@sha256:${'0'.repeat(64)}`,
  `oci:${large}:v1@sha256:${'0'.repeat(64)}`,
  `oci:${join(folder, 'a:b')}:latest`,
  // A whole name, and a path with a colon and no name.
  `oci:${large}:localhost/app:1.0`,
  `oci:${join(folder, 'a:b')}`,
])('%s has a large blob: one thread', (image) => {
  expect(started(image)).toEqual([1]);
});

test.each([
  `oci:${small}:v1`,
  `oci:${many}`,
  `oci:${join(folder, 'none')}:v1`,
  'oci:',
  `oci:${large}@sha256:1234`,
  'oci-archive:image.tar',
  'registry.example/app:1',
  'docker-daemon:app:1',
  '',
])('%s: none, and no error', (image) => {
  expect(started(image)).toEqual([]);
});

test('one thread for several images, of which the last has a large blob', () => {
  expect(started(`oci:${small}`, 'registry.example/app:1', `oci:${large}`, `oci:${large}`)).toEqual([1]);
});

test('a thread that cannot be started is no error yet', () => {
  const warmUp = (): never => {
    throw new Error('no more files can be opened');
  };
  expect(() => startEarly([`oci:${large}`], { warmUp })).not.toThrow();
});
