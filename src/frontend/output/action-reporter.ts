import * as core from '@actions/core';
import type { Logger } from '../../logger.ts';
import { logLines } from './printable.ts';
import { progressLine } from './progress-line.ts';

const PROGRESS_INTERVAL = 30_000;

/**
 * A logger for the runner's log. Its groups cannot nest and several may run at once, so the lines
 * of a group are held back and printed together when its work ends, well or not.
 */
export function actionLogger(clock: () => number = Date.now): Logger {
  const told = new Map<string, number>();

  const logger = (emit: (line: string) => void): Logger => {
    const each = (message: string, print: (line: string) => void): void => {
      for (const line of logLines(message)) print(line);
    };
    return {
      debug: (message) => each(message, core.debug),
      info: (message) => each(message, emit),
      // An annotation shows at once and outside of all groups.
      warn: (message) => core.warning(logLines(message).join('\n')),
      group: async (title, work) => {
        const lines: string[] = [];
        try {
          return await work(logger((line) => lines.push(line)));
        } finally {
          const heading = logLines(title).join(' ');
          // A group to unfold, with nothing in it, would be a disappointment.
          if (lines.length === 0) core.info(heading);
          else {
            core.startGroup(heading);
            for (const line of lines) core.info(line);
            core.endGroup();
          }
        }
      },
      // Not held back: a sign of life.
      progress: (task, done, total) => {
        const now = clock();
        const before = told.get(task) ?? now;
        if (now - before < PROGRESS_INTERVAL) {
          told.set(task, before);
          return;
        }
        told.set(task, now);
        each(progressLine(task, done, total), core.info);
      },
    };
  };
  return logger(core.info);
}
