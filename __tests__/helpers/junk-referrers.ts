/** Referrers that a stranger attaches: anyone who may push can attach any number. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYER_DIGEST } from '../../src/model/annotations.ts';
import { DM_VERITY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignatureManifest } from '../../src/oci/attach/artifact.ts';
import { sha256 } from './image-writer.ts';

type Index = { schemaVersion: number; manifests: Descriptor[] };

const blob = (layout: string, digest: string): string => join(layout, 'blobs', ...digest.split(':'));
const indexOf = (layout: string): Index => JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));

/** The referrers of this type in a layout, as parsed manifests. */
export function attachedTo(layout: string, type = DM_VERITY_ARTIFACT_TYPE): SignatureManifest[] {
  return indexOf(layout)
    .manifests.filter(({ artifactType }) => artifactType === type)
    .map(({ digest }) => JSON.parse(readFileSync(blob(layout, digest), 'utf8')));
}

/** Lists manifests in a layout before all that is there, or behind it. Returns their descriptors. */
export function addManifests(
  layout: string,
  manifests: readonly SignatureManifest[],
  where: 'before' | 'behind' = 'before',
): Descriptor[] {
  const index = indexOf(layout);
  const added = manifests.map((manifest) => {
    const bytes = Buffer.from(JSON.stringify(manifest));
    const digest = sha256(bytes);
    writeFileSync(blob(layout, digest), bytes);
    const { mediaType, artifactType } = manifest;
    return { mediaType, digest, size: bytes.length, artifactType };
  });
  index.manifests = where === 'before' ? [...added, ...index.manifests] : [...index.manifests, ...added];
  writeFileSync(join(layout, 'index.json'), JSON.stringify(index));
  return added;
}

/** Copies the signatures of a manifest from one layout to another. */
export function copySignatures(from: string, to: string, { layers }: SignatureManifest): void {
  for (const { digest } of layers) {
    if (!existsSync(blob(to, digest))) copyFileSync(blob(from, digest), blob(to, digest));
  }
}

/**
 * The public signatures of another image under the name of this one: each is by the right signer, and
 * the layer digests are those of the image. Only building shows that the root hashes are others.
 */
export function relabelled(
  other: SignatureManifest,
  subject: Descriptor,
  layers: readonly Descriptor[],
  number: number,
): SignatureManifest {
  return {
    ...other,
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    layers: layers.map((layer, index) => {
      const entry = other.layers[index % other.layers.length] as Descriptor;
      return { ...entry, annotations: { ...entry.annotations, [LAYER_DIGEST]: layer.digest } };
    }),
    annotations: { ...other.annotations, 'com.example.number': String(number) },
  };
}
