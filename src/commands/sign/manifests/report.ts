import type { ManifestSignatureReport } from '../../../report/report.ts';
import { manifestReport, platformReport, referrerReport } from '../../shared/report-parts.ts';
import type { PlannedManifest } from './plan.ts';
import type { AttachedManifest } from './steps.ts';

/** @param attached undefined in a dry run */
export function manifestSignatureReport(
  { subject, platform, format }: PlannedManifest,
  attached: AttachedManifest | undefined,
): ManifestSignatureReport {
  const planned = { ...platformReport(platform), manifest: manifestReport(subject), format };
  if (attached === undefined) return planned;
  const { signedAt, expiry, timestamped } = attached;
  return {
    ...planned,
    referrer: referrerReport(attached),
    signedAt: signedAt.toISOString(),
    ...(expiry === undefined ? {} : { expiry: expiry.toISOString() }),
    timestamped,
  };
}
