import type { PlatformManifest } from '../../model/index.ts';
import { KNOWN_CLASSES, type KnownClass, type ProfileName } from '../../model/profiles.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import type { Certificate } from '../../signatures/x509/certificate.ts';
import type { RunContext } from '../shared/options.ts';
import { readLayerReferrers } from '../shared/read-referrers.ts';
import type { Evaluated, SignerTrust } from '../verify/layers/evaluate-pkcs7.ts';
import { evaluateReferrer, type SignatureSet } from '../verify/layers/evaluate-referrer.ts';
import { screenReferrers } from '../verify/layers/screen-referrers.ts';

/** Which signatures are wanted. */
export interface WantedSignatures {
  profile: ProfileName;
  /** Classes of erofs-utils that the user names; undefined: any. */
  classes: readonly KnownClass[] | undefined;
  /** Those that the kernel trusts. */
  certificates: readonly Certificate[];
}

/**
 * Reads the signatures of an image for one profile back from where they are attached. Anyone who may push can attach
 * anything, so a set that a trusted certificate vouches for comes before all others; but the kernel is the judge, and
 * if there is no such set it gets another one.
 * @returns undefined if no set is for this image and profile
 * @throws VeritySignError 'registry', 'cancelled'
 */
export async function readSignatures(
  store: ReferrerStore,
  manifest: PlatformManifest,
  wanted: WantedSignatures,
  { now, signal }: RunContext,
): Promise<SignatureSet | undefined> {
  // The kernel checks no dates.
  const trust: SignerTrust = {
    anchors: wanted.certificates.map(({ der }) => der),
    identities: [],
    at: now,
    allowExpired: true,
  };
  const known: Evaluated = new Map();
  const sets = await readLayerReferrers(
    store,
    manifest.descriptor,
    (referrer) => evaluateReferrer(referrer, manifest, trust, known),
    screenReferrers(manifest, trust, known),
    signal,
  );
  return chooseSet(sets, wanted);
}

/** The most promising set of a profile: trusted, of a wanted class, of the newest class, first in the list. Pure. */
export function chooseSet(
  sets: readonly SignatureSet[],
  { profile, classes }: Pick<WantedSignatures, 'profile' | 'classes'>,
): SignatureSet | undefined {
  const usable = sets.filter((set) => set.layers.length > 0 && (set.profile ?? profile) === profile);
  const rank = ({ verdict, profile: own, recorded }: SignatureSet): number[] => {
    const of = (KNOWN_CLASSES as readonly (string | undefined)[]).indexOf(recorded.class);
    return [
      verdict === 'verified' ? 0 : verdict === 'invalid' ? 2 : 1,
      own === profile ? 0 : 1,
      classes === undefined || classes.some((name) => name === recorded.class) ? 0 : 1,
      of === -1 ? KNOWN_CLASSES.length : of,
    ];
  };
  return usable.toSorted((a, b) => compare(rank(a), rank(b)))[0];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
