import { PROFILES } from '../../../convert/erofs/profile.ts';
import type { AttachedArtifact, BuilderInfo, ConvertedLayer } from '../../../model/index.ts';
import { FIRST_CONTAINERD, isContainerdProfile } from '../../../model/profiles.ts';
import type { ArtifactReport, LayerReport } from '../../../report/report.ts';
import { classOfArtifact, type PlannedArtifact } from '../../shared/plan.ts';
import {
  manifestReport,
  platformReport,
  referrerReport,
  skippedLayersReport,
} from '../../shared/report-parts.ts';

/** @param attached undefined in a dry run */
export function artifactReport(
  artifact: PlannedArtifact,
  builder: BuilderInfo | undefined,
  attached: AttachedArtifact | undefined,
): ArtifactReport {
  const { manifest, profile, mkfsOptions, layers } = artifact;
  const of = classOfArtifact(artifact, builder);
  return {
    ...platformReport(manifest.platform),
    manifest: manifestReport(manifest.descriptor),
    profile,
    ...(artifact.format === 'tardev' ? { artifactFormat: artifact.format } : {}),
    ...(isContainerdProfile(profile) ? { containerd: FIRST_CONTAINERD[profile] } : {}),
    ...(of === undefined ? {} : { class: of }),
    mkfsOptions: [...mkfsOptions],
    blockSize: PROFILES[profile].blockSize,
    ...(attached === undefined ? {} : { referrer: referrerReport(attached) }),
    layers: layers.map((layer, position) => ({
      ...layerReport(layer, attached?.signatureDigests),
      ...sameAs(layer, layers.slice(0, position)),
    })),
    skippedLayers: skippedLayersReport(manifest),
  };
}

/** The first earlier layer that is the same blob. */
function sameAs({ layer }: ConvertedLayer, earlier: readonly ConvertedLayer[]): { sameAs?: number } {
  const first = earlier.find((other) => other.layer.descriptor.digest === layer.descriptor.digest);
  return first === undefined ? {} : { sameAs: first.layer.index };
}

function layerReport(
  { layer, facts, uuid, verity, seconds, sharedFrom }: ConvertedLayer,
  signatureDigests: ReadonlyMap<string, string> | undefined,
): LayerReport {
  const signatureDigest = signatureDigests?.get(verity.rootHash);
  return {
    index: layer.index,
    digest: layer.descriptor.digest,
    diffId: facts.diffId,
    mediaType: layer.descriptor.mediaType,
    size: facts.size,
    tarSize: facts.tarSize,
    erofsSize: verity.imageSize,
    uuid,
    rootHash: verity.rootHash,
    ...(signatureDigest === undefined ? {} : { signatureDigest }),
    seconds,
    dropped: facts.dropped,
    fractionalTimes: facts.fractionalTimes,
    ...(sharedFrom === undefined ? {} : { sharedFrom }),
  };
}
