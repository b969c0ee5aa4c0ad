import type { Logger } from '../../logger.js';
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
    /** Recorded as the time of creation of new signatures: not after the year 9999. Default: now. */
    created?: Date | undefined;
}
/**
 * Refuses what is not a {@link RunOptions} before any work: callers in JavaScript have no compiler.
 * @throws VeritySignError 'usage'
 */
export declare function checkRunOptions({ logger, signal, secrets, created }: RunOptions): void;
/** The logger of the core, which has groups, on top of a caller's. */
export declare function coreLogger(logger: RunLogger, prefix?: string): Logger;
/**
 * Runs `work` with a signal that aborts with the caller's, for a reason of this program. The caller's signal may
 * outlive the run: no listener stays on it.
 */
export declare function withSignal<T>(outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
