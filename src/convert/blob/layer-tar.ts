import { createHash, type Hash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import { drained } from '../../lib/process/drained.ts';
import type { Compression, LayerFacts, LayerTar } from '../../model/index.ts';
import { DroppedEntryObserver } from '../tar/dropped.ts';
import { decompress } from './decompress.ts';
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
  /** Leave `dropped` empty: whoever takes the tar knows better. */
  skipDropped?: boolean;
  /** Told the bytes of the compressed blob read so far, at each piece. */
  onProgress?: (compressedBytes: number) => void;
}

/** Takes a piece of the tar; the next one comes when it has resolved. */
export type TakePiece = (piece: Buffer) => Promise<void>;

/**
 * Turns a layer's blob into its uncompressed tar, gives that to `take` piece by piece, and checks size
 * and digest of both on the way. Errors (`image`): the blob is damaged, too large, not of its media type,
 * or not the one that the image names; `cancelled` by the signal; those of `take` and `blob` as they are.
 */
export async function readLayer(
  blob: Readable,
  expected: ExpectedLayer,
  options: LayerTarOptions,
  take: TakePiece,
): Promise<LayerFacts> {
  const { signal } = options;
  const onAbort = (): void => void blob.destroy(stopped());
  try {
    if (signal?.aborted) throw stopped();
    signal?.addEventListener('abort', onAbort, { once: true });
    return await pump(blob, expected, options, take);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    blob.destroy();
  }
}

/** The same as a stream, which reading starts to fill at once; it errors if any check fails. */
export function openLayerTar(blob: Readable, expected: ExpectedLayer, options: LayerTarOptions): LayerTar {
  // Not a generator turned into a stream: such a stream, destroyed, would wait for the blob's next piece.
  const tar = new PassThrough({ highWaterMark: 2 * 1024 * 1024 });
  const onAbort = (): void => void tar.destroy(stopped());
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  tar.once('close', () => {
    options.signal?.removeEventListener('abort', onAbort);
    blob.destroy();
  });

  const take = async (piece: Buffer): Promise<void> => {
    if (tar.destroyed) throw new UnreadError();
    if (!tar.write(piece)) await drained(tar);
  };
  const facts = readLayer(blob, expected, options, take).then(
    (made) => {
      tar.end();
      return made;
    },
    (error: unknown) => {
      // Whoever destroyed the stream knows why better than what broke by it.
      const reason = tar.destroyed ? (tar.errored ?? new UnreadError()) : error;
      tar.destroy(reason as Error);
      throw reason;
    },
  );
  facts.catch(() => undefined);
  // Its consumer sees the error; one that has not come yet sees `errored`.
  tar.on('error', () => undefined);
  return { tar, facts };
}

async function pump(
  blob: Readable,
  expected: ExpectedLayer,
  { maxTarSize, signal, skipDropped = false, onProgress }: LayerTarOptions,
  take: TakePiece,
): Promise<LayerFacts> {
  const { compression, digest, size } = expected;
  const checked = checkedBlob(blob, expected, onProgress);
  const diffHash = startHash(expected.diffId, 'diffID');
  // The tar is the blob: one digest serves.
  const digestTwice = compression !== 'none' || digest.slice(0, 6) !== expected.diffId.slice(0, 6);
  const observer = new DroppedEntryObserver();
  let tarSize = 0;
  try {
    for await (const piece of decompress(sniffed(checked, compression), compression)) {
      tarSize += piece.length;
      if (tarSize > maxTarSize) throw tooLarge(maxTarSize);
      if (digestTwice) diffHash.update(piece);
      if (!skipDropped) observer.push(piece);
      if (signal?.aborted) throw stopped();
      await take(piece);
    }
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== 'image') throw error;
    if (error instanceof TooLargeError) throw error;
    // A blob that is not the one named in the image explains damage better than whoever stumbles over it.
    await readRest(checked);
    throw error;
  }
  await readRest(checked);
  const diffId = digestTwice ? digestText(expected.diffId, diffHash) : digest;
  if (diffId !== expected.diffId) {
    throw new VeritySignError(
      'image',
      `the uncompressed layer has the digest ${diffId}, the image config says ${expected.diffId}`,
      { remedy: 'Build and push the image again: its config does not belong to its layers' },
    );
  }
  return { digest, size, diffId, tarSize, dropped: observer.result() };
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

class UnreadError extends VeritySignError {
  constructor() {
    super('cancelled', 'the layer was not read to its end');
  }
}

function stopped(): VeritySignError {
  return new VeritySignError('cancelled', 'reading the layer was stopped');
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
