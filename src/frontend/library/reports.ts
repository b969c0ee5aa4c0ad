/** What the functions of the library return. docs/report.md describes every field. */
export type { ErrorReport, FailedImageReport } from '../../report/failed-image.ts';
export type { RootHashEntry, SignReport } from '../../report/report.ts';
export type { InspectReport, Verdict, VerifyReport } from '../../report/verify-report.ts';
