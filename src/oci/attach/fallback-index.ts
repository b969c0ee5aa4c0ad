/**
 * The list of referrers in registries without the referrers API: an index under a tag that is derived
 * from the subject and maintained by clients. [distribution-spec spec.md, "Referrers Tag Schema"]
 */

import * as z from 'zod';
import { VeritySignError } from '../../errors.ts';
import { descriptorOf } from '../../formats/descriptor.ts';
import { digestSchema } from '../../formats/digest.ts';
import { parseMetadata } from '../../formats/metadata.ts';
import type { Descriptor } from '../../model/index.ts';
import { INDEX_MEDIA_TYPE } from '../../model/media-types.ts';

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

const schema = z.looseObject({
  schemaVersion: z.literal(2),
  manifests: z.array(z.looseObject({ digest: digestSchema })).nullable(),
});

/** The index with one more entry; its other entries are unchanged. Undefined if it has the entry already. */
export function addToIndex(
  existing: Uint8Array | undefined,
  entry: Descriptor,
): { bytes: Buffer; descriptor: Descriptor } | undefined {
  const start = { schemaVersion: 2 as const, mediaType: INDEX_MEDIA_TYPE, manifests: [] };
  const index = existing === undefined ? start : parseMetadata(schema, existing, 'the index of referrers');
  const listed = index.manifests ?? [];
  if (listed.some(({ digest }) => digest === entry.digest)) return undefined;
  const bytes = Buffer.from(JSON.stringify({ ...index, manifests: [...listed, entry] }));
  return { bytes, descriptor: descriptorOf(INDEX_MEDIA_TYPE, bytes) };
}
