/** The small JSON documents of images: manifests, indexes, configs, lists of referrers. */
import type * as z from 'zod';
import { VeritySignError } from '../errors.ts';
import type { Descriptor } from '../model/index.ts';
import { AmbiguityError, FormatError } from './format-error.ts';
import { decodeJson, matchSchema } from './strict-json.ts';

/** Bytes of the largest manifest, index or config: registries refuse larger ones. [distribution-spec, Push] */
export const MAX_METADATA_SIZE = 4 * 1024 * 1024;

const AMBIGUOUS =
  'Programs understand this document differently: do not run the image, and build it again with a current tool';

/** @throws VeritySignError 'image' for a document that is too large to be read into memory */
export function checkMetadataSize(descriptor: Descriptor, limit = MAX_METADATA_SIZE): void {
  checkLimit(descriptor.digest, descriptor.size, limit);
}

/**
 * Parses a document of at most 4 MiB against `schema`.
 *
 * @param what names the document in messages, such as `the manifest`
 * @throws VeritySignError 'image'
 */
export function parseMetadata<S extends z.ZodType>(schema: S, bytes: Uint8Array, what: string): z.output<S> {
  return parseMetadataAndRaw(schema, bytes, what).parsed;
}

/** As {@link parseMetadata}, with the document as it was written: properties that the schema lacks included. */
export function parseMetadataAndRaw<S extends z.ZodType>(
  schema: S,
  bytes: Uint8Array,
  what: string,
): { parsed: z.output<S>; raw: unknown } {
  checkLimit(what, bytes.length, MAX_METADATA_SIZE);
  try {
    const raw = decodeJson(bytes);
    return { parsed: matchSchema(schema, raw), raw };
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    const remedy = cause instanceof AmbiguityError ? { remedy: AMBIGUOUS } : {};
    throw new VeritySignError('image', `${what} ${cause.message}`, { ...remedy, cause });
  }
}

function checkLimit(what: string, size: number, limit: number): void {
  if (size <= limit) return;
  throw new VeritySignError('image', `${what} has ${size} bytes, the limit is ${limit}`);
}
