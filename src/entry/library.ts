/** The package `verity-sign` as others import it. docs/library.md describes it. */
export { type ErrorCode, type ErrorContext, VeritySignError } from '../errors.ts';
export { FailedRunError, type PartialReport } from '../frontend/library/failed-run.ts';
export { inspect, overallVerdict, rootHash, sign, verify } from '../frontend/library/library.ts';
export type {
  InspectOptions,
  OneOrMore,
  RootHashOptions,
  SignOptions,
  VerifyOptions,
} from '../frontend/library/option-types.ts';
export type {
  ErrorReport,
  FailedImageReport,
  InspectReport,
  RootHashEntry,
  SignReport,
  Verdict,
  VerifyReport,
} from '../frontend/library/reports.ts';
export type { RunLogger, RunOptions } from '../frontend/library/run-options.ts';
