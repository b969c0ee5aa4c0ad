import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { isSystemLimit, VeritySignError } from '../../errors.ts';
import { onAbort } from '../concurrent.ts';
import { withAbsolutePath } from './environment.ts';
import { SystemLimitError } from './system-limit.ts';

export interface RunOptions {
  cwd?: string;
  /** The complete environment of the child: it inherits nothing. Folders of PATH that are relative are omitted. */
  env: Readonly<Record<string, string>>;
  /** Default: no standard input. It is not an error if the child stops reading. */
  stdin?: Uint8Array | string;
  /** Instead of `stdin`: the file descriptor of the child's standard input. */
  stdinFd?: number;
  /** Milliseconds after which the child's process group is killed. */
  timeout?: number;
  signal?: AbortSignal;
  /** Largest standard output in bytes; more is an error. Default 64 MiB. */
  maxOutput?: number;
  /** What messages call the program. Default: the first word of its command. */
  name?: string;
  /** Replaced by `***` in what an error holds of the child's outputs, and in `stderr`. */
  secrets?: readonly string[];
  /** Ends a process group that this user may not signal, such as a child of sudo. */
  killGroup?: (pid: number) => void;
}

export interface RunResult {
  stdout: Buffer;
  stderr: string;
}

/** The child failed: exit status, signal or timeout, with the end of its standard error. */
export class ToolError extends VeritySignError {
  readonly exitCode: number | undefined;
  readonly killedBy: NodeJS.Signals | undefined;
  readonly stderr: string;
  /** What `run` had read of standard output; empty for `stream`. */
  stdout = '';
  readonly timedOut: boolean;

  constructor(
    message: string,
    outcome: { exitCode?: number; killedBy?: NodeJS.Signals; stderr?: string; timedOut?: boolean },
    cause?: unknown,
  ) {
    super('environment', message, { cause });
    this.name = 'ToolError';
    this.exitCode = outcome.exitCode;
    this.killedBy = outcome.killedBy;
    this.stderr = outcome.stderr ?? '';
    this.timedOut = outcome.timedOut ?? false;
  }
}

const STDERR_KEPT = 16 * 1024;
const DEFAULT_MAX_OUTPUT = 64 * 1024 * 1024;

/** Runs a program to its end and returns its output. Rejects with ToolError unless it exits 0. */
export async function run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const child = start(argv, options);
  const chunks: Buffer[] = [];
  const limit = options.maxOutput ?? DEFAULT_MAX_OUTPUT;
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) {
      child.fail(new ToolError(`${options.name ?? argv[0]} wrote more than ${limit} bytes`, {}));
    } else {
      chunks.push(chunk);
    }
  });
  try {
    const stderr = await child.ended;
    return { stdout: Buffer.concat(chunks), stderr };
  } catch (error) {
    if (error instanceof ToolError) {
      error.stdout = redactor(options.secrets ?? [])(Buffer.concat(chunks).toString('utf8'));
    }
    throw error;
  }
}

/**
 * Starts a program whose standard output is a stream. The stream ends only after the program has
 * exited 0; otherwise it errors with ToolError. Destroying the stream kills the program.
 */
export function stream(argv: readonly string[], options: RunOptions): Readable {
  const child = start(argv, options);
  const out = new PassThrough({ highWaterMark: 1024 * 1024 });
  child.stdout.pipe(out, { end: false });
  child.ended.then(
    () => out.end(),
    (error: Error) => out.destroy(error),
  );
  return out.once('close', () => {
    child.kill();
    child.stdout.destroy();
  });
}

interface Child {
  stdout: Readable;
  /** Standard error, once the child has exited 0 and its streams are closed. */
  ended: Promise<string>;
  kill(): void;
  fail(error: Error): void;
}

