import type * as z from 'zod';
import type { failedImage as imageSchema, failedSource as sourceSchema } from './schema/failed.js';
import type { error as errorSchema } from './schema/values.js';
/** Why an image of a run was not completed. */
export type ErrorReport = z.infer<typeof errorSchema>;
/** The item of an image of which nothing was done, or nothing is known that was done. */
export type FailedImageReport = z.infer<typeof imageSchema>;
/** The same in the report of `root-hash`, whose items name a source. */
export type FailedSourceReport = z.infer<typeof sourceSchema>;
/** An error as the reports have it. */
export declare function errorReport(error: unknown): ErrorReport;
/**
 * The item of an image that failed, or that was not started because another one had failed.
 * @param reference undefined if the run failed before its images were known
 */
export declare function failedImage(reference: string | undefined, error: ErrorReport): FailedImageReport;
/** As {@link failedImage}, for `root-hash`. */
export declare function failedSource(source: string | undefined, error: ErrorReport): FailedSourceReport;
