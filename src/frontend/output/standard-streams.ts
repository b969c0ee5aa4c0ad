import { describeError } from '../../errors.ts';
import { type HarmlessText, harmless } from './foreign-text.ts';

/** A reader that closes the pipe (`| head`) must not end the run before it has cleaned up. */
export function surviveClosedPipes(): void {
  for (const out of [process.stdout, process.stderr]) {
    out.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Prints a result of the CLI to standard output. */
export function printResult(text: HarmlessText): void {
  process.stdout.write(text);
}

/** Prints a table to standard output, below an empty line if another is above it. */
export function printTable(table: HarmlessText, below: boolean): void {
  if (below) process.stdout.write('\n');
  printResult(table);
}

/** Prints one line about a failure of the CLI to standard error. */
export function printFailure(line: string): void {
  process.stderr.write(`verity-sign: ${harmless(line)}\n`);
}

/** Prints an error of the CLI and returns its exit status. */
export function printError(error: unknown): number {
  const { line, status } = describeError(error);
  printFailure(line);
  return status;
}

/** Columns of the terminal; undefined if standard output is none. */
export function outputColumns(): number | undefined {
  return process.stdout.columns;
}
