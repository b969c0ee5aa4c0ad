/** Where the core tells what it does. Front ends decide how it looks. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  /**
   * Runs `work` with a logger of its own whose lines belong together under `title`. Groups may run
   * side by side; an implementation that can show only one at a time holds their lines back.
   */
  group<T>(title: string, work: (log: Logger) => Promise<T>): Promise<T>;
  /** Tells how far a long task is: bytes done, and bytes in all where that is known. */
  progress(task: string, done: number, total: number | undefined): void;
}

/** Says nothing; for library use and tests. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  group: (_title, work) => work(silentLogger),
  progress: () => undefined,
};
