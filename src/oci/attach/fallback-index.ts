/**
 * The list of referrers in registries without the referrers API: an index under a tag that is derived
 * from the subject and maintained by clients. [distribution-spec spec.md, "Referrers Tag Schema"]
 */

import { VeritySignError } from '../../errors.ts';
import { descriptorOf } from '../../formats/descriptor.ts';
import type { Descriptor } from '../../model/index.ts';
import { INDEX_MEDIA_TYPE } from '../../model/media-types.ts';
import { parseIndex } from '../documents.ts';

const NEW_INDEX = { schemaVersion: 2, mediaType: INDEX_MEDIA_TYPE, manifests: [] };

/** `sha256-` and the hex digits of the subject's digest. */
export function fallbackTag(subject: Descriptor): string {
  return subject.digest.replace(':', '-').slice(0, 128);
}

/** @throws VeritySignError 'registry' unless the tag points to an index */
export function checkIndex(found: Descriptor, tag: string): void {
  if (found.mediaType === INDEX_MEDIA_TYPE) return;
  throw new VeritySignError(
    'registry',
    `the fallback tag ${tag} points to ${found.mediaType}, not to an index`,
    { remedy: 'Remove the tag, or use a registry with the referrers API' },
  );
}

/** The index with one more entry; its other entries are unchanged. Undefined if it has the entry already. */
export function addToIndex(
  existing: Uint8Array | undefined,
  entry: Descriptor,
): { bytes: Buffer; descriptor: Descriptor } | undefined {
  if (existing === undefined) return withEntry(NEW_INDEX, entry);
  const { manifests, raw } = parseIndex(existing, INDEX_MEDIA_TYPE, 'the index of referrers');
  return manifests.some(({ digest }) => digest === entry.digest) ? undefined : withEntry(raw, entry);
}

function withEntry(
  index: Readonly<Record<string, unknown>>,
  entry: Descriptor,
): { bytes: Buffer; descriptor: Descriptor } {
  const listed = Array.isArray(index.manifests) ? index.manifests : [];
  const bytes = Buffer.from(JSON.stringify({ ...index, manifests: [...listed, entry] }));
  return { bytes, descriptor: descriptorOf(INDEX_MEDIA_TYPE, bytes) };
}
