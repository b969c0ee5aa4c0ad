import type { PlatformManifest, ResolvedImage } from '../../model/index.ts';
import { requiresLayers, skippedButRun, type Uncovered, uncoveredEntry } from '../shared/coverage.ts';
import type { VerifyOptions } from '../shared/options.ts';
import type { NotarySignatures } from './evaluate-signatures.ts';
import type { SignatureSet } from './layers/evaluate-referrer.ts';
import { type Outcome, type PlatformOutcome, platformOutcome } from './layers/layer-verdict.ts';
import type { NotarySignature } from './manifests/evaluate-signature.ts';
import {
  combinedOutcome,
  type ManifestDemands,
  type ManifestOutcome,
  manifestOutcome,
} from './manifests/manifest-verdict.ts';

/** A platform manifest with all its signatures and the verdict. */
export interface EvaluatedPlatform extends Outcome {
  manifest: PlatformManifest;
  sets: readonly SignatureSet[];
  /** Undefined where no signatures of layers are required. */
  layers: PlatformOutcome | undefined;
  signatures: readonly NotarySignature[];
  /** Undefined if Notary signatures are not checked. */
  notary: ManifestOutcome | undefined;
}

/** The index that the reference names, with its signatures and the verdict. */
export interface EvaluatedIndex extends Outcome {
  signatures: readonly NotarySignature[];
  notary: ManifestOutcome;
}

/**
 * Combines all evaluated signatures to a verdict for each platform and the index, and finds the images
 * that no signature covers. Pure.
 * @param sets for each platform manifest its dm-verity referrers
 * @param byPolicy whether a trust policy chose whom to trust
 */
export function evaluateImage(
  image: ResolvedImage,
  sets: readonly (readonly SignatureSet[])[],
  notary: NotarySignatures,
  options: VerifyOptions,
  byPolicy: boolean,
): { platforms: EvaluatedPlatform[]; index: EvaluatedIndex | undefined; uncovered: Uncovered[] } {
  const { manifestSignature, strict } = options;
  const demands: ManifestDemands = { manifestSignature, byPolicy, strict };
  const checked = manifestSignature !== 'none';
  const index = notary.index === undefined || !checked ? undefined : evaluateIndex(notary.index, demands);
  const platforms = image.manifests.map((manifest, position): EvaluatedPlatform => {
    const own = sets[position] ?? [];
    const signatures = notary.manifests[position] ?? [];
    const layers = needsLayers(manifest, options) ? platformOutcome(manifest, own, options) : undefined;
    const ownNotary = checked ? manifestOutcome(signatures, index?.notary) : undefined;
    const whyNone = manifest.layersLeftOut ?? 'layer signatures were not requested';
    const outcome = combinedOutcome(layers, ownNotary, signatures, demands, whyNone);
    return { manifest, sets: own, layers, signatures, notary: ownNotary, ...outcome };
  });
  return { platforms, index, uncovered: uncoveredImages(image, notary, index, options) };
}

/** Images of the index that no signature covers. What a node may run is a failure, and not among them. */
function uncoveredImages(
  image: ResolvedImage,
  { coveredSkipped }: NotarySignatures,
  index: EvaluatedIndex | undefined,
  { platforms }: VerifyOptions,
): Uncovered[] {
  if (index?.notary.verdict === 'verified') return [];
  const failures = new Set(skippedButRun(image, platforms));
  return image.skipped
    .filter((one) => one.isImage && !failures.has(one) && !coveredSkipped.has(one.descriptor.digest))
    .map(uncoveredEntry);
}

function evaluateIndex(signatures: readonly NotarySignature[], demands: ManifestDemands): EvaluatedIndex {
  const notary = manifestOutcome(signatures, undefined);
  // The manifests in it may have signatures of their own: none here is a failure only if it is required.
  const nothing: Outcome = { verdict: 'verified', reason: undefined };
  return { signatures, notary, ...combinedOutcome(nothing, notary, signatures, demands, '') };
}

/** An image with layers that can be signed needs signatures of them unless `layers` says otherwise. */
function needsLayers(
  { layers, layersLeftOut }: PlatformManifest,
  { layers: choice }: Pick<VerifyOptions, 'layers'>,
): boolean {
  if (requiresLayers(choice)) return true;
  return choice === 'auto' && layersLeftOut === undefined && layers.length > 0;
}
