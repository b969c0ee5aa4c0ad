/** Runs that must be refused, with all that they may not do: attach, write, report, or leave anything behind. */
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { CliOptions } from './cli.ts';
import { fileContents } from './file-contents.ts';
import { type ObservedRun, observeAction, observeCli } from './observed-run.ts';

export interface Refusal {
  /** Exit status of the CLI. */
  status: number;
  /** Of the line that says what is wrong. */
  message: RegExp;
  /** Texts that this line must have, such as the image as the user named it. */
  names?: readonly string[];
  /** Files and folders that must stay as they are. */
  untouched?: readonly string[];
  /** Requests by which something was written into a registry. */
  writes?: readonly string[];
}

/** Outputs of the Action that say what was signed. */
const SIGNED = ['artifact-digests', 'root-hashes', 'manifest-signatures'];

/**
 * Runs the CLI with a new folder for temporary files, and expects that it is refused. Returns the line of the
 * error. It must end with what to do: an imperative sentence.
 */
export async function expectRefused(
  folder: string,
  args: readonly string[],
  refusal: Refusal,
  options: CliOptions = {},
): Promise<string> {
  const run = await unchanged(folder, refusal, (temp) =>
    observeCli(folder, [...args, '--temp-dir', temp], { ...options.env, TMPDIR: temp }, options),
  );
  const errors = run.stderr.split('\n').filter((line) => line.startsWith('verity-sign: '));
  expect({ status: run.status, errors }).toEqual({ status: refusal.status, errors: [expect.any(String)] });
  if (args[0] === 'sign') expect(run.stdout).toBe('');
  return checked(errors[0] ?? '', refusal, run);
}

/** As `expectRefused`, with the Action that signs. It sets no output that says that something was signed. */
export async function expectActionRefused(
  folder: string,
  inputs: Readonly<Record<string, string>>,
  refusal: Refusal,
): Promise<string> {
  const run = await unchanged(folder, refusal, (temp) =>
    observeAction(folder, 'action', { ...inputs, 'temp-dir': temp }, { TMPDIR: temp }),
  );
  const errors = run.stdout.split('\n').filter((line) => line.startsWith('::error'));
  expect({ status: run.status, errors }).toEqual({ status: 1, errors: [expect.any(String)] });
  for (const name of SIGNED) expect([name, run.outputs[name] ?? '[]']).toEqual([name, '[]']);
  return checked(errors[0] ?? '', refusal, run);
}

async function unchanged(
  folder: string,
  { untouched = [], writes = [] }: Refusal,
  work: (temp: string) => Promise<ObservedRun>,
): Promise<ObservedRun> {
  const temp = join(mkdtempSync(join(folder, 'refused-')), 'temp');
  mkdirSync(temp);
  const before = untouched.map(fileContents);
  const run = await work(temp);
  expect(untouched.map(fileContents)).toEqual(before);
  expect(writes).toEqual([]);
  expect(readdirSync(temp)).toEqual([]);
  return run;
}

function checked(line: string, { message, names = [] }: Refusal, run: ObservedRun): string {
  expect(line).toMatch(message);
  expect(line).toMatch(/\. [A-Z][a-z]+ /);
  for (const name of names) expect(line).toContain(name);
  expect(line).not.toContain('Internal error');
  expect(run.report ?? '').not.toMatch(/"rootHash"|"referrer"/);
  return line;
}
