import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { createFolder, whyNotCreatable, whyNotFolder } from '../../lib/writable.ts';
import { harmlessJson } from './foreign-text.ts';

/**
 * Refuses a report path that cannot be written to, before any work.
 * @param label the input or option, such as `option --report`
 * @throws VeritySignError 'environment'
 */
export function checkReportPath(name: string, label: string): void {
  const path = resolve(name);
  const reason = whyNotCreatable(path);
  if (reason === undefined) return;
  throw new VeritySignError('environment', `${label}: ${path} cannot be written to (${reason})`, {
    remedy: 'Set it to a path that this user may write to',
  });
}

/**
 * Refuses a folder of the runner in which an Action cannot create the report, before any work.
 * @throws VeritySignError 'environment'
 */
export function checkActionFolder(): void {
  const folder = actionFolder();
  const reason = whyNotFolder(folder);
  if (reason === undefined) return;
  throw new VeritySignError('environment', `RUNNER_TEMP: the folder ${folder} is not writable (${reason})`, {
    remedy: `${AS_OWNER}, or set report to a path that this user may write to`,
  });
}

/** What to do where files of the runner belong to another user. */
export const AS_OWNER =
  "Run the job's container as the user to whom the runner's files belong (container: options: --user ID)";

/**
 * Writes the JSON report, harmless where a step prints it, and creates missing parent folders. Returns its
 * absolute path. If it cannot be written, which was checked before, a copy in a temporary folder remains.
 * Error: `environment`.
 * @param complete false if the run failed
 */
export function writeReport(text: string, name: string, complete: boolean): string {
  const path = resolve(name);
  try {
    write(text, path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const copy = copyOf(text, tmpdir());
    const where = copy === undefined ? '' : `; it is in ${copy}`;
    const which = complete ? 'the run is complete, but its report' : 'the report of what was done';
    const what = `${which} cannot be written to ${path} (${reason})${where}`;
    throw new VeritySignError('environment', what, {
      remedy: 'Free space, or set report to a path that this user may write to, and run it again',
      cause,
    });
  }
  return path;
}

/**
 * The Actions always write a report: to `wanted`, else to a temporary file. Signatures are attached by then, so
 * a failure is no error: another folder is used, and the last resort is the log.
 * @param warn gets a line about each failure
 * @param print gets the report itself if no file can be written
 * @returns its absolute path; empty if there is none
 */
export function writeActionReport(
  text: string,
  wanted: string | undefined,
  warn: (line: string) => void = () => undefined,
  print: (json: string) => void = () => undefined,
): string {
  let reason = '';
  if (wanted !== undefined) {
    const path = resolve(wanted);
    try {
      write(text, path);
      return path;
    } catch (error) {
      reason = `the report cannot be written to ${path} (${(error as NodeJS.ErrnoException).code ?? error})`;
    }
  }
  for (const folder of new Set([actionFolder(), tmpdir()])) {
    const copy = copyOf(text, folder);
    if (copy === undefined) {
      reason ||= `the report cannot be written to the folder ${folder}`;
      continue;
    }
    if (reason !== '') warn(`${reason}: it is in ${copy}`);
    return copy;
  }
  warn(`${reason}: it follows in the log`);
  print(harmlessJson(text));
  return '';
}

function actionFolder(): string {
  return process.env.RUNNER_TEMP || tmpdir();
}

function write(text: string, path: string): void {
  createFolder(dirname(path));
  writeFileSync(path, harmlessJson(text));
}

/** Path of a new file with the report; undefined if that folder takes none. */
function copyOf(text: string, parent: string): string | undefined {
  try {
    const path = join(mkdtempSync(join(parent, 'verity-sign-report-')), 'report.json');
    write(text, path);
    return path;
  } catch {
    return undefined;
  }
}
