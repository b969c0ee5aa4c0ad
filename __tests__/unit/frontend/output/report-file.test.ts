import { readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeActionReport, writeReport } from '../../../../src/frontend/output/report-file.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const before = process.env.RUNNER_TEMP;
beforeEach(() => {
  process.env.RUNNER_TEMP = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env.RUNNER_TEMP;
  else process.env.RUNNER_TEMP = before;
});

test('missing folders are created, and the path is absolute', () => {
  const path = writeReport('[]\n', join(folder, 'a/b/report.json'), true);
  expect(path).toBe(join(folder, 'a/b/report.json'));
  expect(readFileSync(path, 'utf8')).toBe('[]\n');
});

test('a path that cannot be written to is an environment error that names it', () => {
  writeFileSync(join(folder, 'file'), '');
  const path = join(folder, 'file/report.json');
  expect(() => writeReport('[]', path, true)).toThrow(
    expect.objectContaining({ code: 'environment', message: expect.stringContaining(path) }),
  );
});

test('without a wanted path the Action writes a new file in the folder of the runner', () => {
  const [one, two] = [writeActionReport('1', undefined), writeActionReport('2', undefined)];
  expect(one.startsWith(join(folder, 'verity-sign-report-'))).toBe(true);
  expect(isAbsolute(one) && one !== two).toBe(true);
  expect(readFileSync(two, 'utf8')).toBe('2');
  expect(writeActionReport('3', join(folder, 'wanted.json'))).toBe(join(folder, 'wanted.json'));
});
