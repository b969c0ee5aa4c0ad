import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import type { Compression } from '../../model/index.ts';
import { markOwned, releaseOwned } from './buffer-ownership.ts';
import { decompress } from './decompress.ts';

/** SHA-256 digests of a blob that no image describes, and of the tar or EROFS image in it. */
export interface BlobDigests {
  digest: string;
  /** Bytes of the blob. */
  size: number;
  diffId: string;
  /** The first bytes of what is in the blob. */
  head: Buffer;
}

/**
 * Reads a blob once to its end and digests it and what is in it. The memory of its chunks is freed on the way.
 * @param headSize bytes of `head`
 * @throws VeritySignError 'image' if it is damaged or its tar is larger than `maxTarSize`.
 */
export async function digestsOf(
  blob: Readable,
  compression: Compression,
  maxTarSize: number,
  headSize = 0,
): Promise<BlobDigests> {
  const blobHash = createHash('sha256');
  const tarHash = createHash('sha256');
  let size = 0;
  let tarSize = 0;
  const head = Buffer.alloc(headSize);
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of blob as AsyncIterable<Buffer>) {
      size += chunk.length;
      blobHash.update(chunk);
      markOwned(chunk);
      yield chunk;
    }
  }
  for await (const chunk of decompress(counted(), compression)) {
    if (tarSize < headSize) chunk.copy(head, tarSize);
    tarSize += chunk.length;
    if (tarSize > maxTarSize) {
      throw new VeritySignError('image', `the uncompressed layer is larger than ${maxTarSize} bytes`, {
        remedy: 'Raise max-layer-size if this size is intended',
      });
    }
    tarHash.update(chunk);
    releaseOwned(chunk);
  }
  return {
    digest: `sha256:${blobHash.digest('hex')}`,
    size,
    diffId: `sha256:${tarHash.digest('hex')}`,
    head: head.subarray(0, Math.min(tarSize, headSize)),
  };
}
