import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CliResult, cli } from '../cli.ts';

const PRELOAD = fileURLToPath(new URL('./preload.ts', import.meta.url));

export type Signal = 'SIGKILL' | 'SIGTERM';

/** Runs the CLI, which gets a signal at the nth change of a file below a folder. */
export function stoppedAt(
  args: readonly string[],
  below: string,
  nth: number,
  signal: Signal,
): Promise<CliResult> {
  return cli(args, { env: { ...preload(below), STOP_AT: String(nth), STOP_SIGNAL: signal } });
}

/** The changes of files below a folder that a run makes: the name of a function of Node for each. */
export async function changesOf(args: readonly string[], below: string): Promise<string[]> {
  const log = join(mkdtempSync(join(tmpdir(), 'test-changes-')), 'log');
  const { status, stderr } = await cli(args, { env: { ...preload(below), STOP_LOG: log } });
  if (status !== 0) throw new Error(`exit status ${status}: ${stderr}`);
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
}

function preload(below: string): Record<string, string> {
  return { NODE_OPTIONS: `--no-warnings --import=${PRELOAD}`, STOP_BELOW: below };
}
