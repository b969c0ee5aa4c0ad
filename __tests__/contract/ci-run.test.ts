import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { fixedEnvironment } from '../../src/lib/process/environment.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
const checkout = join(folder, 'checkout');
const bin = join(folder, 'bin');
const env: Record<string, string> = { ...fixedEnvironment(), HOME: folder };
env.PATH = `${bin}:${env.PATH}`;

beforeEach(() => {
  rmSync(checkout, { recursive: true, force: true });
  mkdirSync(join(checkout, '.ci'), { recursive: true });
  mkdirSync(bin, { recursive: true });
  cpSync(join(import.meta.dirname, '../../.ci/run'), join(checkout, '.ci/run'));
  cpSync(join(import.meta.dirname, '../../.gitignore'), join(checkout, '.gitignore'));
  writeFileSync(join(checkout, 'tracked'), 'content\n');
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    [...author, 'commit', '-qm', 'A checkout'],
  ]) {
    expect(spawnSync('git', args, { cwd: checkout, env }).status).toBe(0);
  }
});

/** Runs .ci/run with an npm that answers as Jest does, and runs `tests` where the tests would run. */
function ci(tests: string, counts = { passed: 3, failed: 0 }): { status: number | null; lines: string[] } {
  const results = JSON.stringify({ numFailedTests: counts.failed, numPassedTests: counts.passed });
  const npm = `#!/bin/sh
    for last; do :; done
    case "$last" in
      --outputFile=*)
        echo 'Tests:       ${counts.passed} passed' >&2
        printf '%s' '${results}' > "\${last#--outputFile=}"
        ${tests} ;;
    esac\n`;
  writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 });
  const { status, stdout } = spawnSync(join(checkout, '.ci/run'), { cwd: folder, env, encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n') };
}

test('lets the tests leave tools and caches', () => {
  const { status, lines } = ci('mkdir -p .tools/bin .cache && echo x > .tools/bin/x && echo x > .cache/x');
  expect([status, lines.at(-1)]).toEqual([0, '14 passed, 0 failed']);
});

test('adds up the tests and the checks, and ends with the closing lines', () => {
  const { status, lines } = ci('true');
  expect(status).toBe(0);
  expect(lines.slice(-5)).toEqual([
    'npm test:',
    '  Tests:       3 passed',
    'npm run test:kernel:',
    '  Tests:       3 passed',
    '14 passed, 0 failed',
  ]);
});

test('fails if a test fails', () => {
  const { status, lines } = ci('exit 1', { passed: 2, failed: 1 });
  expect([status, lines.at(-1)]).toEqual([1, '12 passed, 2 failed']);
});

test('fails if a suite could not run', () => {
  const { status, lines } = ci('exit 1');
  expect([status, lines.at(-1)]).toEqual([1, '14 passed, 2 failed']);
});

test.each([
  ['a new file', 'echo x > ./--version', '?? --version'],
  ['a changed file', 'echo x >> tracked', ' M tracked'],
  ['a file that git ignores', 'mkdir -p .demo && echo x > .demo/x && echo x > npm.log', '!! npm.log'],
])('fails if the tests leave %s in the checkout, and names it', (_what, tests, shown) => {
  const { status, lines } = ci(tests);
  expect([status, lines.at(-1)]).toEqual([1, '13 passed, 1 failed']);
  expect(lines).toContain(`> ${shown}`);
  expect(lines.at(-2)).toBe('the tests leave the checkout as it was FAILED');
});

test('fails if Jest had to kill a worker', () => {
  const { status, lines } = ci(
    "echo 'A worker process has failed to exit gracefully and has been force exited.'",
  );
  expect([status, lines.at(-1)]).toEqual([1, '12 passed, 2 failed']);
});
