import type { PlatformManifest, ResolvedImage } from '../../model/index.ts';
import type { VerifyReport } from '../../report/verify-report.ts';
import type { OpenImage } from '../shared/open-image.ts';
import type { VerifyOptions } from '../shared/options.ts';
import type { VerifyRun } from '../shared/run.ts';
import type { EvaluatedPlatform } from './evaluate-image.ts';
import type { SignatureSet, SignedLayer } from './layers/evaluate-referrer.ts';

/** An image that was verified, with all that commands for nodes take from it. */
export interface VerifiedImage {
  /** Its verdict is `verified`. */
  report: VerifyReport;
  opened: OpenImage;
  image: ResolvedImage;
  platforms: VerifiedPlatform[];
  /** The run that verified it: options, context, and a private folder that lasts until `use` has ended. */
  run: VerifyRun;
}

/** One platform manifest with every set of signatures that verified, for the requested profiles. */
export interface VerifiedPlatform {
  manifest: PlatformManifest;
  sets: readonly VerifiedSet[];
  /** Verified sets of profiles that were not requested. */
  others: readonly VerifiedSet[];
}

/** A set whose signatures all verified. Several of one profile differ in their class or their mkfs options. */
export interface VerifiedSet extends Omit<SignatureSet, 'layers'> {
  layers: readonly VerifiedLayer[];
}

export interface VerifiedLayer extends SignedLayer {
  pkcs7: Uint8Array;
}

/** Uses a verified image. What it throws ends the run. */
export type UseVerified = (verified: VerifiedImage) => Promise<void>;

/** The sets that count: verified, and of a requested profile or of none. Pure. */
export function verifiedPlatforms(
  platforms: readonly EvaluatedPlatform[],
  { profiles }: Pick<VerifyOptions, 'profiles'>,
): VerifiedPlatform[] {
  return platforms.map(({ manifest, sets }) => {
    const verified = sets.filter(({ verdict }) => verdict === 'verified').map(verifiedSet);
    const isRequested = ({ profile }: VerifiedSet): boolean =>
      profile === undefined || profiles.includes(profile);
    return {
      manifest,
      sets: verified.filter(isRequested),
      others: verified.filter((set) => !isRequested(set)),
    };
  });
}

function verifiedSet(set: SignatureSet): VerifiedSet {
  return { ...set, layers: set.layers.map(verifiedLayer) };
}

function verifiedLayer(layer: SignedLayer): VerifiedLayer {
  const { pkcs7 } = layer;
  if (pkcs7 === undefined) throw new TypeError(`the signature of layer ${layer.layer.index} was not read`);
  return { ...layer, pkcs7 };
}
