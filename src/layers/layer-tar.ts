import { createHash, type Hash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { VeritySignError } from '../errors.ts';
import type { Compression, LayerFacts, LayerTar } from '../pipeline/stages.ts';
import { drained } from '../tools/drained.ts';
import { decompress } from './decompress.ts';
import { DroppedEntryObserver } from './dropped-entries.ts';
import { describeBytes, looksLikeTar, SNIFF_LENGTH, sniffCompression } from './sniff.ts';

/** What the image says about a layer. */
export interface ExpectedLayer {
  /** Of the compressed blob: `sha256:` or `sha512:` and lowercase hex digits. */
  digest: string;
  /** Of the compressed blob, bytes. */
  size: number;
  /** Of the uncompressed tar, same form as `digest`. */
  diffId: string;
  compression: Compression;
}

export interface LayerTarOptions {
  /** Most bytes the uncompressed tar may have. */
  maxTarSize: number;
  signal?: AbortSignal;
  /** Told the bytes of the compressed blob read so far, at each piece. */
  onProgress?: (compressedBytes: number) => void;
}

/**
 * Turns a layer's blob into its uncompressed tar and checks size and digest of both on the way.
 * Reading starts at once and is bounded by the buffers. Errors (`image`): the blob is damaged,
 * too large, not of its media type, or not the one that the image names.
 */
export function openLayerTar(blob: Readable, expected: ExpectedLayer, options: LayerTarOptions): LayerTar {
  // Not a generator turned into a stream: such a stream, destroyed, would wait for the blob's next piece.
  const tar = new PassThrough({ highWaterMark: 2 * 1024 * 1024 });
  const stopped = (): void => {
    tar.destroy(new VeritySignError('cancelled', 'reading the layer was stopped'));
  };
  if (options.signal?.aborted) stopped();
  options.signal?.addEventListener('abort', stopped, { once: true });
  tar.once('close', () => {
    options.signal?.removeEventListener('abort', stopped);
    blob.destroy();
  });

  const facts = pump(blob, expected, options, tar).catch((error: unknown) => {
    // Whoever destroyed the stream knows why better than what broke by it.
    const reason = tar.destroyed ? (tar.errored ?? unread()) : error;
    tar.destroy(reason as Error);
    throw reason;
  });
  facts.catch(() => undefined);
  // Its consumer sees the error; one that has not come yet sees `errored`.
  tar.on('error', () => undefined);
  return { tar, facts };
}

async function pump(
  blob: Readable,
  expected: ExpectedLayer,
  options: LayerTarOptions,
  tar: PassThrough,
): Promise<LayerFacts> {
  const checked = checkedBlob(blob, expected, options.onProgress);
  const diffHash = startHash(expected.diffId, 'diffID');
  const observer = new DroppedEntryObserver();
  let tarSize = 0;
  try {
    for await (const chunk of decompress(sniffed(checked, expected.compression), expected.compression)) {
      tarSize += chunk.length;
      if (tarSize > options.maxTarSize) throw tooLarge(options.maxTarSize);
      diffHash.update(chunk);
      observer.push(chunk);
      if (tar.destroyed) throw unread();
      if (!tar.write(chunk)) await drained(tar);
    }
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== 'image') throw error;
    if (error instanceof TooLargeError || tar.destroyed) throw error;
    // A blob that is not the one named in the image explains damage better than the decompressor does.
    await readRest(checked);
    throw error;
  }
  await readRest(checked);
  const diffId = digestText(expected.diffId, diffHash);
  if (diffId !== expected.diffId) {
    throw new VeritySignError(
      'image',
      `the uncompressed layer has the digest ${diffId}, the image config says ${expected.diffId}`,
      { remedy: 'Build and push the image again: its config does not belong to its layers' },
    );
  }
  tar.end();
  return { digest: expected.digest, size: expected.size, diffId, tarSize, dropped: observer.result() };
}

/** The blob's pieces; ends well only if size and digest are right. */
async function* checkedBlob(
  blob: Readable,
  expected: ExpectedLayer,
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
    throw new VeritySignError('image', `the blob has the digest ${digest}, not the one that names it`, {
      remedy: 'Fetch the image again; if that does not help, the registry or layout is damaged',
    });
  }
}

/** Reads on for the checks' sake. After an error of its own the blob has ended. */
async function readRest(checked: AsyncGenerator<Buffer>): Promise<void> {
  while (!(await checked.next()).done);
}

/** Looks at the first bytes before any decompressor does. The iterator it returns never closes `pieces`. */
async function* sniffed(pieces: AsyncIterator<Buffer>, compression: Compression): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  let result = await pieces.next();
  for (; !result.done && head.length < SNIFF_LENGTH; result = await pieces.next()) {
    head = head.length === 0 ? result.value : Buffer.concat([head, result.value]);
    if (head.length >= SNIFF_LENGTH) break;
  }
  const found = sniffCompression(head);
  const wrong = compression === 'none' ? found !== 'none' && !looksLikeTar(head) : found !== compression;
  if (wrong) {
    const said = compression === 'none' ? 'an uncompressed tar' : compression;
    throw new VeritySignError(
      'image',
      `the media type says ${said}, but the blob is ${describeBytes(head)}`,
      {
        remedy: 'Build the image again with the media type that fits its layers',
      },
    );
  }
  if (head.length > 0) yield head;
  for (result = await pieces.next(); !result.done; result = await pieces.next()) yield result.value;
}

function unread(): VeritySignError {
  return new VeritySignError('cancelled', 'the layer was not read to its end');
}

class TooLargeError extends VeritySignError {}

function tooLarge(limit: number): VeritySignError {
  return new TooLargeError('image', `the uncompressed layer is larger than ${limit} bytes`, {
    remedy: 'Raise max-layer-size if this layer is meant to be so large',
  });
}

function sizeDiffers(found: string, expected: number): VeritySignError {
  return new VeritySignError('image', `the blob has ${found}, its descriptor says ${expected}`, {
    remedy: 'Fetch the image again; if that does not help, the registry or layout is damaged',
  });
}

function startHash(digest: string, what: string): Hash {
  const match = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.exec(digest);
  if (match === null) {
    throw new VeritySignError(
      'image',
      `the layer's ${what} ${JSON.stringify(digest)} is neither sha256 nor sha512`,
    );
  }
  return createHash(digest.slice(0, 6));
}

function digestText(like: string, hash: Hash): string {
  return `${like.slice(0, 6)}:${hash.digest('hex')}`;
}
