import { VeritySignError } from '../../errors.ts';
import type { IpePolicyReport, PolicyLayer } from '../../report/node/ipe-policy-report.ts';
import type { RunContext } from '../shared/options.ts';
import { platformReport } from '../shared/report-parts.ts';
import { withVerifiedImage } from '../verify/require-verified.ts';
import type { VerifiedImage, VerifiedPlatform } from '../verify/verified-image.ts';
import type { PolicyImages } from './options.ts';

export interface Collected {
  images: IpePolicyReport['images'];
  /** Layers by root hash, sorted by root hash. */
  rootHashes: Map<string, PolicyLayer[]>;
}

/**
 * Verifies images, one after the other, and collects the distinct root hashes of their layers.
 * @param seen gets each image that verified
 * @throws VeritySignError with the verdict of the first image that does not verify
 */
export async function collectRootHashes(
  { images, verifying }: PolicyImages,
  context: RunContext,
  seen: (verified: VerifiedImage) => void = () => undefined,
): Promise<Collected> {
  const reports: Collected['images'] = [];
  const found = new Map<string, PolicyLayer[]>();
  for (const image of images) {
    await withVerifiedImage({ ...verifying, image }, context, async (verified) => {
      const { name, root } = verified.image;
      reports.push({ reference: image, name, digest: root.digest, mediaType: root.mediaType });
      const layers = layersOf(verified);
      if (layers.length === 0) throw withoutLayers(image);
      warnOfMissing(verified, context);
      seen(verified);
      for (const [rootHash, layer] of layers) {
        found.set(rootHash, [...(found.get(rootHash) ?? []), layer]);
      }
    });
  }
  return { images: reports, rootHashes: new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Pairs of root hash and layer, each once. */
function layersOf({ image, platforms }: VerifiedImage): [rootHash: string, PolicyLayer][] {
  const found = new Map<string, [string, PolicyLayer]>();
  for (const { manifest, sets } of platforms) {
    for (const { profile, recorded, layers } of sets) {
      for (const { layer, rootHash } of layers) {
        const use: PolicyLayer = {
          image: image.name,
          ...platformReport(manifest.platform),
          manifest: manifest.descriptor.digest,
          index: layer.index,
          digest: layer.descriptor.digest,
          ...(profile === undefined ? {} : { profile }),
          ...(recorded.class === undefined ? {} : { class: recorded.class }),
        };
        // Several certificates may have signed the same root hash.
        found.set(JSON.stringify([rootHash, use]), [rootHash, use]);
      }
    }
  }
  return [...found.values()];
}

/** Layers without a root hash: nothing of them will run. */
function warnOfMissing({ image, platforms }: VerifiedImage, { log }: RunContext): void {
  for (const platform of platforms) {
    const missing = missingLayers(platform);
    if (missing.length === 0) continue;
    const which = platform.manifest.descriptor.digest;
    log.warn(
      `${image.name}: manifest ${which}: no signature covers ${missing.join(', ')}, so the policy has no root hash for it, and its programs will not run`,
    );
  }
}

function missingLayers({ manifest, sets }: VerifiedPlatform): string[] {
  const signed = new Set(sets.flatMap(({ layers }) => layers.map(({ layer }) => layer.descriptor.digest)));
  const all = [...manifest.layers, ...manifest.skippedLayers].sort((a, b) => a.index - b.index);
  return all
    .filter(({ descriptor }) => !signed.has(descriptor.digest))
    .map(({ index, descriptor }) => `layer ${index} (${descriptor.digest})`);
}

function withoutLayers(image: string): VeritySignError {
  return new VeritySignError('not-signed', `${image} has no signed layers, so a policy cannot name them`, {
    remedy: 'Sign its layers, and verify with layers required',
  });
}
