/**
 * `npm run test:faults [-- NUMBER…]` runs the tests that are named after rows of scripts/faults/rows.ts, all of
 * them or these, and prints a line for each row. It fails if a row has no test, or a test fails or is skipped.
 * With `--results FILE` it runs nothing and reads what `jest --json --outputFile FILE` wrote of all tests.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { testFiles } from './faults/files.ts';
import { FAULTS } from './faults/rows.ts';
import { namePattern } from './faults/titles.ts';
import { type JestResults, summarize } from './faults/verdicts.ts';

const root = dirname(import.meta.dirname);

function node(args: readonly string[]): number {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

/** Runs the tests of these rows, as `npm test` does, and returns their results. */
function runTests(rows: readonly number[]): JestResults {
  if (node([join(root, 'scripts/tools/install.ts')]) !== 0) throw new Error('the tools were not installed');
  const folder = mkdtempSync(join(tmpdir(), 'verity-sign-faults-'));
  try {
    const file = join(folder, 'results.json');
    const output = ['--json', `--outputFile=${file}`, `--testNamePattern=${namePattern(rows)}`];
    const files = testFiles(root, rows);
    if (files.length === 0) return { testResults: [] };
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    node(['--experimental-vm-modules', '--no-warnings', jest, ...output, '--runTestsByPath', ...files]);
    if (!existsSync(file)) throw new Error('Jest ended without results');
    return JSON.parse(readFileSync(file, 'utf8')) as JestResults;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  options: { results: { type: 'string' } },
  allowPositionals: true,
});
const asked = positionals.map(Number);
const unknown = positionals.filter((word) => !FAULTS.has(Number(word)));
if (unknown.length > 0) {
  console.error(`there is no fault ${unknown.join(', ')}: the last one is ${FAULTS.size}`);
  process.exit(2);
}
const results =
  values.results === undefined
    ? runTests(asked)
    : (JSON.parse(readFileSync(values.results, 'utf8')) as JestResults);
const known = new Set(FAULTS.keys());
const rows = asked.length === 0 ? [...known] : asked;
const { lines, ok } = summarize(results, rows, known, (path) => readFileSync(path, 'utf8'));
console.log(lines.join('\n'));
process.exitCode = ok ? 0 : 1;
