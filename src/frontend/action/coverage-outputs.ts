import type { SignReport } from '../../report/report.ts';
import type { VerifyReport } from '../../report/verify-report.ts';
import { harmlessJson } from '../output/foreign-text.ts';

/** Further images are only in the JSON report: a runner limits the size of outputs. */
const LISTED = 100;

/** The outputs of both Actions on what signatures do not cover. */
export function coverageOutputs(
  reports: readonly (SignReport | VerifyReport)[],
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
    'configuration-covered': String(reports.every(({ configurationCovered }) => configurationCovered)),
    uncovered: harmlessJson(JSON.stringify(uncovered.slice(0, LISTED))),
  };
}
