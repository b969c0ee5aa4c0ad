import { worstVerdict } from '../../../commands/verify/worst-verdict.ts';
import { withCoverage } from '../../../report/coverage-text.ts';
import type { Verdict, VerifyReport } from '../../../report/verify-report.ts';

/** Verdicts as people read them. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  verified: 'verified',
  invalid: 'INVALID',
  'not-trusted': 'NOT TRUSTED',
  'not-signed': 'NOT SIGNED',
  unchecked: 'COULD NOT BE CHECKED',
  skipped: 'SKIPPED by the trust policy',
};

/** The verdict on an image in words, with what `verified` does not cover. */
export function verdictText(report: VerifyReport): string {
  const { verdict } = report;
  return verdict === 'verified' ? withCoverage(VERDICT_WORDS.verified, report) : VERDICT_WORDS[verdict];
}

/** The most serious verdict of all images. */
export function overallVerdict(reports: readonly VerifyReport[]): Verdict {
  return worstVerdict(reports.map(({ verdict }) => verdict));
}

/** One line for each image that did not verify. An image that the trust policy skips is no failure. */
export function failureLines(reports: readonly VerifyReport[]): string[] {
  return reports
    .filter(({ verdict }) => verdict !== 'verified' && verdict !== 'skipped')
    .map(
      ({ image, verdict, reason }) =>
        `${image.name ?? image.reference}: ${VERDICT_WORDS[verdict]}: ${reason}`,
    );
}
