import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { withFailureSummary, writeSummary } from '../../../../src/frontend/output/job-summary.ts';
import { testFolder } from '../../../helpers/temp.ts';

const file = join(testFolder(), 'summary.md');
const before = process.env.GITHUB_STEP_SUMMARY;
let printed: string;

beforeEach(() => {
  printed = '';
  writeFileSync(file, '');
  delete process.env.GITHUB_STEP_SUMMARY;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  if (before === undefined) delete process.env.GITHUB_STEP_SUMMARY;
  else process.env.GITHUB_STEP_SUMMARY = before;
});

// First: the toolkit remembers the file once it has found one.
test('a runner without a job summary gets a warning, not a failure', async () => {
  await writeSummary('text');
  expect(printed).toMatch(/^::warning::.*job summary.*GITHUB_STEP_SUMMARY/);
});

test('a failure is explained in the summary and rethrown', async () => {
  process.env.GITHUB_STEP_SUMMARY = file;
  const error = new VeritySignError('key', 'the key is encrypted');
  const fail = (): Promise<never> => Promise.reject(error);
  await expect(withFailureSummary(true, 'Signing failed', fail)).rejects.toBe(error);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('### ❌ Signing failed: ');
  expect(text).toContain('the key is encrypted');
  await expect(withFailureSummary(false, 'Signing failed', fail)).rejects.toBe(error);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('a result comes through, and nothing is written', async () => {
  process.env.GITHUB_STEP_SUMMARY = file;
  expect(await withFailureSummary(true, 'Signing failed', async () => 7)).toBe(7);
  expect(readFileSync(file, 'utf8')).toBe('');
});
