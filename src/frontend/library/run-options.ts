import { VeritySignError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { splitLines } from '../output/foreign-text.ts';

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
  /** Recorded as the time of creation of new signatures. Default: now. */
  created?: Date | undefined;
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
  const stop = (): void => {
    controller.abort(new VeritySignError('cancelled', 'stopped by the caller', { cause: outer?.reason }));
  };
  if (outer?.aborted === true) stop();
  outer?.addEventListener('abort', stop, { once: true });
  try {
    controller.signal.throwIfAborted();
    return await work(controller.signal);
  } finally {
    outer?.removeEventListener('abort', stop);
  }
}
