import * as z from 'zod';
import { VeritySignError } from '../../errors.ts';
import { annotationsSchema, descriptorFields, embedding, toDescriptor } from '../../formats/descriptor.ts';
import { anything, text } from '../../formats/go-types.ts';
import { parseMetadata } from '../../formats/metadata.ts';
import { ToolError } from '../../lib/process/run.ts';
import type { Descriptor } from '../../model/index.ts';

const listed = descriptorFields.extend({ reference: text, referrers: anything });
const list = z.array(embedding(listed)).nullish();

/** oras 1.2 prints a list `manifests`, 1.3 a tree under `referrers` whose root is the subject. */
const schema = z.object({
  manifests: list,
  referrers: list,
  reference: text,
  mediaType: text,
  digest: text,
  size: anything,
  artifactType: text,
  annotations: annotationsSchema,
});

/** A list of referrers that has no end, or none that can be awaited. */
export class EndlessReferrersError extends VeritySignError {
  /** @param how completes "the registry lists referrers" */
  constructor(registry: string, how: string, cause?: unknown) {
    super('registry', `${registry} lists referrers ${how}`, {
      remedy: 'Remove referrers that nobody needs, or set referrers: tag',
      cause,
    });
  }
}

/** Bytes, by far more than oras takes for the longest list that this program reads. */
const MEMORY = 512 * 1024 * 1024;

/**
 * Words before a command that limit its memory, unless it is limited further already. `oras discover` holds every
 * page in memory, and asks for as many as the registry names.
 */
export const WITH_LITTLE_MEMORY: readonly string[] = [
  '/bin/sh',
  '-c',
  `most=${MEMORY / 1024} now=$(ulimit -S -d)
[ "$now" != unlimited ] && [ "$now" -le $most ] || ulimit -S -d $most
exec "$0" "$@"`,
];

/** Whether oras had no more memory: a program in Go then ends with status 2. oras' own failures have status 1. */
export function lacksMemory(error: unknown): boolean {
  return error instanceof VeritySignError && error.cause instanceof ToolError && error.cause.exitCode === 2;
}

/** The direct referrers in the output of `oras discover --format json`. */
export function parseReferrers(bytes: Uint8Array): Descriptor[] {
  const { manifests, referrers } = parseMetadata(schema, bytes, 'the list of referrers');
  return (referrers ?? manifests ?? []).map(toDescriptor);
}
