import type { SignReport } from '../../report/report.ts';
import type { VerifyReport } from '../../report/verify-report.ts';
import { boundedJson, type Warn } from './bounded-output.ts';

/**
 * The outputs of both Actions on what signatures do not cover. The JSON report has the images that do not fit.
 * @param complete false if the run ended before all images were processed
 */
export function coverageOutputs(
  reports: readonly (SignReport | VerifyReport)[],
  warn: Warn,
  complete: boolean,
): Record<'configuration-covered' | 'uncovered', string> {
  const uncovered = reports.flatMap(({ image, uncovered }) =>
    uncovered.map(({ platform, digest, reason }) => ({
      image: image.name ?? image.reference,
      platform: platform ?? null,
      digest,
      reason,
    })),
  );
  return {
    'configuration-covered': String(
      complete && reports.length > 0 && reports.every(({ configurationCovered }) => configurationCovered),
    ),
    uncovered: boundedJson('uncovered', uncovered, warn),
  };
}
