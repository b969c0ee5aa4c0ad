/** The package `verity-sign` as others import it. docs/library.md describes it. */
export { type ErrorCode, type ErrorContext, VeritySignError } from '../errors.js';
export { FailedRunError, type PartialReport } from '../frontend/library/failed-run.js';
export { inspect, overallVerdict, rootHash, sign, verify } from '../frontend/library/library.js';
export type { InspectOptions, OneOrMore, RootHashOptions, SignOptions, VerifyOptions, } from '../frontend/library/option-types.js';
export type { ErrorReport, FailedImageReport, InspectReport, RootHashEntry, SignReport, Verdict, VerifyReport, } from '../frontend/library/reports.js';
export type { RunLogger, RunOptions } from '../frontend/library/run-options.js';
