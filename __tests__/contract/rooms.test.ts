import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const MOST_FILES = 13;
const MOST_LINES = 300;

/** Paths of the TypeScript files below a folder, from that folder. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => relative(join(root, folder), join(parentPath, name)))
    .sort();
}

const sources = filesBelow('src');
const rooms = Map.groupBy(
  sources.filter((path) => path.includes('/')),
  (path) => `src/${dirname(path)}`,
);

describe('the table of rooms in CONTRIBUTING.md', () => {
  const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(src\/[^`]+)` +\| (.*?) +\|$/gm)];

  test('has one row for each folder of src that holds files', () => {
    expect(rows.map(([, folder]) => folder).sort()).toEqual([...rooms.keys()].sort());
  });

  test('says in one line what is in each', () => {
    const lines = rows.map(([, , line]) => line ?? '');
    expect(lines.filter((line) => line.length < 15 || line.length > 110)).toEqual([]);
    expect(new Set(lines).size).toBe(lines.length);
  });
});

test.each([...rooms])(`%s has at most ${MOST_FILES} files`, (_room, files) => {
  expect(files.length).toBeLessThanOrEqual(MOST_FILES);
});

test(`no source has more than ${MOST_LINES} lines`, () => {
  const lines = (path: string): number =>
    readFileSync(join(root, 'src', path), 'utf8').split('\n').length - 1;
  expect(sources.filter((path) => lines(path) > MOST_LINES)).toEqual([]);
});

/** A file or folder of src, or one of several tests of one file: `x/aspect.test.ts` for `x.ts`. */
function isMirrored(path: string): boolean {
  const place = join(root, 'src', path);
  return existsSync(`${place}.ts`) || existsSync(place) || existsSync(`${dirname(place)}.ts`);
}

test('each unit test lies at the path of what it tests', () => {
  const tests = filesBelow('__tests__/unit').map((path) => path.replace(/\.test\.ts$/, ''));
  expect(tests.length).toBeGreaterThan(50);
  expect(tests.filter((path) => !isMirrored(path))).toEqual([]);
});
