import { VeritySignError } from '../../errors.js';
import type { FailedImageReport, InspectReport, SignReport, VerifyReport } from './reports.js';
/** The entry of an image in a run that failed: its report, or why there is none in `error`. */
export type PartialReport = SignReport | VerifyReport | InspectReport | FailedImageReport;
/** A run failed at one of its images. Code, message, remedy and context are those of the image's error. */
export declare class FailedRunError extends VeritySignError {
    /** One entry for each image, in the order of the call; `error` says which failed, and which were not started. */
    readonly reports: readonly PartialReport[];
    constructor(failure: VeritySignError, reports: readonly PartialReport[]);
}
/** What to throw for the error that ended a run. A defect of this program stays what it is, with `reports` added. */
export declare function failedRun(error: unknown, reports: readonly PartialReport[]): unknown;
