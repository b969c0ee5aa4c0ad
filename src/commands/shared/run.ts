import type { Stopwatch } from '../../lib/stopwatch.ts';
import type { RunContext } from './options.ts';

/** What every step of one run of a command may use. */
export interface Run<Options> {
  options: Options;
  context: RunContext;
  /** The run's private temporary folder. */
  folder: string;
  watch: Stopwatch;
}
