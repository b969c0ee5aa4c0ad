import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programPath } from './programs.ts';
import { checkReportsOf } from './report-schema.ts';
import { toolEnvironment } from './tools.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

export interface CliResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Without root's rights: as uid 1001 if the tests run as root, else as the user of the tests. */
  unprivileged?: boolean;
  /** Words before `node`, such as those of a wrapper. */
  prefix?: readonly string[];
  /** Another Node than that of the tests. */
  node?: string;
  /** What it reads from standard input, by a socket, as Node gives one. Default: nothing. */
  stdin?: string;
  /** Told when the process has started. */
  onStart?: (pid: number) => void;
}

/** Runs the CLI of this checkout in a process of its own, and holds its reports against their schemas. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const result = await start(args, options);
  if (result.status !== null && options.prefix === undefined) {
    checkReportsOf(args, result.stdout, options.cwd ?? process.cwd());
  }
  return result;
}

function start(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const plain = [...(options.prefix ?? []), options.node ?? process.execPath, programPath('cli'), ...args];
  const drop = options.unprivileged === true && process.geteuid?.() === 0;
  const place = drop ? mkdtempSync(join(tmpdir(), 'verity-sign-checkout-')) : ROOT;
  const [program = '', ...rest] = drop ? asOrdinaryUser(plain, place) : plain;
  const { PATH = '', ...env } = toolEnvironment(options.env);
  const child = spawn(program, rest, {
    cwd: options.cwd,
    env: { ...env, PATH: PATH.replaceAll(ROOT, place) },
    // A shell whose standard input is a socket reads the user's profile.
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  // A run that reads nothing closes its end.
  child.stdin?.on('error', () => undefined).end(options.stdin);
  if (child.pid !== undefined) options.onStart?.(child.pid);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/**
 * Wraps a command so that it runs as uid 1001 without any other rights. A checkout may lie where only
 * root can go, so it is mounted at `place` for this command only, and paths into it are replaced.
 */
function asOrdinaryUser(argv: readonly string[], place: string): string[] {
  const script = `place=$1 root=$2; shift 2
    trap 'rmdir "$place"' EXIT
    unshare --mount -- sh -c 'mount --bind "$2" "$1" && cd / && shift 2 &&
      exec setpriv --reuid 1001 --regid 1001 --clear-groups -- "$@"' sh "$place" "$root" "$@"`;
  return ['sh', '-c', script, 'sh', place, ROOT, ...argv.map((word) => word.replaceAll(ROOT, place))];
}

/** As `cli`, for runs that must succeed. */
export async function cliOk(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const result = await cli(args, options);
  if (result.status !== 0) throw new Error(`exit status ${result.status}: ${result.stderr}`);
  return result;
}
