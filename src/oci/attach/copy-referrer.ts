import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { distinctContent } from '../../formats/descriptor.ts';
import type { Descriptor } from '../../model/index.ts';
import { inBatches } from './batches.ts';
import { parseReferrer, signatureBlobs } from './read/one-referrer.ts';
import type { ReferrerStore } from './store.ts';

/**
 * Copies a referrer with the bytes that it has, and lists it: its digest stays.
 * @param descriptor the manifest in `from`
 * @param folder the run's private temporary folder
 * @throws VeritySignError 'image' for a manifest that is no signature manifest
 */
export async function copyReferrer(
  from: ReferrerStore,
  to: ReferrerStore,
  descriptor: Descriptor,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const bytes = await from.fetchManifest(descriptor);
  const manifest = parseReferrer(bytes, descriptor.mediaType);
  const content = distinctContent([manifest.config, ...signatureBlobs(manifest)]);
  const blobs = await inBatches(content, async (blob) => ({
    descriptor: blob,
    bytes: await from.fetchBlob(blob),
  }));
  const { mediaType, digest, size } = descriptor;
  const copy = { manifest, bytes, descriptor: { mediaType, digest, size }, blobs };
  const own = await mkdtemp(join(folder, 'copy-'));
  await to.push(copy, own);
  await to.enlist([copy], own, signal);
}
