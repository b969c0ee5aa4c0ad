import * as z from 'zod';
import { annotationsSchema, descriptorSchema, toDescriptor } from '../../formats/descriptor.ts';
import { parseMetadata } from '../../formats/metadata.ts';
import { MANIFEST_MEDIA_TYPE } from '../../model/media-types.ts';
import type { SignatureManifest } from './artifact.ts';

const schema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.literal(MANIFEST_MEDIA_TYPE),
  artifactType: z.string().nullish(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema),
  subject: descriptorSchema,
  annotations: annotationsSchema,
});

/**
 * Parses the manifest of a referrer, which anyone may have attached. If it has no artifact type (those of
 * notation have none), the config's media type is used. [image-spec manifest.md, `artifactType`]
 * @throws VeritySignError 'image'
 */
export function parseSignatureManifest(bytes: Uint8Array): SignatureManifest {
  const parsed = parseMetadata(schema, bytes, 'the signature manifest');
  return {
    ...parsed,
    annotations: parsed.annotations ?? {},
    artifactType: parsed.artifactType || parsed.config.mediaType,
    config: toDescriptor(parsed.config),
    layers: parsed.layers.map(toDescriptor),
    subject: toDescriptor(parsed.subject),
  };
}
