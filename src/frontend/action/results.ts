import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { writeReport } from '../output/report-file.ts';
import { renderFailure } from '../render/failure-summary.ts';

/** Writes the JSON report, without a wanted path to a temporary file. Returns its absolute path. */
export function writeActionReport(text: string, wanted: string | undefined): string {
  const folder = (): string => mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'verity-sign-report-'));
  return writeReport(text, wanted ?? join(folder(), 'report.json'));
}

/** A summary that cannot be written (the runner may have none) takes nothing away from the result. */
export async function writeSummary(markdown: string): Promise<void> {
  try {
    await core.summary.addRaw(markdown).write();
  } catch (error) {
    core.warning(`The job summary could not be written: ${error instanceof Error ? error.message : error}`);
  }
}

/** Does `work`; if it fails, the job summary says why under `title`, and the error goes on. */
export async function toldInSummary<T>(show: boolean, title: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (show) await writeSummary(renderFailure(title, error));
    throw error;
  }
}
