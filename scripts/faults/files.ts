import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowsIn } from './titles.ts';

/** Folders with tests that Jest runs in another way (see jest.config.js), and with titles as test data. */
const WITHOUT = /\/__tests__\/(kernel|scripts)\//;

/** Absolute paths of the test files that name one of these rows, or any, in titles. */
export function testFiles(root: string, rows: readonly number[]): string[] {
  return readdirSync(join(root, '__tests__'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !WITHOUT.test(path))
    .filter((path) => {
      const named = rowsIn(readFileSync(path, 'utf8'));
      return rows.length === 0 ? named.length > 0 : rows.some((row) => named.includes(row));
    })
    .sort();
}
