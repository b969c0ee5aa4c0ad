import { type ErrorCode, remedyOf, VeritySignError, withoutPem } from '../errors.ts';
import { TOOL } from './tool.ts';

/** Why an image of a run was not completed. docs/report.md describes every field. */
export interface ErrorReport {
  /** `internal` is a defect of this program. */
  code: ErrorCode | 'internal';
  message: string;
  remedy?: string;
  /** The layer at fault, such as `layer 3 (sha256:…)`. */
  layer?: string;
}

/** The entry of an image of which nothing was done, or nothing is known that was done. */
export interface FailedImageReport {
  schemaVersion: 1;
  tool: { name: string; version: string };
  /** As the user wrote it. */
  image: { reference: string };
  error: ErrorReport;
}

/** An error as the reports have it. */
export function errorReport(error: unknown): ErrorReport {
  if (!(error instanceof VeritySignError)) {
    return { code: 'internal', message: withoutPem(error instanceof Error ? error.message : String(error)) };
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

/** The entry of an image that failed, or that was not started because another one had failed. */
export function failedImage(reference: string, error: ErrorReport): FailedImageReport {
  return { schemaVersion: 1, tool: TOOL, image: { reference }, error };
}
