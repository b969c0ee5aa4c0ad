import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { VeritySignError } from '../../errors.ts';

/** Writes the JSON report and the folders it lies in. Returns its absolute path. Error: `environment`. */
export function writeReport(text: string, name: string): string {
  const path = resolve(name);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VeritySignError(
      'environment',
      `the run has ended, but its report cannot be written to ${path} (${reason})`,
      {
        remedy: 'Name a file that this user may write to with report, and run it again',
        cause,
      },
    );
  }
  return path;
}
