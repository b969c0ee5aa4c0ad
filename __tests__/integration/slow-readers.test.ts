/** The end of an Action's log reaches a reader that is slower than the Action. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { programPath } from '../helpers/programs.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment } from '../helpers/tools.ts';

const folder = testFolder();
/** More than a pipe holds. */
const LONG = 'x'.repeat(100_000);
const ENTRIES = ['sign-action', 'verify-action', 'ipe-policy-action'] as const;

/**
 * Runs an Action whose one error is long.
 * @param reader a shell command that gets the log
 * @returns what the reader printed, and exit status and seconds of the Action
 */
function fail(entry: (typeof ENTRIES)[number], reader: string) {
  const line = `{ "$0" "$1" 2>&1; echo "$? $SECONDS" >&3; } 3>&2 | ${reader}`;
  const { stdout, stderr } = spawnSync('bash', ['-c', line, process.execPath, programPath(entry)], {
    encoding: 'utf8',
    timeout: 60_000,
    env: toolEnvironment({
      HOME: folder,
      RUNNER_TEMP: folder,
      GITHUB_OUTPUT: join(folder, 'output'),
      INPUT_IMAGE: 'oci:layout',
      'INPUT_DRY-RUN': 'true',
      'INPUT_TRUSTED-CERTIFICATE': 'root.pem',
      INPUT_CHECK: 'policy.pol',
      INPUT_BUILDER: LONG,
    }),
  });
  const [status, seconds] = stderr.split(' ').map(Number);
  return { stdout, status, seconds };
}

test.each(ENTRIES)('%s: a reader that waits gets the whole error', (entry) => {
  const { stdout, status } = fail(entry, '(sleep 1; cat)');
  const [last, ...rest] = stdout.slice(stdout.indexOf('::error::')).split('\n');
  expect(last).toMatch(/^::error::input builder: "x{100000}" is not one of .*native/);
  expect({ status, rest }).toEqual({ status: 1, rest: [''] });
});

test.each(['true', 'sleep 20'])('a reader that reads nothing is not waited for long: %s', (reader) => {
  const { status, seconds } = fail('sign-action', reader);
  expect(status).toBe(1);
  expect(seconds).toBeLessThan(reader === 'true' ? 9 : 18);
});
