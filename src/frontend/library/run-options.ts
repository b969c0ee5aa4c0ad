import { isDate } from 'node:util/types';
import { VeritySignError } from '../../errors.ts';
import { onAbort } from '../../lib/concurrent.ts';
import type { Logger } from '../../logger.ts';
import { splitLines } from '../output/foreign-text.ts';
import { isRecordable } from '../run-context.ts';

/**
 * Receives the progress of a run; `console` is one. A message is one line, without control characters, and begins with
 * what it is about if several layers are processed concurrently.
 */
export interface RunLogger {
  debug?(message: string): void;
  info?(message: string): void;
  warn?(message: string): void;
  /** Bytes of a long task that are done; `total` is undefined if it is not known. */
  progress?(task: string, done: number, total: number | undefined): void;
}

/** How a function of the library runs, whatever it does. */
export interface RunOptions {
  /** Default: nothing is logged. */
  logger?: RunLogger | undefined;
  /** Ends the run with the code `cancelled`, once its temporary files are removed. */
  signal?: AbortSignal | undefined;
  /**
   * Values that `env://NAME` names. A name that is missing here is looked up in the environment of the process, which
   * stays as it is.
   */
  secrets?: Readonly<Record<string, string>> | undefined;
  /** Recorded as the time of creation of new signatures: not after the year 9999. Default: now. */
  created?: Date | undefined;
}

/**
 * Refuses what is not a {@link RunOptions} before any work: callers in JavaScript have no compiler.
 * @throws VeritySignError 'usage'
 */
export function checkRunOptions({ logger, signal, secrets, created }: RunOptions): void {
  const wrong = (name: string, expected: string): VeritySignError =>
    new VeritySignError('usage', `${name} is not ${expected}`, { remedy: `Give ${expected}, or omit it` });
  const functions = [logger?.debug, logger?.info, logger?.warn, logger?.progress];
  if (logger === null || functions.some((log) => log !== undefined && typeof log !== 'function')) {
    throw wrong('logger', 'an object with functions debug, info, warn and progress, or some of these');
  }
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw wrong('signal', 'an AbortSignal');
  }
  if (secrets !== undefined && !isOfStrings(secrets)) throw wrong('secrets', 'an object of strings');
  if (created !== undefined && !(isDate(created) && isRecordable(created))) {
    throw wrong('created', 'a Date from the year 0 to the year 9999');
  }
}

function isOfStrings(value: unknown): boolean {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && Object.values(value).every((one) => typeof one === 'string');
}

/** The logger of the core, which has groups, on top of a caller's. */
export function coreLogger(logger: RunLogger, prefix = ''): Logger {
  const write = (level: 'debug' | 'info' | 'warn', message: string): void => {
    for (const line of splitLines(message)) logger[level]?.(`${prefix}${line}`);
  };
  return {
    debug: (message) => write('debug', message),
    info: (message) => write('info', message),
    warn: (message) => write('warn', message),
    group: (title, work) => work(coreLogger(logger, `${prefix}${splitLines(title).join(' ')}: `)),
    progress: (task, done, total) => logger.progress?.(splitLines(task).join(' '), done, total),
  };
}

/**
 * Runs `work` with a signal that aborts with the caller's, for a reason of this program. The caller's signal may
 * outlive the run: no listener stays on it.
 */
export async function withSignal<T>(
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const release = onAbort(outer, () => {
    controller.abort(new VeritySignError('cancelled', 'stopped by the caller', { cause: outer?.reason }));
  });
  try {
    controller.signal.throwIfAborted();
    return await work(controller.signal);
  } finally {
    release();
  }
}
