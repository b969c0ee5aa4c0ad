import * as core from '@actions/core';
import { describeError, VeritySignError } from '../../errors.ts';
import { whyNotWritable } from '../../lib/writable.ts';
import { harmless, splitLines } from './foreign-text.ts';
import { AS_OWNER } from './report-file.ts';

/** Everything that the Actions tell the runner. No other file of the sources calls these functions of the toolkit. */

/** Prints a text of one or more lines to the log. */
export function info(text: string): void {
  for (const line of splitLines(text)) core.info(line);
}

/** Prints lines that the log shows only if the runner's debug log is on. */
export function debug(text: string): void {
  for (const line of splitLines(text)) core.debug(line);
}

/** Adds a warning to the log and to the annotations of the run. */
export function warn(text: string): void {
  core.warning(splitLines(text).join('\n'));
}

/** Prints texts that the log shows folded under a title. A single line is not worth a fold: it follows the title. */
export function infoGroup(title: string, texts: readonly string[]): void {
  const heading = splitLines(title).join(' ');
  const lines = texts.flatMap(splitLines);
  if (lines.length < 2) {
    info([heading, ...lines].join(': '));
    return;
  }
  core.startGroup(heading);
  for (const line of lines) info(line);
  core.endGroup();
}

/** Fails the step with one error annotation; each item is one line of it. */
export function failStep(lines: readonly string[]): void {
  core.setFailed(lines.map(harmless).join('\n'));
}

/** Fails the step because of an error and returns the exit status of the process. */
export function failWith(error: unknown): number {
  failStep([describeError(error).line]);
  return 1;
}

/** Hides a value in the log, also in the form in which the log would show it. */
export function maskSecret(value: string): void {
  core.setSecret(value);
  if (harmless(value) !== value) core.setSecret(harmless(value));
}

/**
 * Looks at the files through which an Action gives the runner its outputs and summary, before any work. Without
 * a summary the run goes on.
 * @returns whether a summary that is wanted can be written
 * @throws VeritySignError 'environment' if outputs cannot be set
 */
export function checkRunnerFiles({ summary }: { summary: boolean }): boolean {
  const { GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: markdown } = process.env;
  const reason = outputs ? whyNotWritable(outputs) : undefined;
  if (reason !== undefined) {
    const what = `GITHUB_OUTPUT: the file ${outputs} is not writable (${reason}), so no output could be set`;
    throw new VeritySignError('environment', what, { remedy: AS_OWNER });
  }
  if (!outputs) warn('GITHUB_OUTPUT is not set: the step has no outputs. The report has all values');
  const why = summary && markdown ? whyNotWritable(markdown) : undefined;
  if (why === undefined) return summary;
  warn(
    `GITHUB_STEP_SUMMARY: the file ${markdown} is not writable (${why}): there is no job summary. ${AS_OWNER}`,
  );
  return false;
}

/**
 * Sets the outputs of the step. Values stay exact: JSON must come from harmlessJson. The work is done by now, so
 * a failure, which was checked for before, is a warning.
 */
export function setOutputs(values: Readonly<Record<string, string>>): void {
  if (!process.env.GITHUB_OUTPUT) return;
  try {
    for (const [name, value] of Object.entries(values)) core.setOutput(name, value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const path = values['report-path'];
    warn(
      `the outputs could not be set (${reason}). ${path ? `The report ${path}` : 'The log'} has all values`,
    );
  }
}

/** Appends Markdown to the job summary. */
export async function appendSummary(markdown: string): Promise<void> {
  await core.summary.addRaw(markdown).write();
}
