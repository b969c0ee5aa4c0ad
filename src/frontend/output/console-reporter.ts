import type { Writable } from 'node:stream';
import type { Logger } from '../../logger.ts';
import { harmless, splitLines } from './foreign-text.ts';
import { progressLine } from './progress-line.ts';
import { ERASE_LINE } from './stream-guard.ts';

export interface ConsoleOptions {
  /** A terminal gets one progress line that is redrawn; any other output gets a new line at intervals. */
  terminal: boolean;
  /** `quiet`: warnings only. */
  level: 'debug' | 'normal' | 'quiet';
  /** Milliseconds; for tests. */
  clock?: () => number;
}

/** The logger of the CLI: standard output is for results, so it writes to standard error. */
export function standardErrorLogger(level: ConsoleOptions['level']): Logger {
  return consoleLogger(process.stderr, { terminal: process.stderr.isTTY === true, level });
}

const REDRAW = 100;
const PLAIN_INTERVAL = 10_000;

/** A logger that writes to `out`. */
export function consoleLogger(out: Writable, options: ConsoleOptions): Logger {
  const clock = options.clock ?? Date.now;
  const lastShown = new Map<string, number>();
  let drawn = Number.NEGATIVE_INFINITY;
  let statusShown = false;

  const write = (prefix: string, message: string): void => {
    if (statusShown) out.write(ERASE_LINE);
    statusShown = false;
    for (const line of splitLines(message)) out.write(`${harmless(`${prefix}${line}`)}\n`);
  };

  const progress = (task: string, done: number, total: number | undefined): void => {
    const now = clock();
    if (options.terminal) {
      if (now - drawn < REDRAW) return;
      drawn = now;
      out.write(`${ERASE_LINE}${harmless(progressLine(task, done, total))}`);
      statusShown = true;
      return;
    }
    // The first line comes after an interval, too: short tasks stay silent.
    const before = lastShown.get(task) ?? now;
    lastShown.set(task, before);
    if (now - before < PLAIN_INTERVAL) return;
    lastShown.set(task, now);
    write('', progressLine(task, done, total));
  };

  const logger = (prefix: string): Logger => ({
    debug: (message) => {
      if (options.level === 'debug') write(`${prefix}debug: `, message);
    },
    info: (message) => {
      if (options.level !== 'quiet') write(prefix, message);
    },
    warn: (message) => write(`${prefix}warning: `, message),
    group: (title, work) => work(logger(`${harmless(title)}: `)),
    progress: options.level === 'quiet' ? () => undefined : progress,
  });
  return logger('');
}
