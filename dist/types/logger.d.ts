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
export declare function withPrefix(log: Logger, prefix: string): Logger;
/** Discards everything; for library use and tests. */
export declare const silentLogger: Logger;
