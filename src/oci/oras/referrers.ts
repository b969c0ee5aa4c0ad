import * as z from 'zod';
import { annotationsSchema, descriptorFields, embedding, toDescriptor } from '../../formats/descriptor.ts';
import { anything, text } from '../../formats/go-types.ts';
import { parseMetadata } from '../../formats/metadata.ts';
import type { Descriptor } from '../../model/index.ts';

const listed = descriptorFields.extend({ reference: text, referrers: anything });
const list = z.array(embedding(listed)).nullish();

/** oras 1.2 prints a list `manifests`, 1.3 a tree under `referrers` whose root is the subject. */
const schema = z.object({
  manifests: list,
  referrers: list,
  reference: text,
  mediaType: text,
  digest: text,
  size: anything,
  artifactType: text,
  annotations: annotationsSchema,
});

/** The direct referrers in the output of `oras discover --format json`. */
export function parseReferrers(bytes: Uint8Array): Descriptor[] {
  const { manifests, referrers } = parseMetadata(schema, bytes, 'the list of referrers');
  return (referrers ?? manifests ?? []).map(toDescriptor);
}
