import { VeritySignError } from '../../../errors.ts';
import { distinctContent } from '../../../formats/descriptor.ts';
import type { Descriptor } from '../../../model/index.ts';
import type { SignatureManifest } from '../artifact.ts';
import { inBatches } from '../batches.ts';
import { parseSignatureManifest } from '../signature-manifest.ts';
import type { ReferrerStore } from '../store.ts';

/** Maximum number of entries of a signature manifest: no image has that many layers. */
const MAX_ENTRIES = 1000;
/** Maximum size in bytes of all signatures of one artifact, which are held in memory. A layer's has about 4 KiB. */
const MAX_ALL_SIGNATURES = 16 * 1024 * 1024;
/** Signatures for which reading them together, and the manifest once more with them, is faster. */
const MANY = 3;

/**
 * Parses the manifest of a referrer.
 * @param mediaType that of the descriptor that named the bytes
 * @throws VeritySignError 'image'
 */
export function parseReferrer(bytes: Uint8Array, mediaType: string): SignatureManifest {
  const manifest = parseSignatureManifest(bytes, mediaType);
  if (manifest.layers.length > MAX_ENTRIES) {
    throw new VeritySignError(
      'image',
      `the signature manifest has ${manifest.layers.length} entries, the limit is ${MAX_ENTRIES}`,
    );
  }
  return manifest;
}

/**
 * The entries with distinct digests.
 * @throws VeritySignError 'image' if they are too large to be read together, or one has two sizes
 */
export function signatureBlobs(manifest: SignatureManifest): Descriptor[] {
  const layers = distinctContent(manifest.layers);
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  if (size <= MAX_ALL_SIGNATURES) return layers;
  throw new VeritySignError('image', `the signatures have ${size} bytes, the limit is ${MAX_ALL_SIGNATURES}`);
}

/**
 * Those of the signatures that the store reads together, by their digests.
 * @param wanted of the manifest's layers
 */
export async function fetchTogether(
  store: ReferrerStore,
  descriptor: Descriptor,
  manifest: SignatureManifest,
  wanted: readonly Descriptor[],
): Promise<ReadonlyMap<string, Buffer>> {
  const together = wanted.length < MANY ? undefined : await store.fetchTogether?.(descriptor, manifest);
  return together ?? new Map();
}

/**
 * A referrer's manifest and the blobs of its layers, in that order.
 * @throws VeritySignError
 */
export async function readReferrer(
  store: ReferrerStore,
  descriptor: Descriptor,
): Promise<{ manifest: SignatureManifest; blobs: Buffer[] }> {
  const manifest = parseReferrer(await store.fetchManifest(descriptor), descriptor.mediaType);
  const layers = signatureBlobs(manifest);
  const together = await fetchTogether(store, descriptor, manifest, layers);
  const fetched = await inBatches(
    layers,
    async (layer) => together.get(layer.digest) ?? store.fetchBlob(layer),
  );
  const byDigest = new Map(layers.map(({ digest }, index) => [digest, fetched[index] ?? Buffer.alloc(0)]));
  return { manifest, blobs: manifest.layers.map(({ digest }) => byDigest.get(digest) ?? Buffer.alloc(0)) };
}
