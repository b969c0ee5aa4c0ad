import { PROFILES } from '../../convert/erofs/profile.ts';
import type { Stopwatch } from '../../lib/stopwatch.ts';
import type {
  AttachedArtifact,
  BuilderInfo,
  ConvertedLayer,
  Descriptor,
  Platform,
  PlatformManifest,
  ResolvedImage,
} from '../../model/index.ts';
import type {
  ArtifactReport,
  LayerReport,
  ManifestReport,
  ManifestSignatureReport,
  SignerReport,
  SignReport,
} from '../../report/report.ts';
import { TOOL } from '../../report/tool.ts';
import type { CertificateChain } from '../../signatures/pkcs7/signing-chain.ts';
import type { SignOptions } from '../shared/options.ts';
import { classOfArtifact, type Planned, type PlannedArtifact, type PlannedManifest } from '../shared/plan.ts';
import type { Attached } from './sign-and-attach.ts';
import type { AttachedManifest } from './sign-manifests.ts';
import type { SigningMaterial } from './signing-material.ts';

/** What a run of `sign` knows at its end, attached signatures apart. */
export interface SignedImage {
  options: SignOptions;
  image: ResolvedImage;
  /** Undefined if no layer was converted. */
  builder: BuilderInfo | undefined;
  /** Version; undefined for an image that needs none. */
  oras: string | undefined;
  /** Undefined in a dry run without a certificate. */
  material: SigningMaterial | undefined;
  planned: Planned;
  watch: Stopwatch;
}

/** @param attached undefined in a dry run. */
export function signReport(
  { options, image, builder, oras, material, planned, watch }: SignedImage,
  attached?: Attached,
  pushed?: SignReport['pushed'],
): SignReport {
  const { digest, mediaType } = image.root;
  return {
    schemaVersion: 1,
    tool: TOOL,
    dryRun: options.dryRun,
    image: { reference: options.image, name: image.name, digest, mediaType },
    ...(builder === undefined ? {} : { builder }),
    ...(oras === undefined ? {} : { oras }),
    ...(material === undefined ? {} : { signer: materialReport(material) }),
    artifacts: planned.artifacts.map((artifact, index) =>
      artifactReport(artifact, builder, attached?.artifacts[index]),
    ),
    layersLeftOut: layersLeftOutReport(image),
    manifestSignatures: planned.manifests.map((manifest, index) =>
      manifestSignatureReport(manifest, attached?.manifests[index]),
    ),
    skipped: skippedReport(image),
    ...(pushed === undefined ? {} : { pushed }),
    seconds: {
      total: watch.total(),
      resolve: watch.of('resolve'),
      convert: watch.of('convert'),
      sign: watch.of('sign'),
      attach: watch.of('attach'),
      push: watch.of('push'),
    },
  };
}

/** Entries of the index that were left out. */
export function skippedReport({ skipped }: ResolvedImage): SignReport['skipped'] {
  return skipped.map(({ descriptor, reason }) => ({
    digest: descriptor.digest,
    ...(descriptor.platform === undefined ? {} : { platform: platformName(descriptor.platform) }),
    mediaType: descriptor.mediaType,
    reason,
  }));
}

function layersLeftOutReport({ manifests }: ResolvedImage): SignReport['layersLeftOut'] {
  return manifests.flatMap(({ descriptor, platform, layersLeftOut: reason }) =>
    reason === undefined
      ? []
      : [{ ...platformReport(platform), manifest: manifestReport(descriptor), reason }],
  );
}

function manifestSignatureReport(
  { subject, platform, format }: PlannedManifest,
  attached: AttachedManifest | undefined,
): ManifestSignatureReport {
  const planned = { ...platformReport(platform), manifest: manifestReport(subject), format };
  if (attached === undefined) return planned;
  const { signedAt, expiry, timestamped } = attached;
  return {
    ...planned,
    referrer: referrerReport(attached),
    signedAt: signedAt.toISOString(),
    ...(expiry === undefined ? {} : { expiry: expiry.toISOString() }),
    timestamped,
  };
}

function materialReport({ leaf, key }: SigningMaterial): SignReport['signer'] & object {
  return { ...signerReport({ leaf }), ...(key === undefined ? {} : { holder: key.holder }) };
}

function manifestReport({ mediaType, digest, size }: Descriptor): ManifestReport {
  return { mediaType, digest, size };
}

function platformReport(platform: Platform | undefined): { platform?: string } {
  return platform === undefined ? {} : { platform: platformName(platform) };
}

function artifactReport(
  artifact: PlannedArtifact,
  builder: BuilderInfo | undefined,
  attached: AttachedArtifact | undefined,
): ArtifactReport {
  const { manifest, profile, mkfsOptions, layers } = artifact;
  const firstIndex = new Map<string, number>();
  return {
    ...platformReport(manifest.platform),
    manifest: manifestReport(manifest.descriptor),
    profile,
    class: classOfArtifact(artifact, builder),
    mkfsOptions: [...mkfsOptions],
    blockSize: PROFILES[profile].blockSize,
    ...(attached === undefined ? {} : { referrer: referrerReport(attached) }),
    layers: layers.map((layer) => layerReport(layer, attached?.signatureDigests, firstIndex)),
    skippedLayers: skippedLayersReport(manifest),
  };
}

/** Layers that stay unsigned with the user's consent. */
export function skippedLayersReport({ skippedLayers }: PlatformManifest): ArtifactReport['skippedLayers'] {
  return skippedLayers.map(({ index, descriptor, reason }) => ({
    index,
    digest: descriptor.digest,
    mediaType: descriptor.mediaType,
    reason,
  }));
}

function referrerReport({
  descriptor,
  reused,
}: Pick<AttachedArtifact, 'descriptor' | 'reused'>): ArtifactReport['referrer'] & object {
  return { digest: descriptor.digest, size: descriptor.size, reused };
}

function layerReport(
  { layer, facts, uuid, verity, seconds, sharedFrom }: ConvertedLayer,
  signatureDigests: ReadonlyMap<string, string> | undefined,
  firstIndex: Map<string, number>,
): LayerReport {
  const { digest } = layer.descriptor;
  const sameAs = firstIndex.get(digest);
  if (sameAs === undefined) firstIndex.set(digest, layer.index);
  const signatureDigest = signatureDigests?.get(verity.rootHash);
  return {
    index: layer.index,
    digest,
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
    ...(sameAs === undefined ? {} : { sameAs }),
    ...(sharedFrom === undefined ? {} : { sharedFrom }),
  };
}

/** A signer as reports name it. */
export function signerReport({ leaf }: Pick<CertificateChain, 'leaf'>): SignerReport {
  return {
    subject: leaf.subject,
    issuer: leaf.issuer,
    fingerprint: leaf.fingerprint,
    keyType: leaf.keyKind ?? 'unknown',
    notBefore: leaf.notBefore.toISOString(),
    notAfter: leaf.notAfter.toISOString(),
  };
}

/** Such as `linux/arm64/v8`. */
export function platformName({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join('/');
}
