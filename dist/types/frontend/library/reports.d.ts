/** What the functions of the library return. docs/report.md describes every field. */
export type { ErrorReport, FailedImageReport } from '../../report/failed-image.js';
export type { RootHashEntry, SignReport } from '../../report/report.js';
export type { InspectReport, Verdict, VerifyReport } from '../../report/verify-report.js';
