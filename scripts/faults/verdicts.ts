import { rowsIn } from './titles.ts';

/** What is used of the JSON that `jest --json` writes. */
export interface JestResults {
  testResults: {
    /** Absolute path of the test file. */
    name: string;
    /** Why the file could not run; else empty or the messages of its failed tests. */
    message: string;
    assertionResults: { ancestorTitles: string[]; title: string; status: string }[];
  }[];
}

export interface Summary {
  /** One line for each row, then the count. */
  lines: string[];
  /** Whether every row has tests, and all of them passed. */
  ok: boolean;
}

/**
 * Maps the results of tests to rows. A test counts for each row that its title, or that of a group around it,
 * names. A test that names no row does not count. A file that did not run fails all rows that it names.
 *
 * @param rows numbers that must have a test
 * @param sourceOf text of a test file
 * @throws Error if a title names a row that does not exist
 */
export function summarize(
  results: JestResults,
  rows: readonly number[],
  known: ReadonlySet<number>,
  sourceOf: (path: string) => string,
): Summary {
  const passed = new Set<number>();
  const failed = new Map<number, string>();
  for (const { name, assertionResults } of results.testResults) {
    if (assertionResults.length === 0) {
      for (const row of rowsIn(sourceOf(name))) failed.set(row, `${name} did not run`);
    }
    for (const { ancestorTitles, title, status } of assertionResults) {
      const titles = [...ancestorTitles, title];
      for (const row of new Set(titles.flatMap((one) => rowsIn(one)))) {
        if (!known.has(row)) throw new Error(`a test is called "${title}", but there is no fault ${row}`);
        if (status === 'passed') passed.add(row);
        else if (!failed.has(row)) failed.set(row, `${titles.join(' ')} (${status})`);
      }
    }
  }
  const lines = rows.map((row) => lineOf(row, passed, failed));
  const good = lines.filter((line) => line.endsWith(' ok')).length;
  return { lines: [...lines, `${good} of ${rows.length} faults ok`], ok: good === rows.length };
}

function lineOf(row: number, passed: ReadonlySet<number>, failed: ReadonlyMap<number, string>): string {
  const name = `fault ${String(row).padStart(2, '0')}`;
  const failure = failed.get(row);
  if (failure !== undefined) return `${name} FAILED: ${failure}`;
  return passed.has(row) ? `${name} ok` : `${name} has no test`;
}
