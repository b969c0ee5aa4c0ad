import type { Stopwatch } from '../../lib/stopwatch.ts';
import type { RunContext, SignOptions, VerifyOptions } from './options.ts';

/** What every step of one run of a command may use. */
export interface Run<Options> {
  options: Options;
  context: RunContext;
  /** The run's private temporary folder. */
  folder: string;
  watch: Stopwatch;
}

export type SignRun = Run<SignOptions>;
export type VerifyRun = Run<VerifyOptions>;
