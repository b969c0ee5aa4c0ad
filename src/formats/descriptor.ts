/** Content descriptors and the content that they describe. [image-spec descriptor.md] */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { VeritySignError } from '../errors.ts';
import type { Descriptor, Platform } from '../model/index.ts';
import { digestSchema, isDigest, sha256Digest, splitDigest } from './digest.ts';
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

/** All names that Go programs know in a descriptor, each with its own form. */
export const descriptorFields = z.object({
  mediaType: z.string().min(1),
  digest: digestSchema,
  size: z.int().min(0),
  annotations: annotationsSchema,
  platform: nullable(platformSchema),
  artifactType: optionalText,
  urls: texts,
  data: bytes,
});

/**
 * A descriptor. Content that it embeds must be what it describes: some Go programs use `data` in place of the
 * blob. [image-spec descriptor.md, "Embedded Content"]
 */
export const descriptorSchema = embedding(descriptorFields);

interface Embedding {
  digest?: string | undefined;
  size?: number | undefined;
  data?: string | null | undefined;
}

/** Adds the check of embedded content to a schema that has the names of {@link descriptorFields}, or some of them. */
export function embedding<S extends z.ZodType<Embedding>>(schema: S): S {
  return schema.superRefine(({ data, digest = '', size }, context) => {
    // Another digest or text is reported by its own field.
    if (data === undefined || data === null || (digest !== '' && !isDigest(digest))) return;
    const difference = embeddedDifference(Buffer.from(data, 'base64'), digest, size);
    if (difference === undefined) return;
    context.addIssue({ code: 'custom', path: ['data'], message: difference });
  });
}

function embeddedDifference(
  content: Uint8Array,
  digest: string,
  size: number | undefined,
): string | undefined {
  if (digest === '' || size === undefined) return 'embedded content needs a digest and a size';
  if (content.length !== size) {
    return `the embedded content has ${content.length} bytes, the descriptor says ${size}`;
  }
  const actual = digestLike(digest, content);
  return actual === digest
    ? undefined
    : `the embedded content has digest ${actual}, the descriptor says ${digest}`;
}

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
  const { os, architecture, variant, 'os.version': version, 'os.features': features } = parsed;
  return {
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(version === undefined ? {} : { 'os.version': version }),
    ...(features == null || features.length === 0 ? {} : { 'os.features': features }),
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

/**
 * The first descriptor of each content, in their order.
 * @throws VeritySignError 'image' if another one says another size of the same content
 */
export function distinctContent(descriptors: readonly Descriptor[]): Descriptor[] {
  const distinct = new Map<string, Descriptor>();
  for (const descriptor of descriptors) {
    const first = distinct.get(descriptor.digest);
    if (first === undefined) distinct.set(descriptor.digest, descriptor);
    else requireSameSize(first, descriptor);
  }
  return [...distinct.values()];
}

/** @throws VeritySignError 'image' if two descriptors of the same content say different sizes */
export function requireSameSize(first: Descriptor, second: Descriptor): void {
  if (first.size === second.size) return;
  throw new VeritySignError(
    'image',
    `${first.digest} has two sizes: one descriptor says ${first.size} bytes, another ${second.size}`,
  );
}

/** @throws VeritySignError 'image' unless `bytes` have the size and digest of `descriptor` */
export function checkContent(bytes: Uint8Array, descriptor: Descriptor): void {
  checkSize(bytes.length, descriptor);
  const actual = digestLike(descriptor.digest, bytes);
  if (actual !== descriptor.digest) {
    throw new VeritySignError('image', `the content of ${descriptor.digest} has digest ${actual}`);
  }
}

/** The digest of `bytes` by the algorithm of another digest. */
export function digestLike(digest: string, bytes: Uint8Array): string {
  const { algorithm } = splitDigest(digest);
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** @throws VeritySignError 'image' unless `size`, in bytes, is that of `descriptor` */
export function checkSize(size: number, descriptor: Descriptor): void {
  if (size === descriptor.size) return;
  throw new VeritySignError(
    'image',
    `${descriptor.digest} has ${size} bytes, its descriptor says ${descriptor.size}`,
  );
}
