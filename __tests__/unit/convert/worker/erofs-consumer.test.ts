import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ErofsConsumer } from '../../../../src/convert/worker/erofs-consumer.ts';
import type { VerityRoot } from '../../../../src/model/index.ts';
import { emptyErofs, erofsLayers, imageIn } from '../../../helpers/erofs-layers.ts';

/** The root hash by the definition, all levels in memory. */
function rootHash(image: Buffer, blockSize: number): string {
  const digests = (bytes: Buffer): Buffer =>
    Buffer.concat(
      Array.from({ length: Math.ceil(bytes.length / blockSize) }, (_, index) => {
        const block = Buffer.alloc(32 + blockSize);
        bytes.copy(block, 32, index * blockSize, (index + 1) * blockSize);
        return createHash('sha256').update(block).digest();
      }),
    );
  let level = digests(image);
  while (level.length > 32) level = digests(level);
  return level.toString('hex');
}

async function consume(image: Buffer, sizes: VerityRoot['blockSize'][], step: number) {
  const consumer = new ErofsConsumer({ blockSizes: sizes });
  for (let at = 0; at < image.length; at += step) {
    // The consumer may take the memory of a chunk.
    await consumer.consume(Buffer.from(image.subarray(at, at + step)));
  }
  return (await consumer.end()).erofs;
}

describe.each(erofsLayers())('$name', (layer) => {
  const image = imageIn(layer);
  test.each([image.length, 4096, 1000, 511])(
    'the root hashes of containerd, in chunks of %i',
    async (step) => {
      const found = await consume(image, [4096, 512], step);
      expect(found?.roots.map(({ rootHash }) => rootHash)).toEqual([
        layer.rootHash['4096'],
        layer.rootHash['512'],
      ]);
    },
  );
});

test.each([1152, 4096, 4097, 8192, 128 * 4096, 128 * 4096 + 1, 1_000_003])(
  'an image of %i bytes is padded to whole blocks',
  async (size) => {
    const image = emptyErofs(size, 1);
    for (let at = 1152; at < size; at += 997) image.writeUInt8(at % 251, at);
    image.writeUInt32LE(0, 1024 + 36);
    const found = await consume(image, [4096, 512], 5000);
    expect(found?.roots).toEqual(
      ([4096, 512] as const).map((blockSize) => ({
        rootHash: rootHash(image, blockSize),
        blockSize,
        dataSize: Math.ceil(size / blockSize) * blockSize,
        imageSize: size,
      })),
    );
    expect(found?.uuid).toBe('30313233-3435-3637-3839-616263646566');
  },
);

test('what is no EROFS image is refused as soon as its superblock should have come', async () => {
  const consumer = new ErofsConsumer({ blockSizes: [4096] });
  await consumer.consume(Buffer.alloc(1151));
  await expect(consumer.consume(Buffer.alloc(1))).rejects.toThrow(/but the layer is zero bytes/);
});

test('an empty, short or truncated image is refused at its end', async () => {
  await expect(new ErofsConsumer({ blockSizes: [4096] }).end()).rejects.toThrow(
    /damaged EROFS image: it is empty/,
  );
  await expect(consume(Buffer.from('no'), [4096], 1)).rejects.toThrow(/but the layer is an unknown format/);
  await expect(consume(emptyErofs(8192, 1_000_000), [4096], 999)).rejects.toThrow(/it is truncated/);
});
