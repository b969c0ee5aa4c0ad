import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import { isDigest, splitDigest } from '../../formats/digest-grammar.ts';

/** What an image says of a blob. */
export interface ExpectedBlob {
  /** `sha256:` or `sha512:` and lowercase hex digits. */
  digest: string;
  /** Bytes. */
  size: number;
}

/**
 * Passes on the chunks of a blob, and throws at the end unless size and digest are right.
 * @param onProgress called for each chunk with the bytes of the blob read so far
 * @throws VeritySignError 'image' for another blob; errors of `blob` pass through
 */
export async function* checkedBlob(
  blob: Readable,
  expected: ExpectedBlob,
  onProgress: ((bytes: number) => void) | undefined,
): AsyncGenerator<Buffer> {
  const hash = startHash(expected.digest, 'digest');
  let size = 0;
  for await (const chunk of blob) {
    size += chunk.length;
    if (size > expected.size) throw sizeDiffers(`more than ${expected.size} bytes`, expected.size);
    hash.update(chunk);
    onProgress?.(size);
    yield chunk;
  }
  if (size !== expected.size) throw sizeDiffers(`${size} bytes`, expected.size);
  const digest = digestText(expected.digest, hash);
  if (digest !== expected.digest) {
    throw new VeritySignError(
      'image',
      `the blob has the digest ${digest}, but the image names ${expected.digest}`,
      {
        remedy: 'Fetch the image again; if that does not help, repair the registry or layout',
      },
    );
  }
}

function sizeDiffers(found: string, expected: number): VeritySignError {
  return new VeritySignError('image', `the blob has ${found}, but its descriptor says ${expected}`, {
    remedy: 'Fetch the image again; if that does not help, repair the registry or layout',
  });
}

/**
 * Starts a digest of the same algorithm as `digest`.
 * @param what the name of the digest, for the message
 * @throws VeritySignError 'image' if it is no digest
 */
export function startHash(digest: string, what: string): Hash {
  if (!isDigest(digest)) {
    throw new VeritySignError(
      'image',
      `the layer's ${what} ${JSON.stringify(digest)} is not a sha256 or sha512 digest`,
    );
  }
  return createHash(splitDigest(digest).algorithm);
}

/** The result of a hash that {@link startHash} made for `like`, as a digest. */
export function digestText(like: string, hash: Hash): string {
  return `${splitDigest(like).algorithm}:${hash.digest('hex')}`;
}
