import { PassThrough, type Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import { onAbort } from '../../lib/concurrent.ts';
import { drained } from '../../lib/process/drained.ts';
import type { Compression, LayerFacts, LayerFormat, LayerTar } from '../../model/index.ts';
import { TarFactsObserver } from '../tar/facts.ts';
import { TAR_BLOCK } from '../tar/header.ts';
import { checkedBlob, digestText, startHash } from './checked-blob.ts';
import { decompress } from './decompress.ts';
import { pieces } from './pieces.ts';
import { describeBytes, looksLikeTar, SNIFF_LENGTH, sniffCompression } from './sniff.ts';

/** The values that an image gives for a layer. */
export interface ExpectedLayer {
  /** Digest of the compressed blob: `sha256:` or `sha512:` and lowercase hex digits. */
  digest: string;
  /** Bytes of the compressed blob. */
  size: number;
  /** Digest of the uncompressed tar or EROFS image, in the same form. */
  diffId: string;
  /** Default: a tar. */
  format?: LayerFormat;
  compression: Compression;
}

export interface LayerTarOptions {
  /** Maximum size of the uncompressed tar, in bytes. */
  maxTarSize: number;
  signal?: AbortSignal;
  /** Leaves the facts of the tar empty: the consumer reports them. */
  skipTarFacts?: boolean;
  /** Called for each chunk with the bytes of the compressed blob read so far. */
  onProgress?: (compressedBytes: number) => void;
}

/** Consumes a chunk of the tar; the next one comes when it has resolved. */
export type ConsumeChunk = (chunk: Buffer) => Promise<void>;

/**
 * Decompresses a layer's blob, passes its tar or EROFS image to `consume` in chunks, and checks size and digest of both.
 * @throws VeritySignError 'image' for a blob that is damaged, too large, not of its media type or not the one
 *   that the image names; 'cancelled' by the signal. Errors of `consume` and `blob` pass through.
 */
export function readLayer(
  blob: Readable,
  expected: ExpectedLayer,
  options: LayerTarOptions,
  consume: ConsumeChunk,
): Promise<LayerFacts> {
  const chunks = checkedBlob(blob, expected, options.onProgress);
  return pumpUntilAborted(blob, chunks, expected, options, consume);
}

/**
 * The same for a blob whose sender checks its size and digest, and breaks it where they are wrong.
 * `onProgress` is not called.
 */
export function readCheckedLayer(
  blob: Readable,
  expected: ExpectedLayer,
  options: LayerTarOptions,
  consume: ConsumeChunk,
): Promise<LayerFacts> {
  return pumpUntilAborted(blob, chunksOf(blob), expected, options, consume);
}

async function* chunksOf(blob: Readable): AsyncGenerator<Buffer> {
  yield* blob;
}

async function pumpUntilAborted(
  blob: Readable,
  chunks: AsyncGenerator<Buffer>,
  expected: ExpectedLayer,
  options: LayerTarOptions,
  consume: ConsumeChunk,
): Promise<LayerFacts> {
  let release = (): void => undefined;
  try {
    // Nothing reads the blob yet, so that nobody would see its error.
    if (options.signal?.aborted) throw stopped();
    release = onAbort(options.signal, () => void blob.destroy(stopped()));
    return await pump(chunks, expected, options, consume);
  } finally {
    release();
    blob.destroy();
  }
}

/**
 * The same as a stream, which reading starts to fill at once.
 * @returns `tar`, which errors if any check fails, and `facts`, which rejects with the same error
 */
export function openLayerTar(blob: Readable, expected: ExpectedLayer, options: LayerTarOptions): LayerTar {
  // A stream made of a generator would, once destroyed, wait for the blob's next chunk.
  const tar = new PassThrough({ highWaterMark: 2 * 1024 * 1024 });
  const release = onAbort(options.signal, () => void tar.destroy(stopped()));
  tar.once('close', () => {
    release();
    blob.destroy();
  });

  const consume = async (chunk: Buffer): Promise<void> => {
    if (tar.destroyed) throw new UnreadError();
    if (!tar.write(chunk)) await drained(tar);
  };
  const facts = readLayer(blob, expected, options, consume).then(
    (read) => {
      tar.end();
      return read;
    },
    (error: unknown) => {
      // If the stream was destroyed, that is the cause, and `error` a consequence.
      const reason = tar.destroyed ? (tar.errored ?? new UnreadError()) : error;
      tar.destroy(reason as Error);
      throw reason;
    },
  );
  facts.catch(() => undefined);
  // Prevents an uncaught error before a reader is attached; the reader then finds `errored`.
  tar.on('error', () => undefined);
  return { tar, facts };
}

async function pump(
  checked: AsyncGenerator<Buffer>,
  expected: ExpectedLayer,
  { maxTarSize, signal, skipTarFacts = false }: LayerTarOptions,
  consume: ConsumeChunk,
): Promise<LayerFacts> {
  const { format = 'tar', compression, digest, size } = expected;
  const diffHash = startHash(expected.diffId, 'diffID');
  // An uncompressed blob is the tar: one digest is enough.
  const digestTwice = compression !== 'none' || digest.slice(0, 6) !== expected.diffId.slice(0, 6);
  const observer = new TarFactsObserver();
  let tarSize = 0;
  let anyByte = false;
  try {
    for await (const chunk of decompress(sniffed(checked, format, compression), compression)) {
      tarSize += chunk.length;
      anyByte ||= tarSize < TAR_BLOCK && chunk.some((byte) => byte !== 0);
      if (tarSize > maxTarSize) throw tooLarge(maxTarSize);
      if (digestTwice) for await (const piece of pieces(chunk)) diffHash.update(piece);
      if (!skipTarFacts) observer.push(chunk);
      if (signal?.aborted) throw stopped();
      await consume(chunk);
    }
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== 'image') throw error;
    if (error instanceof TooLargeError) throw error;
    // If the blob is not the one that the image names, that explains the damage: check it to its end.
    await readRest(checked);
    throw error;
  }
  await readRest(checked);
  if (format === 'tar' && anyByte && tarSize < TAR_BLOCK) throw noTar(tarSize);
  const diffId = digestTwice ? digestText(expected.diffId, diffHash) : digest;
  if (diffId !== expected.diffId) {
    throw new VeritySignError(
      'image',
      `the uncompressed layer has the digest ${diffId}, the image config says ${expected.diffId}`,
      { remedy: 'Build and push the image again: its config does not match its layers' },
    );
  }
  return { digest, size, diffId, tarSize, ...observer.result() };
}

