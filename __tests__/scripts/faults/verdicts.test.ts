import { expect, test } from '@jest/globals';
import { namePattern, rowsIn, unrunTests } from '../../../scripts/faults/titles.ts';
import { type JestResults, summarize } from '../../../scripts/faults/verdicts.ts';

type Result = [status: string, title: string, ...ancestors: string[]];

function resultsOf(...results: Result[]): JestResults {
  const assertionResults = results.map(([status, title, ...ancestorTitles]) => ({
    status,
    title,
    ancestorTitles,
  }));
  return { testResults: [{ name: '/a.test.ts', message: '', assertionResults }] };
}

function linesOf(results: JestResults, rows: number[], source = ''): [string[], boolean] {
  const { lines, ok } = summarize(results, rows, new Set([1, 2, 3, 26, 27]), () => source);
  return [lines, ok];
}

// One test for all: a title here must not name a row.
test('the rows that titles name', () => {
  const titles: Record<string, number[]> = {
    'fault 7: blob size differs': [7],
    'fault 07: blob size differs': [7],
    'faults 26 and 27: an empty tar, an empty file': [26, 27],
    'faults 1, 2 and 30: several': [1, 2, 30],
    'fault 43: expired': [43],
    'refused, as with fault 54 and others': [],
    'default 3: three': [],
    'each row of 100': [],
  };
  for (const [title, rows] of Object.entries(titles)) expect([title, rowsIn(title)]).toEqual([title, rows]);
});

test('in a source, also those that stand alone in a table', () => {
  const source = `test('fault 5: x'); const all = [['fault 71', 1], ["faults 2 and 3"]]; // fault 9`;
  expect(rowsIn(source)).toEqual([2, 3, 5, 71]);
});

test('the pattern selects tests by number', () => {
  const matches = (rows: number[], name: string): boolean => new RegExp(namePattern(rows), 'i').test(name);
  expect(matches([7], 'fault 07: x')).toBe(true);
  expect(matches([27], 'group faults 26 and 27: x')).toBe(true);
  expect(matches([7], 'fault 77: x')).toBe(false);
  expect(matches([7], 'fault 6: 7 blobs')).toBe(false);
  expect(matches([], 'fault 6: 7 blobs')).toBe(true);
  expect(matches([], 'default 6')).toBe(false);
});

test('calls by which a test does not run are found', () => {
  // In parts, so that a search for such calls does not find this file.
  const calls = [
    ['test', 'skip'],
    ['describe', 'each', 'skip'],
    ['it', 'todo'],
    ['test', 'only', 'each'],
    ['xtest'],
    ['fit'],
  ];
  for (const parts of calls) expect(unrunTests(`${parts.join('.')}(`)).toHaveLength(1);
  expect(unrunTests("as many as fit; benefit(x); test('skip', x); a.fit()")).toEqual([]);
});

test('a row is ok if all of its tests passed', () => {
  const results = resultsOf(
    ['passed', 'fault 1: a'],
    ['passed', 'inside', 'fault 01: b'],
    ['passed', 'faults 26 and 27: c'],
    ['failed', 'of no fault'],
  );
  expect(linesOf(results, [1, 26, 27])).toEqual([
    ['fault 01 ok', 'fault 26 ok', 'fault 27 ok', '3 of 3 faults ok'],
    true,
  ]);
});

test('a failure, a skipped test and a missing one', () => {
  const results = resultsOf(
    ['failed', 'second', 'fault 1: group'],
    ['passed', 'first', 'fault 1: group'],
    ['pending', 'fault 2: skipped'],
    ['passed', 'fault 2: not skipped'],
  );
  expect(linesOf(results, [1, 2, 3])).toEqual([
    [
      'fault 01 FAILED: fault 1: group second (failed)',
      'fault 02 FAILED: fault 2: skipped (pending)',
      'fault 03 has no test',
      '0 of 3 faults ok',
    ],
    false,
  ]);
});

test('a file that could not run fails the rows that it names', () => {
  const passed = resultsOf(['passed', 'fault 1: a']).testResults;
  const results = { testResults: [...passed, { name: '/b.test.ts', message: 'x', assertionResults: [] }] };
  expect(linesOf(results, [1, 2], "test('fault 1: b')")).toEqual([
    ['fault 01 FAILED: /b.test.ts did not run', 'fault 02 has no test', '0 of 2 faults ok'],
    false,
  ]);
});

test('a number that is no fault is an error', () => {
  expect(() => linesOf(resultsOf(['passed', 'fault 99: x']), [1])).toThrow('there is no fault 99');
});
