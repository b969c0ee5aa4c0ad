import type { Descriptor } from '../../../model/index.ts';
import { parseReferences } from '../../documents.ts';
import type { OciLayout, StoredBlob } from '../../layout/oci-layout.ts';

/**
 * Makes the changes of one layout in another: takes out what was taken out of index.json, and lists what was
 * added, with its blobs. Everything else of the other layout stays.
 * @param before digests that index.json of `changed` listed at first
 */
export async function carryOver(
  before: ReadonlySet<string>,
  changed: OciLayout,
  other: OciLayout,
): Promise<void> {
  const after = await changed.entries();
  const kept = new Set(after.map(({ digest }) => digest));
  const theirs = await other.entries();
  const removed = theirs.filter(({ digest }) => before.has(digest) && !kept.has(digest));
  // A list that was shortened has another digest: the old one is removed, and the new one added.
  const unchanged = async (): Promise<undefined> => undefined;
  if (removed.length > 0) await other.removeEntries(removed, unchanged, () => undefined);
  for (const entry of after) {
    if (!before.has(entry.digest)) await other.addEntry(entry, await contentOf(entry, changed));
  }
}

/** A manifest and the blobs that it refers to: signatures, which are small. */
async function contentOf(manifest: Descriptor, layout: OciLayout): Promise<StoredBlob[]> {
  const bytes = await layout.read(manifest);
  const blobs: StoredBlob[] = [];
  for (const descriptor of parseReferences(bytes, manifest).content)
    blobs.push({ descriptor, bytes: await layout.read(descriptor) });
  return [...blobs, { descriptor: manifest, bytes }];
}
