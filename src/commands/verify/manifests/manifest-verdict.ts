import type { VerifyOptions } from '../../shared/options.ts';
import type { Outcome } from '../layers/layer-verdict.ts';
import { worstVerdict } from '../worst-verdict.ts';
import { NOTARY_STEPS, type NotarySignature } from './evaluate-signature.ts';

/** The verdict on the Notary signatures of one manifest. */
export interface ManifestOutcome extends Outcome {
  /** The signature that verified. */
  good: NotarySignature | undefined;
  /** Verified by the signature of the index that lists it, which names its digest. */
  byIndex: boolean;
}

export interface ManifestDemands {
  manifestSignature: VerifyOptions['manifestSignature'];
  /** A trust policy decides about signatures that do not verify. */
  byPolicy: boolean;
  strict: boolean;
}

/**
 * One signature that verifies suffices. The signature of an index also covers the manifests in it. Pure.
 * @param index outcome of the index that lists the manifest; undefined if there is none
 */
export function manifestOutcome(
  signatures: readonly NotarySignature[],
  index: ManifestOutcome | undefined,
): ManifestOutcome {
  const outcome = (one: Partial<ManifestOutcome> & Pick<Outcome, 'verdict'>): ManifestOutcome => ({
    reason: undefined,
    good: undefined,
    byIndex: false,
    ...one,
  });
  const good = signatures.find(({ verdict }) => verdict === 'verified');
  if (good !== undefined) return outcome({ verdict: 'verified', good });
  if (index?.verdict === 'verified') return outcome({ verdict: 'verified', good: index.good, byIndex: true });
  if (signatures.length === 0) {
    return outcome({ verdict: 'not-signed', reason: 'no Notary signature is attached' });
  }
  const [furthest] = signatures.toSorted(
    (a, b) => NOTARY_STEPS.indexOf(b.step) - NOTARY_STEPS.indexOf(a.step),
  );
  const decisive = signatures.find(({ verdict }) => verdict === 'unchecked') ?? furthest;
  return outcome({
    verdict: decisive?.verdict ?? 'invalid',
    reason: decisive && `Notary signature ${decisive.referrer} does not verify: ${decisive.reason}`,
  });
}

/**
 * Combines layers and manifest signature of one manifest: whatever is required must verify. If no layer
 * signatures are required, a manifest signature is, so that no image is verified by nothing. Pure.
 * @param layers undefined if no signatures of layers are required
 * @param manifest undefined if Notary signatures are not checked
 * @param whyNone why no signatures of layers are required
 */
export function combinedOutcome(
  layers: Outcome | undefined,
  manifest: ManifestOutcome | undefined,
  signatures: readonly NotarySignature[],
  demands: ManifestDemands,
  whyNone: string,
): Outcome {
  const parts: Outcome[] = layers === undefined ? [] : [layers];
  if (manifest !== undefined && isDemanded(manifest, demands, layers === undefined)) parts.push(manifest);
  if (manifest === undefined && layers === undefined) {
    parts.push({ verdict: 'not-signed', reason: `${whyNone}, and manifest signatures are not checked` });
  }
  if (demands.strict) parts.push(...signatures.map(strictly));
  const verdict = worstVerdict(parts.map((part) => part.verdict));
  return { verdict, reason: parts.find((part) => part.verdict === verdict)?.reason };
}

/** Whether it matters that a manifest's signatures do not verify. */
export function isDemanded(
  { verdict }: ManifestOutcome,
  { manifestSignature, byPolicy }: ManifestDemands,
  withoutLayers: boolean,
): boolean {
  if (manifestSignature === 'required' || withoutLayers) return true;
  // Anyone may sign an image; without a policy the layers' signatures decide who must have.
  return byPolicy && verdict !== 'not-signed';
}

export function strictly({ verdict, reason, referrer }: NotarySignature): Outcome {
  return {
    verdict,
    reason:
      verdict === 'verified' ? undefined : `strict: Notary signature ${referrer} does not verify: ${reason}`,
  };
}
