/**
 * Manifests and indexes as the programs that read them know them: every name that containerd, docker,
 * podman, oras or go-containerregistry decodes is here, with its type in Go. The strict reader refuses names
 * that equal one of these but for case.
 * [image-spec manifest.md, image-index.md; Docker image manifest v2 schema 2; containerd core/images image.go;
 *  containers/image internal/manifest/common.go]
 */
import * as z from 'zod';
import { annotationsSchema, descriptorSchema, toDescriptor } from '../formats/descriptor.ts';
import { nullable, optionalText } from '../formats/go-types.ts';

const descriptor = descriptorSchema.transform(toDescriptor);

/** Go programs write null for an empty list. */
const descriptors = z
  .array(descriptor)
  .nullable()
  .transform((list) => list ?? []);

/** A name of another kind of document: one that is of two kinds would be two images (CVE-2021-41190). */
const forbidden = (error: string) => z.undefined({ error }).optional();

const common = {
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: optionalText,
  subject: nullable(descriptor),
  annotations: annotationsSchema,
  blobs: forbidden('only an artifact manifest lists blobs'),
  fsLayers: forbidden('only a manifest of Docker schema 1 has fsLayers'),
  history: forbidden('only a manifest of Docker schema 1 has a history'),
  signatures: forbidden('only a manifest of Docker schema 1 has signatures'),
};

export const manifestSchema = z.object({
  ...common,
  manifests: forbidden('a manifest must not list manifests'),
  config: descriptor,
  layers: descriptors,
});

export const indexSchema = z.object({
  ...common,
  config: forbidden('an index must not have a config'),
  layers: forbidden('an index must not list layers'),
  manifests: descriptors,
});

/** A document of another kind, such as an artifact manifest: what it refers to. */
export const otherSchema = z
  .object({
    mediaType: z.string().optional(),
    artifactType: optionalText,
    subject: nullable(descriptor),
    annotations: annotationsSchema,
    config: nullable(descriptor),
    layers: descriptors.optional(),
    blobs: descriptors.optional(),
    manifests: descriptors.optional(),
  })
  .refine(({ config, layers, blobs, manifests }) => !manifests || !(config || layers || blobs), {
    message: 'a document must not list both manifests and content',
  });
