import { closeSync, fstatSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { descriptorOf, takeDescriptor } from '../../../../src/lib/process/descriptor-file.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();

test.each([
  ['/dev/fd/63', 63],
  ['/dev/fd/0', 0],
  ['/proc/self/fd/11', 11],
  ['/dev/stdin', 0],
  ['/dev/fd/', undefined],
  ['/dev/fd/3x', undefined],
  ['dev/fd/3', undefined],
  ['/proc/1/fd/3', undefined],
  ['/etc/key.pem', undefined],
])('the descriptor that %s names', (path, descriptor) => {
  expect(descriptorOf(path)).toBe(descriptor);
});

function opened(text: string): number {
  const path = join(folder, 'file');
  writeFileSync(path, text);
  const descriptor = openSync(path, 'r');
  rmSync(path);
  return descriptor;
}

test('reads from the beginning and closes the descriptor', () => {
  const descriptor = opened('a key');
  readSync(descriptor, Buffer.alloc(2));
  expect(takeDescriptor(`/dev/fd/${descriptor}`, 100).toString()).toBe('a key');
  expect(() => fstatSync(descriptor)).toThrow('EBADF');
});

test('reads one byte more than the limit', () => {
  const descriptor = opened('x'.repeat(1000));
  expect(takeDescriptor(`/proc/self/fd/${descriptor}`, 64)).toHaveLength(65);
  const whole = opened('x'.repeat(64));
  expect(takeDescriptor(`/dev/fd/${whole}`, 64)).toHaveLength(64);
});

test('a descriptor that is not open is an error of the system', () => {
  const descriptor = opened('');
  closeSync(descriptor);
  expect(() => takeDescriptor(`/dev/fd/${descriptor}`, 64)).toThrow('ENOENT');
});
