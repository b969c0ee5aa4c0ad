/**
 * Manifests, indexes and configs from bytes, strictly: what they say decides what is signed.
 * [image-spec manifest.md, image-index.md, config.md; Docker image manifest v2 schema 2]
 */
import * as z from 'zod';
import { VeritySignError } from '../../errors.ts';
import { descriptorSchema, isDigest, parseJson, toDescriptor } from '../../formats/descriptor.ts';
import type { Descriptor, ImageLayer, Platform, SkippedLayer } from '../../model/index.ts';
import { documentKind, layerForm } from './media-types.ts';

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
  // A document that can be read as either would be two images under one digest (CVE-2021-41190).
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
 * @param mediaType of the descriptor or response that led to the bytes: it decides the kind
 * @throws VeritySignError 'image' if it is malformed, over 4 MiB, or of a kind that cannot be signed
 */
export function parseDocument(bytes: Uint8Array, mediaType: string): ImageManifest | ImageIndex {
  switch (documentKind(mediaType)) {
    case 'manifest': {
      const { config, layers, subject, artifactType, ...rest } = parseJson(
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
      const { manifests, ...rest } = parseJson(indexSchema, bytes, 'the index');
      checkMediaType(rest.mediaType, mediaType);
      return { kind: 'index', manifests: (manifests ?? []).map(toDescriptor) };
    }
    case 'schema1':
      throw new VeritySignError('image', 'the manifest has the withdrawn Docker schema 1', {
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
    diff_ids: z.array(z.string().refine(isDigest, 'not a sha256 or sha512 digest')).nullable(),
  }),
});

/** Parses an image config. @throws VeritySignError 'image' */
export function parseConfig(bytes: Uint8Array): ImageConfig {
  const { os, architecture, variant, rootfs } = parseJson(configSchema, bytes, 'the image config');
  const platform: Platform | undefined =
    os === undefined || os === '' || architecture === undefined
      ? undefined
      : { os, architecture, ...(variant === undefined || variant === '' ? {} : { variant }) };
  return { platform, diffIds: rootfs.diff_ids ?? [] };
}

/**
 * Pairs the layers with their diffIDs and sorts out those that stay unsigned.
 *
 * @param allowSkip see {@link layerForm}
 * @param unfit what a layer that cannot be signed is: an error, or a reason to leave all of them out
 * @throws VeritySignError 'image'
 */
export function imageLayers(
  manifest: ImageManifest,
  config: ImageConfig,
  allowSkip: readonly string[],
  unfit: 'refuse' | 'leave-out' = 'refuse',
): { layers: ImageLayer[]; skippedLayers: SkippedLayer[]; layersLeftOut?: string } {
  const { diffIds } = config;
  if (diffIds.length !== manifest.layers.length) {
    throw new VeritySignError(
      'image',
      `the manifest has ${manifest.layers.length} layers, the image config has ${diffIds.length} diffIDs`,
    );
  }
  const layers: ImageLayer[] = [];
  const skippedLayers: SkippedLayer[] = [];
  for (const [index, descriptor] of manifest.layers.entries()) {
    let form: ReturnType<typeof layerForm>;
    try {
      form = layerForm(descriptor.mediaType, allowSkip);
    } catch (error) {
      if (!(error instanceof VeritySignError)) throw error;
      if (unfit === 'leave-out') {
        return { layers: [], skippedLayers: [], layersLeftOut: `layer ${index}: ${error.message}` };
      }
      error.context.layer ??= `layer ${index} (${descriptor.digest})`;
      throw error;
    }
    if ('skip' in form) skippedLayers.push({ index, descriptor, reason: form.skip });
    else layers.push({ index, descriptor, compression: form.compression, diffId: diffIds[index] ?? '' });
  }
  return { layers, skippedLayers };
}
