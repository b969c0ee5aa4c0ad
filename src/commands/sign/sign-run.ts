import type { SignOptions } from '../shared/options.ts';
import type { Run } from '../shared/run.ts';

/** One run of `sign`. */
export type SignRun = Run<SignOptions>;
