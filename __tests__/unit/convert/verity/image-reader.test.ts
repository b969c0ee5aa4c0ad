import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ImageReader } from '../../../../src/convert/verity/image-reader.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const [first, second] = [join(folder, 'first'), join(folder, 'second')];
writeFileSync(first, 'abcdef');
writeFileSync(second, 'ghijkl');
const files = [
  { path: first, size: 4 },
  { path: second, size: 6 },
];

test.each([
  [0, 10, 'abcdghijkl'],
  [3, 2, 'dg'],
  [4, 6, 'ghijkl'],
  [9, 1, 'l'],
])('from %i, %i bytes: %s', (position, length, expected) => {
  const reader = new ImageReader(files);
  const target = Buffer.alloc(length);
  reader.read(target, position);
  reader.close();
  expect(target.toString()).toBe(expected);
});

test('a file that is shorter than the image says is an error', () => {
  const reader = new ImageReader([{ path: first, size: 7 }]);
  expect(() => reader.read(Buffer.alloc(7), 0)).toThrow('shorter');
  reader.close();
});

test('closing twice does not close a file that another has opened since', () => {
  const reader = new ImageReader(files);
  reader.close();
  const descriptors = [openSync(first, 'r'), openSync(second, 'r')];
  reader.close();
  for (const descriptor of descriptors) closeSync(descriptor);
});

test('if one file cannot be opened the others are closed', () => {
  const before = openSync(first, 'r');
  closeSync(before);
  expect(() => new ImageReader([...files, { path: join(folder, 'missing'), size: 1 }])).toThrow('ENOENT');
  const after = openSync(first, 'r');
  closeSync(after);
  expect(after).toBe(before);
});
