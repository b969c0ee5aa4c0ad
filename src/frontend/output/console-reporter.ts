import type { Writable } from 'node:stream';
import type { Logger } from '../../logger.ts';
import { printable } from './printable.ts';
import { progressLine } from './progress-line.ts';

export interface ConsoleOptions {
  /** A terminal gets one progress line that is redrawn; any other output gets a new line at intervals. */
  terminal: boolean;
  debug: boolean;
  /** Milliseconds; for tests. */
  clock?: () => number;
}

const REDRAW = 100;
const PLAIN_INTERVAL = 10_000;
const CLEAR = '\r\u001b[K';

/** A logger that writes to `out`, which is standard error: standard output is for results. */
export function consoleLogger(out: Writable, options: ConsoleOptions): Logger {
  const clock = options.clock ?? Date.now;
  const lastShown = new Map<string, number>();
  let drawn = Number.NEGATIVE_INFINITY;
  let statusShown = false;

  const write = (prefix: string, message: string): void => {
    if (statusShown) out.write(CLEAR);
    statusShown = false;
    for (const line of printable(message).split('\n')) out.write(`${prefix}${line}\n`);
  };

  const progress = (task: string, done: number, total: number | undefined): void => {
    const now = clock();
    if (options.terminal) {
      if (now - drawn < REDRAW) return;
      drawn = now;
      out.write(`${CLEAR}${printable(progressLine(task, done, total))}`);
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
      if (options.debug) write(`${prefix}debug: `, message);
    },
    info: (message) => write(prefix, message),
    warn: (message) => write(`${prefix}warning: `, message),
    group: (title, work) => work(logger(`${printable(title)}: `)),
    progress,
  });
  return logger('');
}
