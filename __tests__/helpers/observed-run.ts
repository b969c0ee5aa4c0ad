/** Runs of the CLI and of both Actions, with everything that they print and write. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { inputVariables, outputsIn } from './action-files.ts';
import { problemsOf, UNSEEN } from './agents.ts';
import { type CliOptions, cli } from './cli.ts';
import { programPath } from './programs.ts';
import { githubHtml } from './rendered-markdown.ts';
import { checkReportFile } from './report-schema.ts';
import { toolEnvironment, toolPath } from './tools.ts';

export interface ObservedRun {
  status: number | null;
  stdout: string;
  stderr: string;
  /** Undefined if none was written. */
  report: string | undefined;
  summary: string;
  outputs: Record<string, string>;
}

/** Everything that a run shows, as one text. */
export function shownBy({ stdout, stderr, report = '', summary, outputs }: ObservedRun): string {
  return [stdout, stderr, report, summary, ...Object.values(outputs)].join('\n');
}

/** Runs the CLI. `--report` is added for the commands that have it. */
export async function observeCli(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
  more: CliOptions = {},
): Promise<ObservedRun> {
  const own = mkdtempSync(join(folder, 'cli-'));
  const path = join(own, 'report.json');
  const reporting = ['sign', 'verify'].includes(args[0] ?? '') ? ['--report', path] : [];
  const { status, stdout, stderr } = await cli([...args, ...reporting], {
    ...more,
    cwd: own,
    env: { HOME: own, VERITY_SIGN_DEBUG: '1', ...env },
  });
  return { status, stdout, stderr, report: contentOf(path), summary: '', outputs: {} };
}

/** Runs an Action from its sources as the runner does. */
export async function observeAction(
  folder: string,
  surface: 'action' | 'verify-action',
  inputs: Readonly<Record<string, string>>,
  env: Record<string, string> = {},
): Promise<ObservedRun> {
  const own = mkdtempSync(join(folder, 'action-'));
  const files = { GITHUB_OUTPUT: join(own, 'output'), GITHUB_STEP_SUMMARY: join(own, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  mkdirSync(join(own, 'temp'));
  const given: Record<string, string> = {
    install: 'false',
    report: join(own, 'report.json'),
    builder: 'native',
    'oras-path': toolPath('oras'),
    ...inputs,
  };
  const entry = surface === 'action' ? 'sign-action' : 'verify-action';
  const child = spawn(process.execPath, [programPath(entry)], {
    cwd: own,
    env: toolEnvironment({
      HOME: own,
      RUNNER_TEMP: join(own, 'temp'),
      RUNNER_TOOL_CACHE: join(own, 'temp'),
      RUNNER_DEBUG: '1',
      ...files,
      ...inputVariables(surface, given),
      ...env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  checkReportFile(surface === 'action' ? 'sign' : 'verify', join(own, 'report.json'));
  return {
    status,
    stdout,
    stderr,
    report: contentOf(join(own, 'report.json')),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    outputs: outputsIn(files.GITHUB_OUTPUT),
  };
}

function contentOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/**
 * Nothing that a run printed or wrote gives an order, and GitHub makes no link or element of its summary that
 * is not ours. The words `reaches` must be in the outputs: else the text was never there to be harmless.
 */
export function expectInert(run: ObservedRun, reaches: readonly string[]): void {
  const commands = run.summary !== '' || Object.keys(run.outputs).length > 0 || /^::/m.test(run.stdout);
  expect({
    stdout: problemsOf(run.stdout, { commands }),
    stderr: problemsOf(run.stderr),
    report: problemsOf(run.report ?? ''),
    outputs: Object.values(run.outputs).flatMap((value) => problemsOf(value)),
    summary: [...run.summary.matchAll(UNSEEN)],
  }).toEqual({ stdout: [], stderr: [], report: [], outputs: [], summary: [] });
  githubHtml(run.summary);
  for (const text of reaches) expect(shownBy(run)).toContain(text);
}
