import type { Logger } from '../../logger.ts';
import { progressLine } from './progress-line.ts';
import { debug, info, infoGroup, warn } from './runner-commands.ts';

const PROGRESS_INTERVAL = 30_000;

/**
 * A logger for the runner's log. The log's groups cannot nest, and several may run at once, so the
 * messages of a group are collected and printed together when its work ends or fails.
 */
export function actionLogger(clock: () => number = Date.now): Logger {
  const lastShown = new Map<string, number>();

  const logger = (emit: (message: string) => void): Logger => ({
    debug,
    info: emit,
    // An annotation is shown at once, outside of all groups.
    warn,
    group: async (title, work) => {
      const messages: string[] = [];
      try {
        return await work(logger((message) => messages.push(message)));
      } finally {
        infoGroup(title, messages);
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
      info(progressLine(task, done, total));
    },
  });
  return logger(info);
}
