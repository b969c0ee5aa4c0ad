/** What signatures do not cover, in words that logs, tables and summaries share. */
import type { SignReport } from './report.ts';
import type { VerifyReport } from './verify-report.ts';

type Coverage = Pick<SignReport | VerifyReport, 'configurationCovered' | 'uncovered'>;

/** Such as `2 images not covered`. */
export function imagesNotCovered(count: number): string {
  return `${count} ${count === 1 ? 'image' : 'images'} not covered`;
}

export const CONFIGURATION_NOT_COVERED = 'configuration not covered';

/**
 * A word such as `verified` with what it does not cover: `verified, 1 image not covered`, or
 * `layers verified; configuration not covered` if no manifest signature covers it.
 */
export function withCoverage(word: string, { configurationCovered, uncovered }: Coverage): string {
  const images = uncovered.length === 0 ? '' : `, ${imagesNotCovered(uncovered.length)}`;
  return configurationCovered ? `${word}${images}` : `layers ${word}${images}; ${CONFIGURATION_NOT_COVERED}`;
}
