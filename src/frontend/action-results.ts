import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as core from '@actions/core';

/** Writes the JSON report, without a wanted path to a temporary file. Returns its absolute path. */
export function writeReport(text: string, wanted: string | undefined): string {
  const path =
    wanted === undefined
      ? join(mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'verity-sign-report-')), 'report.json')
      : resolve(wanted);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A summary that cannot be written (the runner may have none) takes nothing away from the result. */
export async function writeSummary(markdown: string): Promise<void> {
  try {
    await core.summary.addRaw(markdown).write();
  } catch (error) {
    core.warning(`The job summary could not be written: ${error instanceof Error ? error.message : error}`);
  }
}
