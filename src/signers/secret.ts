import { createReadStream } from 'node:fs';
import { VeritySignError } from '../errors.ts';
import type { SecretReference } from './reference.ts';

/** No key of the supported kinds comes near it. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads what a reference points to. Errors carry neither the content nor, for files, what the system
 * said about the path: a passphrase may have been given in its place.
 * @param what For messages, such as `the key`.
 * @param env The secrets that were taken out of the process environment at start.
 * @throws VeritySignError with code `key`.
 */
export async function readSecret(
  reference: SecretReference,
  what: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  if (reference.kind === 'env') {
    const value = Object.hasOwn(env, reference.name) ? env[reference.name] : undefined;
    if (value === undefined || value === '') {
      throw new VeritySignError('key', `the environment variable ${reference.name} for ${what} is not set`, {
        remedy: 'Set it in the environment of this step or command',
      });
    }
    return value;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of createReadStream(reference.path) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BYTES) break;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new VeritySignError('key', `the file for ${what} cannot be read (${code})`, {
      remedy: `Check the path and its permissions, or give ${what} as env://NAME`,
    });
  }
  if (size > MAX_BYTES) {
    throw new VeritySignError('key', `the file for ${what} has more than ${MAX_BYTES / 1024} KiB`, {
      remedy: `Check the path of ${what}`,
    });
  }
  return Buffer.concat(chunks).toString('utf8');
}
