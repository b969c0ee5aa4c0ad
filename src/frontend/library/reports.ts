/** What the functions of the library return. docs/report.md describes every field. */
export type { InspectReport } from './reports/inspect.ts';
export type { PreflightReport } from './reports/preflight.ts';
export type { RootHashEntry } from './reports/root-hash.ts';
export type { ErrorReport, FailedImageReport } from './reports/shared.ts';
export type { SignReport } from './reports/sign.ts';
export type { Verdict, VerifyReport } from './reports/verify.ts';
