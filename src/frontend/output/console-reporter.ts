import type { Writable } from 'node:stream';
import type { Logger } from '../../logger.ts';
import { shortDigests } from '../render/format.ts';
import { textWidth } from '../render/text-width.ts';
import { harmless, splitLines } from './foreign-text.ts';
import { progressLine } from './progress-line.ts';
import { columnsOf } from './standard-streams.ts';
import { clearStatus, drawStatus } from './status-line.ts';

export interface ConsoleOptions {
  /** Columns of the terminal at this moment. Without it, the output is not a terminal that can redraw a line. */
  columns?: () => number;
  /** `quiet`: warnings only. */
  level: 'debug' | 'normal' | 'quiet';
  /** Milliseconds; for tests. */
  clock?: () => number;
}

/** Of a terminal that does not know its width, such as one that docker opens. */
const USUAL_COLUMNS = 80;

/** The logger of the CLI: standard output is for results, so it writes to standard error. */
export function standardErrorLogger(
  level: ConsoleOptions['level'],
  env: NodeJS.ProcessEnv = process.env,
): Logger {
  const columns = (): number =>
    Math.min(process.stderr.columns || USUAL_COLUMNS, columnsOf(env) ?? Number.POSITIVE_INFINITY);
  // The log of a CI system keeps each redrawn line, also if the job has a terminal.
  const redraws = process.stderr.isTTY === true && env.TERM !== 'dumb' && !env.CI;
  return consoleLogger(process.stderr, { level, ...(redraws ? { columns } : {}) });
}

const REDRAW = 100;
const PLAIN_INTERVAL = 10_000;

/**
 * A logger that writes to `out`. A terminal gets one progress line that is redrawn; any other output gets a new line
 * at intervals.
 */
export function consoleLogger(out: Writable, options: ConsoleOptions): Logger {
  const { columns } = options;
  const clock = options.clock ?? Date.now;
  const lastShown = new Map<string, number>();
  let drawn = Number.NEGATIVE_INFINITY;

  const write = (prefix: string, message: string, shorten = false): void => {
    clearStatus();
    for (const line of splitLines(message)) {
      const whole = harmless(`${prefix}${line}`);
      const tooLong = shorten && columns !== undefined && textWidth(whole) > columns();
      out.write(`${tooLong ? shortDigests(whole) : whole}\n`);
    }
  };

  const progress = (task: string, done: number, total: number | undefined): void => {
    const now = clock();
    if (columns !== undefined) {
      if (now - drawn < REDRAW) return;
      drawn = now;
      // A terminal may go to its next line when the last column is written to.
      drawStatus(out, progressLine(harmless(task), done, total, columns() - 1));
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
      if (options.level !== 'quiet') write(prefix, message, true);
    },
    warn: (message) => write(`${prefix}warning: `, message),
    group: (title, work) => work(logger(`${harmless(title)}: `)),
    progress: options.level === 'quiet' ? () => undefined : progress,
  });
  return logger('');
}
