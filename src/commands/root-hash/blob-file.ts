import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { digestsOf } from '../../convert/blob/digests.ts';
import { SNIFF_LENGTH, sniffCompression } from '../../convert/blob/sniff.ts';
import { isErofs, SUPERBLOCK_END } from '../../convert/erofs/superblock.ts';
import { VeritySignError } from '../../errors.ts';
import { onAbort } from '../../lib/concurrent.ts';
import { statIfThere } from '../../lib/if-there.ts';
import type { ImageLayer } from '../../model/index.ts';
import { EROFS_LAYER_MEDIA_TYPES, LAYER_MEDIA_TYPES } from '../../model/media-types.ts';
import { prefixForPath } from '../../oci/image/local-path.ts';

/**
 * Whether the user's word names a file on disk rather than an image.
 * @throws VeritySignError 'usage' for the path of a file that does not exist, 'environment' if the system does not tell
 */
export async function isBlobFile(source: string): Promise<boolean> {
  const found = await statIfThere(source);
  if (found === undefined && prefixForPath(source) !== undefined) {
    throw new VeritySignError('usage', `there is no file ${source}`, {
      remedy: 'Give the path of a file that contains one layer blob, or the reference of an image',
    });
  }
  return found?.isFile() ?? false;
}

/**
 * Reads a layer blob in a file once to learn what an image would have said of it: its compression and
 * format from the first bytes, digest and diffID from all of them.
 *
 * @throws VeritySignError 'image' if it does not decompress.
 */
export async function blobFileLayer(
  path: string,
  maxTarSize: number,
  signal: AbortSignal,
): Promise<{ layer: ImageLayer; open(): Promise<Readable> }> {
  const compression = sniffCompression(await firstBytes(path));
  const read = (): Readable => createReadStream(path, { highWaterMark: 1024 * 1024 });
  const blob = read();
  const release = onAbort(signal, () => {
    blob.destroy(new VeritySignError('cancelled', 'reading the file was stopped'));
  });
  const reading = digestsOf(blob, compression, maxTarSize, SUPERBLOCK_END);
  const { head, ...digests } = await reading.finally(release);
  const { digest, size, diffId } = digests;
  // No media type says it. One of gzip does not exist for EROFS images.
  const format = compression !== 'gzip' && isErofs(head) ? 'erofs' : 'tar';
  const mediaType =
    format === 'erofs' && compression !== 'gzip'
      ? EROFS_LAYER_MEDIA_TYPES[compression]
      : LAYER_MEDIA_TYPES[compression];
  const layer: ImageLayer = {
    index: 0,
    descriptor: { mediaType, digest, size },
    format,
    compression,
    diffId,
  };
  return { layer, open: () => Promise.resolve(read()) };
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_LENGTH), 0, SNIFF_LENGTH, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VeritySignError('usage', `the file ${path} cannot be read (${reason})`, { cause });
  }
}
