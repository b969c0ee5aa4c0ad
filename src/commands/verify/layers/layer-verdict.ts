import type { PlatformManifest, ProfileName } from '../../../model/index.ts';
import type { Verdict } from '../../../report/verify-report.ts';
import { worstVerdict } from '../worst-verdict.ts';
import { type SignatureSet, STEPS } from './evaluate-referrer.ts';

export interface Outcome {
  verdict: Verdict;
  reason: string | undefined;
}

/** The outcome for one requested profile on one platform. */
export interface ProfileOutcome extends Outcome {
  profile: ProfileName;
  /** The set that verified. */
  good: SignatureSet | undefined;
}

export interface PlatformOutcome extends Outcome {
  profiles: ProfileOutcome[];
}

export interface Demands {
  profiles: readonly ProfileName[];
  recompute: boolean;
  strict: boolean;
}

/**
 * The verdict on the sets of signatures of one platform manifest: each requested profile needs one set
 * that verifies. Others are ignored, unless `strict`. Pure.
 */
export function platformOutcome(
  { layers }: Pick<PlatformManifest, 'layers'>,
  sets: readonly SignatureSet[],
  demands: Demands,
): PlatformOutcome {
  const profiles = demands.profiles.map((profile): ProfileOutcome => {
    if (layers.length === 0) {
      const reason = 'the image has no layer that could be signed';
      return { profile, verdict: 'not-signed', reason, good: undefined };
    }
    return { profile, ...profileOutcome(profile, sets, demands.recompute) };
  });
  const failed = profiles.filter(({ verdict }) => verdict !== 'verified');
  const bad = demands.strict ? sets.filter(({ verdict }) => verdict !== 'verified') : [];
  const verdict = worstVerdict([...failed, ...bad].map((one) => one.verdict));
  const profile = failed.find((one) => one.verdict === verdict);
  const set = bad.find((one) => one.verdict === verdict);
  const reason =
    profile === undefined
      ? set && `strict: referrer ${set.referrer} does not verify: ${set.reason}`
      : `profile ${profile.profile}: ${profile.reason}`;
  return { verdict, reason, profiles };
}

function profileOutcome(
  profile: ProfileName,
  sets: readonly SignatureSet[],
  recompute: boolean,
): Outcome & { good: SignatureSet | undefined } {
  const failed = (verdict: Verdict, reason: string | undefined) => ({ verdict, reason, good: undefined });
  // A set that records no profile may be for any profile.
  const candidates = sets.filter((set) => set.profile === undefined || set.profile === profile);
  const good = candidates.filter(({ verdict }) => verdict === 'verified');
  const [first] = good;
  if (first !== undefined) {
    const other = recompute ? undefined : good.find((set) => contradicts(first, set));
    if (other === undefined) return { verdict: 'verified', reason: undefined, good: first };
    return failed(
      'invalid',
      `the referrers ${first.referrer} and ${other.referrer} are both trusted but disagree on root hashes, and none were recomputed`,
    );
  }
  if (sets.length === 0) return failed('not-signed', 'no dm-verity signatures are attached');
  if (candidates.length === 0) {
    const others = [...new Set(sets.map((set) => set.profile))].join(', ');
    return failed('not-signed', `there are signatures only for ${others}`);
  }
  const unchecked = candidates.find(({ verdict }) => verdict === 'unchecked');
  if (unchecked !== undefined) return failed('unchecked', unchecked.reason);
  const [furthest] = candidates.toSorted((a, b) => STEPS.indexOf(b.step) - STEPS.indexOf(a.step));
  return failed(furthest?.verdict ?? 'invalid', furthest?.reason);
}

/** Two sets that record the same recipe cannot both be right if their root hashes differ. */
function contradicts(a: SignatureSet, b: SignatureSet): boolean {
  const recipe = ({ profile, recorded }: SignatureSet): string =>
    [profile, recorded.class, ...(recorded.mkfsOptions ?? ['default'])].join(' ');
  return (
    recipe(a) === recipe(b) && a.layers.some(({ rootHash }, index) => rootHash !== b.layers[index]?.rootHash)
  );
}
