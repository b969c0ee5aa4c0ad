import type { ErrorReport, FailedImageReport } from '../../report/failed-image.ts';
import type { LayerSet } from './layer-changes.ts';

/** GitHub takes `neutral` for passed where a rule demands a check. */
export type Conclusion = 'success' | 'failure' | 'neutral';

/** What a run says of one image. */
export interface Outcome {
  conclusion: Conclusion;
  /** Such as `Signed`. */
  words: string;
  digest?: string;
  error?: ErrorReport;
}

/** Root hashes of an image. */
export interface LayerSource {
  sets: readonly LayerSet[];
  /** Why there are none, or not all. */
  reason?: string;
}

/** What differs between the Actions, for the report to GitHub. */
export interface Verb<Report extends object> {
  /** Part of the name of the check, such as `sign`. */
  name: string;
  outcome(report: Report): Outcome;
  /** Root hashes of the image, signed or, in a dry run, computed. */
  layers(report: Report): LayerSet[];
  /** How a comment says where those of the base image come from. */
  baseOrigin: string;
}

/** The entry of an image in the JSON report. */
export type Entry<Report extends object> = Report | (Report & { error: ErrorReport }) | FailedImageReport;

/** The report of an entry; undefined if nothing was done. */
export function reportOf<Report extends object>(entry: Entry<Report>): Report | undefined {
  // Both reports have the times of the run.
  return 'seconds' in entry ? (entry as Report) : undefined;
}

/** Failed if any part failed. */
export function outcomeOf<Report extends object>(entry: Entry<Report>, verb: Verb<Report>): Outcome {
  const report = reportOf(entry);
  const known = report === undefined ? undefined : verb.outcome(report);
  const error = 'error' in entry ? entry.error : undefined;
  if (error === undefined && known !== undefined) return known;
  return {
    conclusion: 'failure',
    words: error?.code === 'cancelled' ? 'Cancelled' : 'Failed',
    ...(known?.digest === undefined ? {} : { digest: known.digest }),
    ...(error === undefined ? {} : { error }),
  };
}

/** The worst: nothing that failed is hidden by what succeeded. */
export function worstConclusion(conclusions: readonly Conclusion[]): Conclusion {
  return (['failure', 'neutral'] as const).find((one) => conclusions.includes(one)) ?? 'success';
}
