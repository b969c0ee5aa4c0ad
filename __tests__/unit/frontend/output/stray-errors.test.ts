import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { problemsOf } from '../../../helpers/agents.ts';
import { everything } from '../../../helpers/hostile-text.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const output = (name: string): string =>
  pathToFileURL(join(import.meta.dirname, '../../../../src/frontend/output', name)).href;

/** Runs a script in a process of its own, as the entry of the CLI starts. */
function run(body: string, flags: readonly string[] = []) {
  const path = join(folder, 'script.mjs');
  writeFileSync(
    path,
    `import { guardStreams } from '${output('stream-guard.ts')}';
     import { handleStrayErrors } from '${output('stray-errors.ts')}';
     import { printError } from '${output('standard-streams.ts')}';
     guardStreams({ commands: false });
     handleStrayErrors(printError);
     const EVIL = ${JSON.stringify(everything())};
     ${body}`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, path], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test.each([
  ['an exception that nothing catches', 'setTimeout(() => { throw new Error(EVIL); });', 1],
  ['a promise that nothing waits for', 'Promise.reject(new Error(EVIL));', 1],
  ['a text that is thrown', 'setTimeout(() => { throw EVIL; });', 1],
  ['a warning', 'process.emitWarning(EVIL); process.emitWarning(EVIL, EVIL);', 0],
  ['the console', 'console.log(EVIL); console.error(EVIL); console.table([EVIL]);', 0],
  [
    'bytes in small chunks',
    'for (const byte of Buffer.from(EVIL)) process.stdout.write(Buffer.of(byte));',
    0,
  ],
  [
    'a thread',
    `const { Worker } = await import('node:worker_threads');
     new Worker('console.log(process.env.EVIL); process.stderr.write(process.env.EVIL);', { eval: true, env: { EVIL: EVIL.replaceAll('\\0', '') } });`,
    0,
  ],
])('fault 78: %s', (_what, body, status) => {
  const ended = run(body);
  expect(ended.status).toBe(status);
  expect(ended.stdout + ended.stderr).toContain('# #vso[task.complete');
  expect(problemsOf(`${ended.stdout}\n${ended.stderr}`)).toEqual([]);
});

test("a search of Google's library for the metadata service in vain is not reported beside its error", () => {
  const { status, stderr } = run(
    "process.emitWarning('received unexpected error', 'MetadataLookupWarning'); process.emitWarning('another');",
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'Warning: another\n' });
});

test('an exception is reported in one line', () => {
  const { stderr } = run("setTimeout(() => { throw new Error('a\\nb'); });");
  expect(stderr).toMatch(
    /^verity-sign: Internal error, please report it with these lines: Error: a \| b \| at .*\n$/,
  );
});

test('a reader that waits gets all that was written before an exception', () => {
  run("process.stdout.write('a'.repeat(300_000)); setTimeout(() => { throw new Error('b'); });");
  const command = `"$0" "$1" 2>&1 | (sleep 1; cat); echo "$\{PIPESTATUS[0]}"`;
  const args = ['-c', command, process.execPath, join(folder, 'script.mjs')];
  const { stdout } = spawnSync('bash', args, { encoding: 'utf8' });
  // Both streams share the pipe, so the line may stand between the letters.
  const [line = ''] = /verity-sign: Internal error, .*Error: b \| at .*\n/.exec(stdout) ?? [];
  expect(line).not.toBe('');
  expect(stdout.replace(line, '')).toBe(`${'a'.repeat(300_000)}1\n`);
});

test('warnings that Node is told not to print stay unprinted', () => {
  expect(run("process.emitWarning('x');", ['--no-warnings'])).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(run("process.emitWarning('x');")).toEqual({ status: 0, stdout: '', stderr: 'Warning: x\n' });
});

test('callbacks and the results of writes are those of the stream', () => {
  const { stdout } = run(
    "process.stdout.write('a\\n', 'utf8', () => process.stdout.write('b\\n', () => process.stdout.end('c\\n')));",
  );
  expect(stdout).toBe('a\nb\nc\n');
});
