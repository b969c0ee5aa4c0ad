import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { VeritySignError } from '../../../../errors.ts';
import { openRegular } from '../../../../lib/read-regular.ts';

/** What a file of the guest must be. */
export interface Expected {
  sha256: string;
  /** Bytes. */
  size: number;
}

export interface VerifiedCopy {
  source: string;
  expected: Expected;
  /** Decompressed while it is copied, and what that must give. */
  decompressed?: Expected;
  /** Path of a new file. */
  target: string;
  /** Written before the copy. */
  before?: Uint8Array;
  signal?: AbortSignal | undefined;
}

/**
 * Copies a file, and compares what is copied with what it must be: who can exchange the file later changes nothing.
 * @throws VeritySignError 'environment' if it cannot be read or is another file
 */
export async function verifiedCopy(copy: VerifiedCopy): Promise<void> {
  const { source, expected, decompressed, target, before, signal } = copy;
  const steps: Transform[] = [check(source, expected)];
  if (decompressed !== undefined) {
    steps.push(createZstdDecompress(), check(`${source}, decompressed,`, decompressed));
  }
  try {
    const input = (await openRegular(source)).createReadStream();
    const sink = createWriteStream(target, { flags: 'wx', mode: 0o600 });
    if (before !== undefined) sink.write(before);
    await pipeline([input, ...steps, sink], signal === undefined ? {} : { signal });
  } catch (cause) {
    if (cause instanceof VeritySignError) throw cause;
    if (signal?.aborted === true) {
      throw new VeritySignError('cancelled', `copying ${basename(source)} was stopped`, { cause });
    }
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new VeritySignError('environment', `${source} cannot be copied (${code ?? message})`, {
      remedy: 'Check that it is intact, and the permissions and free space of temp-dir',
      cause,
    });
  }
}

/** Passes bytes on, at most as many as expected, and fails at the end unless they are the expected ones. */
function check(name: string, { sha256, size }: Expected): Transform {
  const hash = createHash('sha256');
  let seen = 0;
  const refuse = () =>
    new VeritySignError('environment', `${name} is not the file that manifest.json names`, {
      remedy: 'Make the files again with npm run preflight:build, or copy all of them again',
    });
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      hash.update(chunk);
      if (seen > size) done(refuse());
      else done(null, chunk);
    },
    flush(done) {
      done(seen === size && hash.digest('hex') === sha256 ? null : refuse());
    },
  });
}
