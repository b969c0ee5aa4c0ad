import * as core from '@actions/core';
import type { Logger } from '../../logger.ts';
import { logLines } from './printable.ts';
import { progressLine } from './progress-line.ts';

const PROGRESS_INTERVAL = 30_000;

/**
 * A logger for the runner's log. The log's groups cannot nest, and several may run at once, so the
 * lines of a group are collected and printed together when its work ends or fails.
 */
export function actionLogger(clock: () => number = Date.now): Logger {
  const lastShown = new Map<string, number>();

  const logger = (emit: (line: string) => void): Logger => {
    const each = (message: string, print: (line: string) => void): void => {
      for (const line of logLines(message)) print(line);
    };
    return {
      debug: (message) => each(message, core.debug),
      info: (message) => each(message, emit),
      // An annotation is shown at once, outside of all groups.
      warn: (message) => core.warning(logLines(message).join('\n')),
      group: async (title, work) => {
        const lines: string[] = [];
        try {
          return await work(logger((line) => lines.push(line)));
        } finally {
          const heading = logLines(title).join(' ');
          // An empty group is printed as a plain line: there is nothing to unfold.
          if (lines.length === 0) core.info(heading);
          else {
            core.startGroup(heading);
            for (const line of lines) core.info(line);
            core.endGroup();
          }
        }
      },
      // Printed at once: it shows that the run is alive.
      progress: (task, done, total) => {
        const now = clock();
        const before = lastShown.get(task) ?? now;
        if (now - before < PROGRESS_INTERVAL) {
          lastShown.set(task, before);
          return;
        }
        lastShown.set(task, now);
        each(progressLine(task, done, total), core.info);
      },
    };
  };
  return logger(core.info);
}
