import { type Verdict, type VerifyReport, worstVerdict } from '../../report/verify-report.ts';
import type { VerifyOutput } from './output-list.ts';

/** What all images come to together. */
export function overallVerdict(reports: readonly VerifyReport[]): Verdict {
  return worstVerdict(reports.map(({ verdict }) => verdict));
}

/** The outputs of the Action that verifies, without I/O. */
export function verifyOutputsOf(
  reports: readonly VerifyReport[],
  reportPath: string,
): Record<VerifyOutput, string> {
  return {
    digest: reports.map(({ image }) => image.digest ?? '').join('\n'),
    verdict: overallVerdict(reports),
    'report-path': reportPath,
  };
}

/** One line for each image that did not verify; leaving one alone by the trust policy is no failure. */
export function failureLines(reports: readonly VerifyReport[]): string[] {
  return reports
    .filter(({ verdict }) => verdict !== 'verified' && verdict !== 'skipped')
    .map(
      ({ image, verdict, reason }) =>
        `${image.name ?? image.reference}: ${VERDICT_WORDS[verdict]}: ${reason}`,
    );
}

/** Verdicts as people read them. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  verified: 'verified',
  invalid: 'INVALID',
  'not-trusted': 'NOT TRUSTED',
  'not-signed': 'NOT SIGNED',
  unchecked: 'COULD NOT BE CHECKED',
  skipped: 'NOT VERIFIED, as the trust policy says',
};
