import { VeritySignError } from '../../errors.ts';
import type { FailedImageReport, InspectReport, SignReport, VerifyReport } from './reports.ts';

/** The entry of an image in a run that failed: its report, or why there is none in `error`. */
export type PartialReport = SignReport | VerifyReport | InspectReport | FailedImageReport;

/** A run failed at one of its images. Code, message, remedy and context are those of the image's error. */
export class FailedRunError extends VeritySignError {
  /** One entry for each image, in the order of the call; `error` says which failed, and which were not started. */
  readonly reports: readonly PartialReport[];

  constructor(failure: VeritySignError, reports: readonly PartialReport[]) {
    super(failure.code, failure.message, {
      cause: failure,
      ...(failure.remedy === undefined ? {} : { remedy: failure.remedy }),
    });
    this.name = 'FailedRunError';
    this.reports = reports;
    Object.assign(this.context, failure.context);
  }
}

/** What to throw for the error that ended a run. A defect of this program stays what it is, with `reports` added. */
export function failedRun(error: unknown, reports: readonly PartialReport[]): unknown {
  if (error instanceof VeritySignError) return new FailedRunError(error, reports);
  if (error instanceof Error) Object.defineProperty(error, 'reports', { value: reports });
  return error;
}
