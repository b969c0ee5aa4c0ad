/**
 * The grammar of content digests. [image-spec descriptor.md, Digests] It is apart from digest.ts so that the
 * threads that process layers do not load zod.
 */
import { VeritySignError } from '../errors.ts';

export const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** True for `sha256:` or `sha512:` and the right number of lowercase hex digits, and nothing else. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/**
 * Algorithm and hex part of a digest: also the two path components of a blob in a layout.
 * @throws VeritySignError 'image'
 */
export function splitDigest(digest: string): { algorithm: 'sha256' | 'sha512'; hex: string } {
  if (!isDigest(digest))
    throw new VeritySignError('image', `${JSON.stringify(digest)} is not a valid digest`);
  return { algorithm: digest.startsWith('sha256') ? 'sha256' : 'sha512', hex: digest.slice(7) };
}
