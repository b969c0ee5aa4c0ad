import { inContext, VeritySignError } from '../../errors.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import { CREATED, OWN_PREFIX } from '../../model/annotations.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../model/artifact-types.ts';
import type { Descriptor } from '../../model/index.ts';
import type { SignatureManifest } from '../../oci/attach/artifact.ts';
import { formOf, signatureIn } from '../../oci/attach/artifact-format.ts';
import { parseImage } from '../../oci/image/reference.ts';
import { resolveImage } from '../../oci/image/resolve.ts';
import type { SignerReport } from '../../report/report.ts';
import { REPORT_HEAD } from '../../report/tool.ts';
import type { InspectedLayer, InspectedReferrer, InspectReport } from '../../report/verify-report.ts';
import { parsePkcs7 } from '../../signatures/pkcs7/parse.ts';
import { IN_REGISTRY, openImage, requireReferrers } from '../shared/open-image.ts';
import type { InspectOptions, RunContext } from '../shared/options.ts';
import { type Referrer, readLayerReferrers, readReferrers } from '../shared/read-referrers.ts';
import { manifestReport, platformReport, signerReport, skippedReport } from '../shared/report-parts.ts';
import { inspectNotary } from './inspect-notary.ts';

/**
 * Shows what is attached to an image, by whom and for which profile, without a verdict: a broken
 * referrer is shown as broken.
 */
export function inspectImage(options: InspectOptions, context: RunContext): Promise<InspectReport> {
  return inContext({ image: options.image }, () =>
    withTempFolder(options.tempDir, async (folder) => {
      const reference = parseImage(options.image);
      requireReferrers(reference, IN_REGISTRY);
      const { source, store } = await openImage(reference, folder, options, context);
      const image = await resolveImage(source, { ...options, layers: 'auto' });
      const notary = (subject: Descriptor) =>
        readReferrers(store, subject, NOTARY_ARTIFACT_TYPE, inspectNotary, {}, context.signal);
      const platforms: InspectReport['platforms'] = [];
      for (const { descriptor, platform, layers, skippedLayers } of image.manifests) {
        const signatures = await readLayerReferrers(store, descriptor, inspectReferrer, {}, context.signal);
        platforms.push({
          ...platformReport(platform),
          manifest: manifestReport(descriptor),
          layers: layers.length + skippedLayers.length,
          signatures,
          manifestSignatures: await notary(descriptor),
        });
      }
      const { digest, mediaType } = image.root;
      const single = image.manifests.some(({ descriptor }) => descriptor.digest === digest);
      return {
        ...REPORT_HEAD,
        image: { reference: options.image, name: image.name, digest, mediaType },
        ...(single ? {} : { manifestSignatures: await notary(image.root) }),
        platforms,
        skipped: skippedReport(image),
      };
    }),
  );
}

function inspectReferrer(referrer: Referrer): InspectedReferrer {
  const { digest } = referrer.descriptor;
  if ('error' in referrer)
    return { referrer: digest, broken: referrer.error.message, signers: [], layers: [] };
  const { manifest, blobs } = referrer;
  const signers = new Map<string, SignerReport>();
  const layers = manifest.layers.map((_, index) => inspectLayer(manifest, index, blobs[index], signers));
  const broken = layers.filter((layer) => layer.broken !== undefined).length;
  return {
    referrer: digest,
    ...(broken === 0 ? {} : { broken: `${broken} of ${layers.length} signatures cannot be read` }),
    ...(formOf(manifest).format === 'tardev' ? { artifactFormat: 'tardev' as const } : {}),
    ...recorded(manifest.annotations),
    signers: [...signers.values()],
    layers,
  };
}

function recorded(annotations: SignatureManifest['annotations']): Partial<InspectedReferrer> {
  const own = (name: string): string | undefined => annotations[`${OWN_PREFIX}${name}`];
  const [profile, mkfsOptions, version] = [own('profile'), own('mkfs-options'), own('erofs-utils-version')];
  const [mkfsClass, created] = [own('erofs-utils-class'), annotations[CREATED]];
  const erofsUtils = {
    ...(version === undefined ? {} : { version }),
    ...(mkfsClass === undefined ? {} : { class: mkfsClass }),
  };
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(mkfsOptions === undefined ? {} : { mkfsOptions }),
    ...(Object.keys(erofsUtils).length === 0 ? {} : { erofsUtils }),
    ...(created === undefined ? {} : { created }),
  };
}

function inspectLayer(
  manifest: SignatureManifest,
  index: number,
  blob: Uint8Array | undefined,
  signers: Map<string, SignerReport>,
): InspectedLayer {
  const form = formOf(manifest);
  const { digest = '', annotations } = manifest.layers[index] ?? {};
  const [layerDigest, rootHash] = [annotations?.[form.layerDigest], annotations?.[form.rootHash]];
  const layer: InspectedLayer = {
    ...(layerDigest === undefined ? {} : { layerDigest }),
    ...(rootHash === undefined ? {} : { rootHash }),
    signatureDigest: digest,
  };
  try {
    const { signer } = parsePkcs7(signatureIn(manifest, index, blob ?? new Uint8Array()));
    signers.set(signer.fingerprint, signerReport(signer));
    return { ...layer, signer: signer.fingerprint };
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    return { ...layer, broken: error.message };
  }
}
