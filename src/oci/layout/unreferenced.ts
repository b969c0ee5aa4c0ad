import { MAX_METADATA_SIZE } from '../../formats/metadata.ts';
import type { Descriptor } from '../../model/index.ts';
import { parseReferences, type References } from '../documents.ts';
import { documentKind } from '../media-types.ts';
import { unlessDamaged } from '../work-limit.ts';

/** The part of a layout that is read here. */
interface Documents {
  entries(): Promise<Descriptor[]>;
  read(descriptor: Descriptor): Promise<Buffer>;
}

/**
 * The blobs of manifests that index.json has listed until now, without those that are in use: what any listed
 * document refers to, itself or through others. A document that cannot be read may refer to anything, so then
 * only the manifests themselves are out of use.
 */
export async function unreferencedBlobs(
  layout: Documents,
  removed: readonly Descriptor[],
): Promise<Descriptor[]> {
  const candidates = new Map(removed.map((descriptor) => [descriptor.digest, descriptor]));
  const own = new Map<string, Descriptor>();
  for (const descriptor of removed) {
    const references = await referencesOf(layout, descriptor);
    for (const blob of references?.content ?? []) own.set(blob.digest, blob);
  }
  const { used, isComplete } = await usedBlobs(layout);
  if (isComplete) for (const [digest, blob] of own) candidates.set(digest, blob);
  return [...candidates.values()].filter(({ digest }) => !used.has(digest));
}

/** The digests in use, and whether all documents that say so were read. */
async function usedBlobs(layout: Documents): Promise<{ used: Set<string>; isComplete: boolean }> {
  const used = new Set<string>();
  const seen = new Set<string>();
  let isComplete = true;
  const open = await layout.entries();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    used.add(next.digest);
    // A blob that is no document refers to nothing. Another entry may say that the same bytes are one.
    if (documentKind(next.mediaType) === 'other' && !next.mediaType.endsWith('json')) continue;
    if (seen.has(next.digest)) continue;
    seen.add(next.digest);
    const references = await referencesOf(layout, next);
    if (references === undefined) isComplete = false;
    else {
      for (const { digest } of references.content) used.add(digest);
      open.push(...references.manifests);
    }
  }
  return { used, isComplete };
}

/** Undefined for a document that is missing, damaged or larger than any. */
async function referencesOf(layout: Documents, descriptor: Descriptor): Promise<References | undefined> {
  if (descriptor.size > MAX_METADATA_SIZE) return undefined;
  return unlessDamaged(async () => parseReferences(await layout.read(descriptor), descriptor));
}
