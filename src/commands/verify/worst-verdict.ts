import type { Verdict } from '../../report/verify-report.ts';

/** Verdicts from the most to the least serious. */
const BY_SEVERITY: readonly Verdict[] = [
  'invalid',
  'not-trusted',
  'not-signed',
  'unchecked',
  'skipped',
  'verified',
];

/** The most serious of several verdicts; `verified` for an empty list. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return BY_SEVERITY.find((verdict) => verdicts.includes(verdict)) ?? 'verified';
}
