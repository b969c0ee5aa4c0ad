/** Content descriptors and the content that they describe. [image-spec descriptor.md] */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { VeritySignError } from '../errors.ts';
import type { Descriptor, Platform } from '../model/index.ts';
import { digestSchema, sha256Digest, splitDigest } from './digest.ts';
import { bytes, nullable, optionalText, texts } from './go-types.ts';

/** `annotations` of a descriptor, a manifest or an index; undefined if there are none. */
export const annotationsSchema = nullable(z.record(z.string(), z.string()));

/** All names that Go programs know in a platform: those of OCI, and docker's `features`. */
export const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: optionalText,
  'os.version': optionalText,
  'os.features': texts,
  features: texts,
});

/** All names that Go programs know in a descriptor. */
export const descriptorSchema = z.object({
  mediaType: z.string().min(1),
  digest: digestSchema,
  size: z.int().min(0),
  annotations: annotationsSchema,
  platform: nullable(platformSchema),
  artifactType: optionalText,
  urls: texts,
  data: bytes,
});

/** The descriptor without the properties that are absent. */
export function toDescriptor(parsed: z.output<typeof descriptorSchema>): Descriptor {
  const { mediaType, digest, size, annotations, platform, artifactType } = parsed;
  return {
    mediaType,
    digest,
    size,
    ...(annotations === undefined ? {} : { annotations }),
    ...(platform === undefined ? {} : { platform: toPlatform(platform) }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}

function toPlatform(parsed: z.output<typeof platformSchema>): Platform {
  const { os, architecture, variant, 'os.version': version } = parsed;
  return {
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(version === undefined ? {} : { 'os.version': version }),
  };
}

/** Only the identity of a descriptor, as a manifest's `subject` has it. */
export function plainDescriptor({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

/** The descriptor of `bytes`. */
export function descriptorOf(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: sha256Digest(bytes), size: bytes.length };
}

/** True if both describe the same bytes. */
export function sameContent(a: Descriptor, b: Descriptor): boolean {
  return a.mediaType === b.mediaType && a.digest === b.digest && a.size === b.size;
}

/** @throws VeritySignError 'image' unless `bytes` have the size and digest of `descriptor` */
export function checkContent(bytes: Uint8Array, descriptor: Descriptor): void {
  const { algorithm, hex } = splitDigest(descriptor.digest);
  checkSize(bytes.length, descriptor);
  const actual = createHash(algorithm).update(bytes).digest('hex');
  if (actual !== hex) {
    throw new VeritySignError(
      'image',
      `the content of ${descriptor.digest} has digest ${algorithm}:${actual}`,
    );
  }
}

/** @throws VeritySignError 'image' unless `size`, in bytes, is that of `descriptor` */
export function checkSize(size: number, descriptor: Descriptor): void {
  if (size === descriptor.size) return;
  throw new VeritySignError(
    'image',
    `${descriptor.digest} has ${size} bytes, its descriptor says ${descriptor.size}`,
  );
}
