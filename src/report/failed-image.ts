import type * as z from 'zod';
import { remedyOf, VeritySignError, withoutSecrets } from '../errors.ts';
import type { failedImage as imageSchema, failedSource as sourceSchema } from './schema/failed.ts';
import type { error as errorSchema } from './schema/values.ts';
import { REPORT_HEAD } from './tool.ts';

/** Why an image of a run was not completed. */
export type ErrorReport = z.infer<typeof errorSchema>;
/** The item of an image of which nothing was done, or nothing is known that was done. */
export type FailedImageReport = z.infer<typeof imageSchema>;
/** The same in the report of `root-hash`, whose items name a source. */
export type FailedSourceReport = z.infer<typeof sourceSchema>;

/** An error as the reports have it. */
export function errorReport(error: unknown): ErrorReport {
  if (!(error instanceof VeritySignError)) {
    return {
      code: 'internal',
      message: withoutSecrets(error instanceof Error ? error.message : String(error)),
    };
  }
  const { code, message, context } = error;
  const remedy = remedyOf(error);
  return {
    code,
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(context.layer === undefined ? {} : { layer: context.layer }),
  };
}

/**
 * The item of an image that failed, or that was not started because another one had failed.
 * @param reference undefined if the run failed before its images were known
 */
export function failedImage(reference: string | undefined, error: ErrorReport): FailedImageReport {
  return { ...REPORT_HEAD, ...(reference === undefined ? {} : { image: { reference } }), error };
}

/** As {@link failedImage}, for `root-hash`. */
export function failedSource(source: string | undefined, error: ErrorReport): FailedSourceReport {
  return { ...REPORT_HEAD, ...(source === undefined ? {} : { source }), error };
}
