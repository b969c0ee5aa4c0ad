import type { InspectedNotary, ManifestVerdict, NotarySignatureReport } from '../../report/verify-report.ts';
import { signerReport } from '../sign/sign-report.ts';
import type { NotarySignature } from './manifests/judge-signature.ts';
import type { ManifestJudgement } from './manifests/manifest-verdict.ts';

export function manifestVerdict({ verdict, reason, good, byIndex }: ManifestJudgement): ManifestVerdict {
  return {
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(good === undefined ? {} : { referrer: good.referrer }),
    ...(byIndex ? { byIndex } : {}),
  };
}

export function notaryReport(signature: NotarySignature): NotarySignatureReport {
  const { referrer, verdict, reason, authenticTime, notes } = signature;
  return {
    referrer,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...said(signature),
    ...(authenticTime === undefined ? {} : { authenticTime: authenticTime.toISOString() }),
    notes,
  };
}

/** What an envelope says of itself. */
export function said({
  format,
  signer,
  envelope,
}: Pick<NotarySignature, 'format' | 'signer' | 'envelope'>): Pick<
  InspectedNotary,
  'format' | 'signer' | 'signedAt' | 'expiry' | 'agent' | 'metadata'
> {
  const { signingTime, expiry, agent, target } = envelope ?? {};
  return {
    ...(format === undefined ? {} : { format }),
    ...(signer === undefined ? {} : { signer: signerReport({ leaf: signer }) }),
    ...(signingTime === undefined ? {} : { signedAt: signingTime.toISOString() }),
    ...(expiry === undefined ? {} : { expiry: expiry.toISOString() }),
    ...(agent === undefined ? {} : { agent }),
    ...(target?.annotations === undefined ? {} : { metadata: target.annotations }),
  };
}
