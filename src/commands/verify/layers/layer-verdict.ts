import type { PlatformManifest, ProfileName } from '../../../model/index.ts';
import type { Verdict } from '../../../report/verify-report.ts';
import { worstVerdict } from '../worst-verdict.ts';
import { type SignatureSet, STEPS } from './judge-referrer.ts';

export interface Judgement {
  verdict: Verdict;
  reason: string | undefined;
}

/** One profile that was asked for, on one platform. */
export interface ProfileJudgement extends Judgement {
  profile: ProfileName;
  /** Set that verified. */
  good: SignatureSet | undefined;
}

export interface PlatformJudgement extends Judgement {
  profiles: ProfileJudgement[];
}

export interface Demands {
  profiles: readonly ProfileName[];
  recompute: boolean;
  strict: boolean;
}

/**
 * What the sets of signatures of one platform manifest come to: each profile that was asked for needs
 * one set in which everything holds. Others are passed over, unless `strict`. Pure.
 */
export function judgePlatform(
  { layers }: Pick<PlatformManifest, 'layers'>,
  sets: readonly SignatureSet[],
  demands: Demands,
): PlatformJudgement {
  const profiles = demands.profiles.map((profile): ProfileJudgement => {
    if (layers.length === 0) {
      const reason = 'the image has no layer that could be signed';
      return { profile, verdict: 'not-signed', reason, good: undefined };
    }
    return { profile, ...judgeProfile(profile, sets, demands.recompute) };
  });
  const failed = profiles.filter(({ verdict }) => verdict !== 'verified');
  const bad = demands.strict ? sets.filter(({ verdict }) => verdict !== 'verified') : [];
  const verdict = worstVerdict([...failed, ...bad].map((one) => one.verdict));
  const profile = failed.find((one) => one.verdict === verdict);
  const set = bad.find((one) => one.verdict === verdict);
  const reason =
    profile === undefined
      ? set && `strict: the referrer ${set.referrer} does not hold: ${set.reason}`
      : `profile ${profile.profile}: ${profile.reason}`;
  return { verdict, reason, profiles };
}

function judgeProfile(
  profile: ProfileName,
  sets: readonly SignatureSet[],
  recompute: boolean,
): Judgement & { good: SignatureSet | undefined } {
  const failed = (verdict: Verdict, reason: string | undefined) => ({ verdict, reason, good: undefined });
  // A set that does not tell its profile may be one for any.
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

/** Two sets that claim to be made alike cannot both be right if their root hashes differ. */
function contradicts(a: SignatureSet, b: SignatureSet): boolean {
  const made = ({ profile, recorded }: SignatureSet): string =>
    [profile, recorded.class, ...(recorded.mkfsOptions ?? ['default'])].join(' ');
  return (
    made(a) === made(b) && a.layers.some(({ rootHash }, index) => rootHash !== b.layers[index]?.rootHash)
  );
}
