import type { InspectedNotary, ManifestVerdict, NotarySignatureReport } from '../../report/verify-report.ts';
import { signerReport } from '../shared/report-parts.ts';
import type { NotarySignature } from './manifests/evaluate-signature.ts';
import type { ManifestOutcome } from './manifests/manifest-verdict.ts';

export function manifestVerdict({ verdict, reason, good, byIndex }: ManifestOutcome): ManifestVerdict {
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
    ...envelopeReport(signature),
    ...(authenticTime === undefined ? {} : { authenticTime: authenticTime.toISOString() }),
    notes,
  };
}

/** The envelope's own statements, as reports describe them. */
export function envelopeReport({
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
    ...(signer === undefined ? {} : { signer: signerReport(signer) }),
    ...(signingTime === undefined ? {} : { signedAt: signingTime.toISOString() }),
    ...(expiry === undefined ? {} : { expiry: expiry.toISOString() }),
    ...(agent === undefined ? {} : { agent }),
    ...(target?.annotations === undefined ? {} : { metadata: target.annotations }),
  };
}
