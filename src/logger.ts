/** Receives the progress of the core. Front ends decide how it is shown. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  /**
   * Runs `work` with its own logger, whose lines belong together under `title`. Groups may run
   * concurrently; an implementation that can show only one at a time buffers the lines of the others.
   */
  group<T>(title: string, work: (log: Logger) => Promise<T>): Promise<T>;
  /** Reports the progress of a long task in bytes; `total` is undefined where it is unknown. */
  progress(task: string, done: number, total: number | undefined): void;
}

/** A logger whose messages begin with `prefix`: for work of which one line tells enough. */
export function withPrefix(log: Logger, prefix: string): Logger {
  return {
    debug: (message) => log.debug(prefix + message),
    info: (message) => log.info(prefix + message),
    warn: (message) => log.warn(prefix + message),
    group: (title, work) => log.group(prefix + title, work),
    progress: (task, done, total) => log.progress(task, done, total),
  };
}

/** Discards everything; for library use and tests. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  group: (_title, work) => work(silentLogger),
  progress: () => undefined,
};
