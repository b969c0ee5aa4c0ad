/**
 * The list of referrers in registries without the referrers API: an index under a tag that is derived
 * from the subject and maintained by clients. [distribution-spec spec.md, "Referrers Tag Schema"]
 */

import { VeritySignError } from '../../../errors.ts';
import { descriptorOf } from '../../../formats/descriptor.ts';
import { splitDigest } from '../../../formats/digest-grammar.ts';
import type { Descriptor } from '../../../model/index.ts';
import { INDEX_MEDIA_TYPE } from '../../../model/media-types.ts';
import { parseIndex } from '../../documents.ts';

const NEW_INDEX = { schemaVersion: 2, mediaType: INDEX_MEDIA_TYPE, manifests: [] };

/** A manifest that refers to another, as an entry of a list of referrers. */
export interface ReferrerEntry {
  descriptor: Descriptor;
  subject: Descriptor;
  artifactType?: string;
  annotations: Record<string, string>;
}

/** The algorithm of the subject's digest, and the first 64 of its hex digits: as of `sha256-…` and `sha512-…`. */
export function fallbackTag(subject: Descriptor): string {
  const { algorithm, hex } = splitDigest(subject.digest);
  return `${algorithm}-${hex.slice(0, 64)}`;
}

/** A fallback tag that points to something other than a list of referrers. */
export class NotAnIndexError extends VeritySignError {
  constructor(tag: string, { mediaType }: Descriptor) {
    super('registry', `the fallback tag ${tag} points to ${mediaType}, not to an index`, {
      remedy: 'Remove the tag, or use a registry with the referrers API',
    });
  }
}

/** @throws NotAnIndexError unless the tag points to an index */
export function checkIndex(found: Descriptor, tag: string): void {
  if (found.mediaType !== INDEX_MEDIA_TYPE) throw new NotAnIndexError(tag, found);
}

/** The entries of an index. @throws VeritySignError 'image' if it is malformed */
export function entriesOf(index: Uint8Array | undefined): Descriptor[] {
  return index === undefined ? [] : parse(index).manifests;
}

/** Those that the index does not list. @throws VeritySignError 'image' if it is malformed */
export function missingFrom(
  index: Uint8Array | undefined,
  entries: readonly ReferrerEntry[],
): ReferrerEntry[] {
  const listed = new Set(entriesOf(index).map(({ digest }) => digest));
  return entries.filter(({ descriptor }) => !listed.has(descriptor.digest));
}

/**
 * The index with more entries and without those whose manifests are gone; the others are unchanged.
 * @param entries that it does not have yet
 * @param gone digests
 */
export function changedIndex(
  existing: Uint8Array | undefined,
  entries: readonly ReferrerEntry[],
  gone: ReadonlySet<string> = new Set(),
): { bytes: Buffer; descriptor: Descriptor } {
  const index = existing === undefined ? NEW_INDEX : parse(existing).raw;
  const listed: unknown[] = Array.isArray(index.manifests) ? index.manifests : [];
  const kept = listed.filter((entry) => !gone.has((entry as Descriptor).digest));
  const bytes = Buffer.from(JSON.stringify({ ...index, manifests: [...kept, ...entries.map(toEntry)] }));
  return { bytes, descriptor: descriptorOf(INDEX_MEDIA_TYPE, bytes) };
}

function parse(index: Uint8Array) {
  return parseIndex(index, INDEX_MEDIA_TYPE, 'the index of referrers');
}

function toEntry({ descriptor, artifactType, annotations }: ReferrerEntry): Descriptor {
  return { ...descriptor, ...(artifactType === undefined ? {} : { artifactType }), annotations };
}
