import { describeError, VeritySignError } from '../../errors.ts';
import { beforeFirstUse, isUnused, mayBeTerminal, type StandardStream } from './first-use.ts';
import { type HarmlessText, harmless } from './foreign-text.ts';
import { clearStatus } from './status-line.ts';
import { writeAtOnce, writePublicPem } from './stream-guard.ts';

const STREAMS = ['stdout', 'stderr'] as const;
/** Milliseconds in which a process that ends waits for its readers. */
const EXIT_PATIENCE = 10_000;

/** Why standard output could not be written to. A reader that closes the pipe (`| head`) has read enough. */
let outputFailure: NodeJS.ErrnoException | undefined;

/**
 * Standard streams that cannot be written to must not end the run before it has reported what it did and cleaned
 * up: see {@link requireOutput}. What standard error would have shown is lost.
 */
export function surviveClosedPipes(): void {
  beforeFirstUse('stderr', (stream) => stream.on('error', () => undefined));
  beforeFirstUse('stdout', (stream) =>
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') outputFailure ??= error;
    }),
  );
}

/**
 * Waits until all results are written to standard output.
 * @throws VeritySignError 'environment' if they could not be
 */
export async function requireOutput(): Promise<void> {
  if (isUnused('stdout')) return;
  await written('stdout');
  // The event follows the callback.
  await new Promise<void>((resolve) => setImmediate(resolve));
  if (outputFailure === undefined) return;
  const reason = outputFailure.code ?? outputFailure.message;
  throw new VeritySignError('environment', `standard output cannot be written to (${reason})`, {
    remedy: 'Free space on the disk to which it is redirected, or redirect it elsewhere, and run again',
    cause: outputFailure,
  });
}

/**
 * Ends the process when its readers have taken all output: process.exit() drops what a full pipe has not taken. It does
 * not wait for a reader that is gone or that reads nothing.
 */
export async function exitWhenWritten(status = process.exitCode): Promise<never> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, EXIT_PATIENCE));
  await Promise.race([late, allWritten()]);
  process.exit(status);
}

/**
 * Ends the process of a run that failed, as soon as its readers have taken all output, however slow they are. A request
 * that the run gave up may hold a socket, for which the process would wait.
 */
export async function exitIfFailed(): Promise<void> {
  if (process.exitCode === undefined || process.exitCode === 0) return;
  await allWritten();
  process.exit();
}

async function allWritten(): Promise<void> {
  // An error here has no reader either.
  for (const name of STREAMS) if (!isUnused(name)) process[name].on('error', () => undefined);
  await Promise.all(STREAMS.map(written));
}

async function written(name: StandardStream): Promise<void> {
  if (isUnused(name)) return;
  await new Promise<void>((resolve) => process[name].write('', () => resolve()));
}

/** Prints a result of the CLI to standard output. */
export function printResult(text: HarmlessText): void {
  clearStatus();
  process.stdout.write(text);
}

/** Prints a text that is all that the CLI prints. */
export function printAlone(text: HarmlessText): void {
  writeAtOnce(text);
}

/** Prints a table, below an empty line if another is above it. */
export function printTable(table: HarmlessText, below: boolean, stream: StandardStream): void {
  clearStatus();
  process[stream].write(below ? `\n${table}` : table);
}

/** Prints a certificate or certificate request in PEM to standard output. */
export function printPem(pem: string): void {
  clearStatus();
  writePublicPem(process.stdout, pem);
}

/** Prints one line about a failure of the CLI to standard error. */
export function printFailure(line: string): void {
  clearStatus();
  process.stderr.write(`verity-sign: ${harmless(line)}\n`);
}

/** Prints an error of the CLI and returns its exit status. */
export function printError(error: unknown): number {
  const { line, status } = describeError(error);
  printFailure(line);
  return status;
}

/**
 * Columns for tables: `COLUMNS` if it is set, else those of the terminal. Undefined if the stream is not a terminal:
 * what reads it there gets complete lines.
 */
export function outputColumns(
  stream: StandardStream = 'stdout',
  env: NodeJS.ProcessEnv = process.env,
): number | undefined {
  return columnsOf(env) ?? ((mayBeTerminal(stream) && process[stream].columns) || undefined);
}

/** `COLUMNS` as POSIX defines it: a positive integer; anything else counts as unset. */
export function columnsOf({ COLUMNS }: NodeJS.ProcessEnv): number | undefined {
  return COLUMNS !== undefined && /^[1-9]\d{0,4}$/.test(COLUMNS) ? Number(COLUMNS) : undefined;
}
