import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { harmlessJson } from './foreign-text.ts';

/**
 * Writes the JSON report, harmless where a step prints it, and creates missing parent folders. Returns its
 * absolute path. Error: `environment`.
 */
export function writeReport(text: string, name: string): string {
  const path = resolve(name);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, harmlessJson(text));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VeritySignError(
      'environment',
      `the run is complete, but its report cannot be written to ${path} (${reason})`,
      {
        remedy: 'Set report to a path that this user may write to, and run it again',
        cause,
      },
    );
  }
  return path;
}

/** The Actions always write a report: to `wanted`, else to a temporary file. Returns its absolute path. */
export function writeActionReport(text: string, wanted: string | undefined): string {
  const folder = (): string => mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'verity-sign-report-'));
  return writeReport(text, wanted ?? join(folder(), 'report.json'));
}
