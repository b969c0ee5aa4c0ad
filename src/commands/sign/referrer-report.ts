import type { ArtifactReport } from '../../report/report.ts';
import type { Attached } from './steps.ts';

/** A signature manifest as reports describe it. */
export function referrerReport({ descriptor, reused }: Attached): ArtifactReport['referrer'] & object {
  return { digest: descriptor.digest, size: descriptor.size, reused };
}
