import * as z from 'zod';
import { descriptorSchema, parseJson, toDescriptor } from '../../formats/descriptor.ts';
import type { Descriptor } from '../../model/index.ts';
import { MANIFEST_MEDIA_TYPE, type SignatureManifest } from './artifact.ts';

const schema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.literal(MANIFEST_MEDIA_TYPE),
  artifactType: z.string().nullish(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema),
  subject: descriptorSchema,
  annotations: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? {}),
});

/**
 * Parses the manifest of a referrer that anyone may have attached. Where it names no artifact type, as
 * what notation writes does not, the config's media type is it. [image-spec manifest.md, `artifactType`]
 * @throws VeritySignError 'image'
 */
export function parseSignatureManifest(bytes: Uint8Array): SignatureManifest {
  const parsed = parseJson(schema, bytes, 'the signature manifest');
  return {
    ...parsed,
    artifactType: parsed.artifactType || parsed.config.mediaType,
    config: toDescriptor(parsed.config),
    layers: parsed.layers.map(toDescriptor),
    subject: toDescriptor(parsed.subject),
  };
}

/** True if both name the same bytes. */
export function sameContent(a: Descriptor, b: Descriptor): boolean {
  return a.mediaType === b.mediaType && a.digest === b.digest && a.size === b.size;
}
