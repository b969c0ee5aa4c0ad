import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { testFiles } from '../../scripts/faults/files.ts';
import { FAULTS } from '../../scripts/faults/rows.ts';
import { rowsIn, unrunTests } from '../../scripts/faults/titles.ts';

const root = join(import.meta.dirname, '../..');
const sources = testFiles(root, []).map((path) => [path, readFileSync(path, 'utf8')] as const);

test('each fault has its number once, and a title of its own', () => {
  expect([...FAULTS.keys()]).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
  expect(new Set(FAULTS.values()).size).toBe(FAULTS.size);
});

test('each fault has a test, and each number is that of a fault', () => {
  const named = new Set(sources.flatMap(([, source]) => rowsIn(source)));
  expect([...named].sort((a, b) => a - b)).toEqual([...FAULTS.keys()]);
});

test('no test of a fault is skipped, planned or run alone', () => {
  expect(sources.filter(([, source]) => unrunTests(source).length > 0).map(([path]) => path)).toEqual([]);
});
