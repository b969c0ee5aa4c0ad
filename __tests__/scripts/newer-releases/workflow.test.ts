/** The scripts of .github/workflows/tool-releases.yml in bash, with stand-ins for gh and git. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { testFolder } from '../../helpers/temp.ts';
import { toolsPath } from '../../helpers/tools.ts';

const root = join(import.meta.dirname, '../../..');
const { jobs } = parse(readFileSync(join(root, '.github/workflows/tool-releases.yml'), 'utf8'));
const folder = testFolder();
const calls = join(folder, 'calls');
const bin = join(folder, 'bin');

/** @param output what the program prints; it writes down its arguments, and the issue's body */
function standIn(name: string, output: string): void {
  const path = join(bin, name);
  const note = `printf '%s\\n' "${name} $*" >> ${calls}`;
  const body = `if [ -e "$RUNNER_TEMP/body" ]; then cat "$RUNNER_TEMP/body" >> ${calls}; fi`;
  writeFileSync(path, `#!/bin/sh\n${note}\n${body}\nprintf '${output}'\n`);
  chmodSync(path, 0o755);
}

beforeEach(() => {
  for (const name of [bin, join(folder, 'temp')]) {
    rmSync(name, { recursive: true, force: true });
    mkdirSync(name);
  }
  writeFileSync(calls, '');
});

/** Runs the scripts of a job in turn; returns its outputs as the file has them, and its summary. */
function runJob(
  job: string,
  env: Record<string, string> = {},
): { output: string; summary: string; status: number } {
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary')];
  for (const file of [output, summary]) writeFileSync(file, '');
  let status = 0;
  for (const step of jobs[job].steps as { run?: string }[]) {
    if (step.run === undefined || status !== 0) continue;
    const variables = {
      PATH: `${bin}:${dirname(process.execPath)}:${toolsPath()}`,
      RUNNER_TEMP: join(folder, 'temp'),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      ...env,
    };
    status = spawnSync('bash', ['-e', '-c', step.run], { cwd: root, env: variables }).status ?? -1;
  }
  return { output: readFileSync(output, 'utf8'), summary: readFileSync(summary, 'utf8'), status };
}

/** The value of the output, which ends with a delimiter that nobody can guess. */
function valueIn(output: string): string | undefined {
  return /^newer<<([0-9a-f]{32})\n(?<value>.*)\1\n$/s.exec(output)?.groups?.value;
}

const REFS = 'abc\\trefs/tags/v1.9.1\\nabc\\trefs/tags/v1.9.4\\n';

test('newer releases become the output and the summary', () => {
  standIn('gh', 'v9.9.9\\nv1.3.3\\n');
  standIn('git', `${REFS}abc\\trefs/tags/v9.8\\n`);
  const { output, summary, status } = runJob('compare');
  expect({ status, newer: valueIn(output) }).toEqual({ status: 0, newer: summary });
  expect(summary).toContain('- **oras**: 9.9.9 (');
  expect(summary).toContain('- **erofs-utils**: 9.8 (');
});

test('nothing newer: no output, and so no issue', () => {
  standIn('gh', 'v1.3.3\\nv1.2.0\\n');
  standIn('git', REFS);
  const { output, summary, status } = runJob('compare');
  expect({ status, newer: valueIn(output), summary }).toEqual({
    status: 0,
    newer: '\n',
    summary: 'Nothing is newer than what is pinned.\n',
  });
  expect(jobs.issue.if).toBe("needs.compare.outputs.newer != ''");
});

test('an empty list fails the job', () => {
  standIn('gh', '');
  standIn('git', REFS);
  expect(runJob('compare').status).not.toBe(0);
});

test.each([
  ['', 'gh issue create --title Newer releases'],
  ['17', 'gh issue edit 17 --body-file'],
])('with the open issue %j: %s', (number, call) => {
  standIn('gh', number);
  const newer = '- **oras**: 9.9.9 $(touch owned) `touch owned`';
  const { status } = runJob('issue', { NEWER: newer, TITLE: jobs.issue.steps[0].env.TITLE });
  expect(status).toBe(0);
  const seen = readFileSync(calls, 'utf8');
  expect(seen).toContain(call);
  expect(seen).toContain(newer);
  expect(existsSync(join(root, 'owned'))).toBe(false);
});

test('each job has the permissions that it needs, and no more', () => {
  const granted = Object.entries(jobs as Record<string, { permissions: object }>);
  expect(granted.map(([name, { permissions }]) => [name, permissions])).toEqual([
    ['compare', { contents: 'read' }],
    ['issue', { issues: 'write' }],
  ]);
});
