/** Digests of content, as descriptors and references write them. [image-spec descriptor.md, Digests] */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { DIGEST } from './digest-grammar.ts';

export { isDigest, splitDigest } from './digest-grammar.ts';

/** A digest in a JSON document. */
export const digestSchema = z.string().regex(DIGEST, 'not a sha256 or sha512 digest');

/** The digest of `bytes` by the default algorithm. */
export function sha256Digest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