function start(argv: readonly string[], options: RunOptions): Child {
  const [program, ...args] = argv;
  if (program === undefined) throw new TypeError('empty argv');
  const name = options.name ?? program;
  options.signal?.throwIfAborted();
  // In its own process group, so that the program's children end with it.
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: withAbsolutePath(options.env),
    detached: true,
    stdio: [options.stdinFd ?? (options.stdin === undefined ? 'ignore' : 'pipe'), 'pipe', 'pipe'],
  });
  let failure: Error | undefined;
  let closed = false;
  const kill = (): void => {
    // Also when the child itself has ended: its own children may hold its outputs open.
    if (!closed) killGroup(child, options.killGroup);
  };
  const fail = (error: Error): void => {
    failure ??= error;
    kill();
    // A process that has left the group may hold them open; do not wait for it.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };

  const stderr = new RedactedEnd(options.secrets ?? []);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => stderr.add(text));
  const timer =
    options.timeout === undefined
      ? undefined
      : setTimeout(() => {
          fail(new ToolError(`${name} did not finish within ${options.timeout} ms`, { timedOut: true }));
        }, options.timeout);
  const release = onAbort(options.signal, () =>
    fail(new VeritySignError('cancelled', `${name} was stopped`)),
  );

  // A child may stop reading early.
  child.stdin?.on('error', () => undefined).end(options.stdin);
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(notStarted(name, error, options.cwd));
    });
    child.once('close', (exitCode, killedBy) => {
      closed = true;
      const said = stderr.text().trim();
      if (failure) reject(failure);
      else if (exitCode === 0) resolve(said);
      else reject(failed(name, exitCode, killedBy, said));
    });
  }).finally(() => {
    clearTimeout(timer);
    release();
  });
  // Callers may await it later: until then the rejection is not unhandled.
  ended.catch(() => undefined);
  // Without free file descriptors the program is not started and has no stdout.
  return { stdout: child.stdout ?? Readable.from([]), ended, kill, fail };
}

function notStarted(program: string, error: NodeJS.ErrnoException, cwd: string | undefined): VeritySignError {
  const code = error.code ?? error.message;
  if (isSystemLimit(error)) return new SystemLimitError(`${program} cannot be started (${code})`, error);
  // The system reports a missing folder as if the program were missing.
  if (code === 'ENOENT' && cwd !== undefined && !existsSync(cwd)) {
    return new VeritySignError('environment', `${program} cannot be started: the folder ${cwd} is gone`, {
      remedy: 'Keep other programs from removing it during the run, or set temp-dir to another folder',
      cause: error,
    });
  }
  const reason = code === 'ENOENT' ? 'is not installed' : `cannot be started (${code})`;
  return new ToolError(`${program} ${reason}`, {}, error);
}

function failed(
  program: string,
  exitCode: number | null,
  killedBy: NodeJS.Signals | null,
  stderr: string,
): ToolError {
  const how = killedBy === null ? `exit status ${exitCode}` : `ended by ${killedBy}`;
  const message = stderr === '' ? `${program}: ${how}` : `${program}: ${how}: ${stderr}`;
  return new ToolError(message, {
    ...(exitCode === null ? {} : { exitCode }),
    ...(killedBy === null ? {} : { killedBy }),
    stderr,
  });
}

function killGroup(child: ChildProcess, other: ((pid: number) => void) | undefined): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') other?.(child.pid);
  }
}

/** Replaces secrets in texts by `***`: the longest first, because one may be a part of another. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const present = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  return (text) => present.reduce((out, secret) => out.replaceAll(secret, '***'), text);
}

/** The end of a text that comes in parts, without secrets. */
class RedactedEnd {
  readonly #secrets: readonly string[];
  /** Characters of what is kept before it is redacted: as much, and the longest secret. */
  readonly #most: number;
  #end = '';
  #isCut = false;

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
    this.#most = STDERR_KEPT + Math.max(0, ...secrets.map(({ length }) => length));
  }

  add(text: string): void {
    this.#end += text;
    if (this.#end.length <= this.#most) return;
    this.#isCut = true;
    this.#end = this.#end.slice(-this.#most);
  }

  text(): string {
    // The end of a secret that was cut is not recognised as one.
    const cut = this.#isCut ? Math.max(0, ...this.#secrets.map((secret) => tailIn(secret, this.#end))) : 0;
    return redactor(this.#secrets)(this.#end.slice(cut)).slice(-STDERR_KEPT);
  }
}

/** Characters of the longest end of a secret with which the text begins, less than the whole. */
function tailIn(secret: string, text: string): number {
  for (let length = secret.length - 1; length > 0; length--) {
    if (text.startsWith(secret.slice(-length))) return length;
  }
  return 0;
}
