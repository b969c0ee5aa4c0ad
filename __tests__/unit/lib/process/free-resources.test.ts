import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freeDescriptors, freeThreads } from '../../../../src/lib/process/free-resources.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();

test('nothing is limited where there is no /proc', () => {
  const missing = join(folder, 'missing');
  expect([freeDescriptors(missing), freeThreads(missing)]).toEqual([
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});

test('the limit on open files, without those that are open', () => {
  const limits = 'Limit                     Soft Limit           Hard Limit           Units\n';
  mkdirSync(join(folder, 'self/fd'), { recursive: true });
  for (const number of ['0', '1', '2', '3']) writeFileSync(join(folder, 'self/fd', number), '');
  writeFileSync(
    join(folder, 'self/limits'),
    `${limits}Max open files            64                   4096   files\n`,
  );
  expect(freeDescriptors(folder)).toBe(64 - 3);
});
