/** Content-addressed bytes: digests and descriptors. [image-spec descriptor.md] */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { VeritySignError } from '../errors.ts';
import type { Descriptor } from '../model/index.ts';

/** Manifests, indexes and configs above this size are refused, as registries refuse them. */
export const MAX_METADATA_SIZE = 4 * 1024 * 1024;

const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** True for `sha256:` or `sha512:` and the right number of lowercase hex digits, and nothing else. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** Algorithm and hex part of a digest: also the two path components of a blob in a layout. */
export function splitDigest(digest: string): { algorithm: 'sha256' | 'sha512'; hex: string } {
  if (!isDigest(digest))
    throw new VeritySignError('image', `${JSON.stringify(digest)} is not a valid digest`);
  return { algorithm: digest.startsWith('sha256') ? 'sha256' : 'sha512', hex: digest.slice(7) };
}

export function sha256Digest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Throws 'image' unless `bytes` have the size and digest that `descriptor` promises. */
export function checkContent(bytes: Uint8Array, descriptor: Descriptor): void {
  const { algorithm, hex } = splitDigest(descriptor.digest);
  if (bytes.length !== descriptor.size) {
    throw new VeritySignError(
      'image',
      `${descriptor.digest} has ${bytes.length} bytes, its descriptor says ${descriptor.size}`,
    );
  }
  const actual = createHash(algorithm).update(bytes).digest('hex');
  if (actual !== hex) {
    throw new VeritySignError(
      'image',
      `the content of ${descriptor.digest} has digest ${algorithm}:${actual}`,
    );
  }
}

/** Throws 'image' for metadata that is too big to be read into memory. */
export function checkMetadataSize(descriptor: Descriptor, limit = MAX_METADATA_SIZE): void {
  if (descriptor.size > limit) {
    throw new VeritySignError(
      'image',
      `${descriptor.digest} has ${descriptor.size} bytes, the limit is ${limit}`,
    );
  }
}

const annotations = z.record(z.string(), z.string());

export const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().exactOptional(),
  'os.version': z.string().exactOptional(),
});

export const descriptorSchema = z.object({
  mediaType: z.string().min(1),
  digest: z.string().regex(DIGEST, 'not a sha256 or sha512 digest'),
  size: z.int().min(0),
  annotations: annotations.nullish().transform((value) => value ?? undefined),
  platform: platformSchema.nullish().transform((value) => value ?? undefined),
  artifactType: z
    .string()
    .nullish()
    .transform((value) => value ?? undefined),
});

/** Keeps what a descriptor has, without the properties that are absent. */
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

/** A descriptor's identity alone, as a manifest's `subject` has it. */
export function plainDescriptor({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

/** Parses JSON bytes against `schema`; a failure is an 'image' error that names `what`. */
export function parseJson<S extends z.ZodType>(schema: S, bytes: Uint8Array, what: string): z.output<S> {
  if (bytes.length > MAX_METADATA_SIZE) {
    throw new VeritySignError(
      'image',
      `${what} has ${bytes.length} bytes, the limit is ${MAX_METADATA_SIZE}`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new VeritySignError('image', `${what} is not valid JSON`, { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  throw new VeritySignError(
    'image',
    `${what} is malformed${where === '' ? '' : ` at ${where}`}: ${issue?.message ?? 'unknown form'}`,
    { cause: result.error },
  );
}
