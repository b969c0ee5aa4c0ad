/** Content descriptors and the content that they describe. [image-spec descriptor.md] */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { VeritySignError } from '../errors.ts';
import type { Descriptor } from '../model/index.ts';
import { digestSchema, sha256Digest, splitDigest } from './digest.ts';

/** An optional property, for which Go programs also write null. */
function nullable<S extends z.ZodType>(schema: S) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** `annotations` of a descriptor, a manifest or an index; undefined if there are none. */
export const annotationsSchema = nullable(z.record(z.string(), z.string()));

export const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().exactOptional(),
  'os.version': z.string().exactOptional(),
});

export const descriptorSchema = z.object({
  mediaType: z.string().min(1),
  digest: digestSchema,
  size: z.int().min(0),
  annotations: annotationsSchema,
  platform: nullable(platformSchema),
  artifactType: nullable(z.string()),
});

/** The descriptor without the properties that are absent. */
export function toDescriptor(parsed: z.output<typeof descriptorSchema>): Descriptor {
  const { mediaType, digest, size, annotations, platform, artifactType } = parsed;
  return {
    mediaType,
    digest,
    size,
    ...(annotations === undefined ? {} : { annotations }),
    ...(platform === undefined ? {} : { platform }),
    ...(artifactType === undefined ? {} : { artifactType }),
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
