/** What the functions of the library return. docs/report.md describes every field. */
export type { InspectReport } from './reports/inspect.js';
export type { PreflightReport } from './reports/preflight.js';
export type { RootHashEntry } from './reports/root-hash.js';
export type { ErrorReport, FailedImageReport } from './reports/shared.js';
export type { SignReport } from './reports/sign.js';
export type { Verdict, VerifyReport } from './reports/verify.js';
