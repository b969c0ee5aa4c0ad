import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** An archive to install from. It is identified by its checksum, wherever it comes from. */
export interface Archive {
  tool: 'oras' | 'erofs-utils';
  version: string;
  /** Lowercase hexadecimal. */
  sha256: string;
  /** Tried in turn: https, http or file. */
  urls: readonly string[];
  /** Name of the input that sets another URL. */
  input: string;
}

/** Bytes. The largest archive has 12 MB; a cache that serves more must not fill the disk. */
export const MAX_ARCHIVE_SIZE = 128 * 1024 * 1024;

/** Why the file at `path` is not the archive; undefined if it is. */
export async function whyDifferent(path: string, { sha256 }: Archive): Promise<string | undefined> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const found = hash.digest('hex');
  return found === sha256 ? undefined : `has SHA-256 ${found}, not ${sha256}`;
}
