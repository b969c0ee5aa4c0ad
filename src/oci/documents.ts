/**
 * Strict readers of manifests, indexes and image configs: their content decides what is signed.
 * [image-spec manifest.md, image-index.md, config.md; Docker image manifest v2 schema 2]
 */
import * as z from 'zod';
import { VeritySignError } from '../errors.ts';
import { descriptorSchema, toDescriptor } from '../formats/descriptor.ts';
import { digestSchema } from '../formats/digest.ts';
import { parseMetadata } from '../formats/metadata.ts';
import type { Descriptor, Platform } from '../model/index.ts';
import { documentKind } from './media-types.ts';

export interface ImageManifest {
  kind: 'manifest';
  config: Descriptor;
  layers: Descriptor[];
  /** Present in artifacts that belong to another manifest, such as signatures. */
  subject: Descriptor | undefined;
  artifactType: string | undefined;
}

export interface ImageIndex {
  kind: 'index';
  manifests: Descriptor[];
}

export interface ImageConfig {
  platform: Platform | undefined;
  /** Digests of the uncompressed layers, lowest first. */
  diffIds: string[];
}

const head = {
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
};

const manifestSchema = z.object({
  ...head,
  // A document that is both a manifest and an index would be two images with one digest (CVE-2021-41190).
  manifests: z.undefined({ error: 'a manifest must not list manifests' }).optional(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema),
  subject: descriptorSchema.nullish(),
  artifactType: z.string().nullish(),
});

const indexSchema = z.object({
  ...head,
  config: z.undefined({ error: 'an index must not have a config' }).optional(),
  layers: z.undefined({ error: 'an index must not list layers' }).optional(),
  // Go programs write null for an empty list.
  manifests: z.array(descriptorSchema).nullable(),
});

/**
 * Parses a manifest or index.
 *
 * @param mediaType the media type of the descriptor or response that named the bytes; it decides the kind
 * @throws VeritySignError 'image' if it is malformed, over 4 MiB, or of a kind that cannot be signed
 */
export function parseDocument(bytes: Uint8Array, mediaType: string): ImageManifest | ImageIndex {
  switch (documentKind(mediaType)) {
    case 'manifest': {
      const { config, layers, subject, artifactType, ...rest } = parseMetadata(
        manifestSchema,
        bytes,
        'the manifest',
      );
      checkMediaType(rest.mediaType, mediaType);
      return {
        kind: 'manifest',
        config: toDescriptor(config),
        layers: layers.map(toDescriptor),
        subject: subject ? toDescriptor(subject) : undefined,
        artifactType: artifactType ?? undefined,
      };
    }
    case 'index': {
      const { manifests, ...rest } = parseMetadata(indexSchema, bytes, 'the index');
      checkMediaType(rest.mediaType, mediaType);
      return { kind: 'index', manifests: (manifests ?? []).map(toDescriptor) };
    }
    case 'schema1':
      throw new VeritySignError('image', 'the manifest has the obsolete Docker schema 1', {
        remedy: 'Push the image again with a current client, which writes an OCI or Docker schema 2 manifest',
      });
    case 'other':
      throw new VeritySignError('image', `media type ${JSON.stringify(mediaType)} is not a container image`, {
        remedy: 'Name an image manifest or index',
      });
  }
}

function checkMediaType(written: string | undefined, expected: string): void {
  if (written !== undefined && written !== expected) {
    throw new VeritySignError('image', `the document says it is ${written}, its descriptor says ${expected}`);
  }
}

const configSchema = z.object({
  os: z.string().optional(),
  architecture: z.string().optional(),
  variant: z.string().optional(),
  rootfs: z.object({
    type: z.literal('layers'),
    diff_ids: z.array(digestSchema).nullable(),
  }),
});

/** Parses an image config. @throws VeritySignError 'image' */
export function parseConfig(bytes: Uint8Array): ImageConfig {
  const { os, architecture, variant, rootfs } = parseMetadata(configSchema, bytes, 'the image config');
  const platform: Platform | undefined =
    os === undefined || os === '' || architecture === undefined
      ? undefined
      : { os, architecture, ...(variant === undefined || variant === '' ? {} : { variant }) };
  return { platform, diffIds: rootfs.diff_ids ?? [] };
}