/** Reads the rest of the blob, so that it is checked; does nothing if reading it has failed. */
async function readRest(checked: AsyncGenerator<Buffer>): Promise<void> {
  while (!(await checked.next()).done);
}

/** Checks the first bytes against the media type. The iterator that it returns never closes `chunks`. */
async function* sniffed(
  chunks: AsyncIterator<Buffer>,
  format: LayerFormat,
  compression: Compression,
): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  let result = await chunks.next();
  for (; !result.done && head.length < SNIFF_LENGTH; result = await chunks.next()) {
    head = head.length === 0 ? result.value : Buffer.concat([head, result.value]);
    if (head.length >= SNIFF_LENGTH) break;
  }
  const found = sniffCompression(head);
  // Any bytes may precede the superblock of an EROFS image.
  const unlike = found !== 'none' && format === 'tar' && !looksLikeTar(head);
  const wrong = compression === 'none' ? unlike : found !== compression;
  if (wrong) {
    const declared = compression === 'none' ? 'an uncompressed tar' : compression;
    throw new VeritySignError(
      'image',
      `the media type says ${declared}, but the blob is ${describeBytes(head)}`,
      {
        remedy: 'Build the image again with media types that match its layers',
      },
    );
  }
  if (head.length > 0) yield head;
  for (result = await chunks.next(); !result.done; result = await chunks.next()) yield result.value;
}

class UnreadError extends VeritySignError {
  constructor() {
    super('cancelled', 'the layer was not read completely');
  }
}

function stopped(): VeritySignError {
  return new VeritySignError('cancelled', 'reading the layer was stopped');
}

class TooLargeError extends VeritySignError {}

/** mkfs.erofs makes an empty image of such a layer, so nothing else would notice. */
function noTar(size: number): VeritySignError {
  return new VeritySignError(
    'image',
    `the layer is no tar: it has ${size} bytes, and a tar has blocks of ${TAR_BLOCK}`,
    { remedy: 'Check that the file or blob is a layer, and push the image again from its source' },
  );
}

function tooLarge(limit: number): VeritySignError {
  return new TooLargeError('image', `the uncompressed layer is larger than ${limit} bytes`, {
    remedy: 'Raise max-layer-size if this size is intended',
  });
}
