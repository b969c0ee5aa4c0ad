/** Digests of content, as descriptors and references write them. [image-spec descriptor.md, Digests] */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { VeritySignError } from '../errors.ts';

const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** True for `sha256:` or `sha512:` and the right number of lowercase hex digits, and nothing else. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** A digest in a JSON document. */
export const digestSchema = z.string().regex(DIGEST, 'not a sha256 or sha512 digest');

/**
 * Algorithm and hex part of a digest: also the two path components of a blob in a layout.
 * @throws VeritySignError 'image'
 */
export function splitDigest(digest: string): { algorithm: 'sha256' | 'sha512'; hex: string } {
  if (!isDigest(digest))
    throw new VeritySignError('image', `${JSON.stringify(digest)} is not a valid digest`);
  return { algorithm: digest.startsWith('sha256') ? 'sha256' : 'sha512', hex: digest.slice(7) };
}

/** The digest of `bytes` by the default algorithm. */
export function sha256Digest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
