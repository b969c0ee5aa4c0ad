import type { VerifyOptions } from '../../shared/options.ts';
import type { Judgement } from '../layers/layer-verdict.ts';
import { worstVerdict } from '../worst-verdict.ts';
import { NOTARY_STEPS, type NotarySignature } from './judge-signature.ts';

/** What the Notary signatures of one manifest come to. */
export interface ManifestJudgement extends Judgement {
  /** That verified. */
  good: NotarySignature | undefined;
  /** Verified by the signature of the index that lists it, which names its digest. */
  byIndex: boolean;
}

export interface ManifestDemands {
  manifestSignature: VerifyOptions['manifestSignature'];
  /** A trust policy says what becomes of signatures that do not hold. */
  byPolicy: boolean;
  strict: boolean;
}

/**
 * One good signature suffices. The signature of an index holds for the manifests in it too. Pure.
 * @param index what the index that lists the manifest came to; undefined if there is none
 */
export function judgeManifest(
  signatures: readonly NotarySignature[],
  index: ManifestJudgement | undefined,
): ManifestJudgement {
  const judged = (one: Partial<ManifestJudgement> & Pick<Judgement, 'verdict'>): ManifestJudgement => ({
    reason: undefined,
    good: undefined,
    byIndex: false,
    ...one,
  });
  const good = signatures.find(({ verdict }) => verdict === 'verified');
  if (good !== undefined) return judged({ verdict: 'verified', good });
  if (index?.verdict === 'verified') return judged({ verdict: 'verified', good: index.good, byIndex: true });
  if (signatures.length === 0) {
    return judged({ verdict: 'not-signed', reason: 'no Notary signature is attached' });
  }
  const [furthest] = signatures.toSorted(
    (a, b) => NOTARY_STEPS.indexOf(b.step) - NOTARY_STEPS.indexOf(a.step),
  );
  const decisive = signatures.find(({ verdict }) => verdict === 'unchecked') ?? furthest;
  return judged({
    verdict: decisive?.verdict ?? 'invalid',
    reason: decisive && `the Notary signature ${decisive.referrer} does not hold: ${decisive.reason}`,
  });
}

/**
 * Layers and manifest signature of one manifest together: whatever was demanded must hold. Where no
 * layers are demanded, a manifest signature is: nothing is verified by nothing. Pure.
 * @param layers undefined if no signatures of layers are demanded
 * @param manifest undefined if Notary signatures are not looked at
 * @param whyNone why no layers are demanded
 */
export function judgeTogether(
  layers: Judgement | undefined,
  manifest: ManifestJudgement | undefined,
  signatures: readonly NotarySignature[],
  demands: ManifestDemands,
  whyNone: string,
): Judgement {
  const parts: Judgement[] = layers === undefined ? [] : [layers];
  if (manifest !== undefined && isDemanded(manifest, demands, layers === undefined)) parts.push(manifest);
  if (manifest === undefined && layers === undefined) {
    parts.push({ verdict: 'not-signed', reason: `${whyNone}, and manifest signatures are not looked at` });
  }
  if (demands.strict) parts.push(...signatures.map(strictly));
  const verdict = worstVerdict(parts.map((part) => part.verdict));
  return { verdict, reason: parts.find((part) => part.verdict === verdict)?.reason };
}

/** Whether it counts that a manifest's signatures do not hold. */
export function isDemanded(
  { verdict }: ManifestJudgement,
  { manifestSignature, byPolicy }: ManifestDemands,
  alone: boolean,
): boolean {
  if (manifestSignature === 'required' || alone) return true;
  // Anybody may sign an image; without a policy it is for the layers' signatures to say who must.
  return byPolicy && verdict !== 'not-signed';
}

export function strictly({ verdict, reason, referrer }: NotarySignature): Judgement {
  return {
    verdict,
    reason:
      verdict === 'verified'
        ? undefined
        : `strict: the Notary signature ${referrer} does not hold: ${reason}`,
  };
}
