import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ExpectedLayer, type LayerTarOptions, openLayerTar } from '../../src/convert/blob/layer-tar.ts';
import { VeritySignError } from '../../src/errors.ts';
import type { LayerFacts } from '../../src/model/index.ts';
import { expectedOf, inPieces, rawTar, sha256 } from '../helpers/raw-tar.ts';

const tar = rawTar({ name: 'file', data: Buffer.from('hello'.repeat(2000)) });
const gzip = gzipSync(tar);
const zstd = zstdCompressSync(tar);
const LIMIT = { maxTarSize: 1e6 };

/** Different piece sizes put ends of members at ends of pieces, and not. */
const PIECES = [1, 7, 64, 65536];

interface Read {
  bytes: Buffer;
  facts: LayerFacts;
}

async function read(
  blob: Buffer | Readable,
  expected: ExpectedLayer,
  options: LayerTarOptions = LIMIT,
): Promise<Read> {
  const stream = Buffer.isBuffer(blob) ? inPieces(blob, 65536) : blob;
  const layer = openLayerTar(stream, expected, options);
  const bytes = Buffer.concat(await layer.tar.toArray());
  return { bytes, facts: await layer.facts };
}

/** Reads in several piece sizes, expects the same error in all, and the blob to be let go. */
async function refused(blob: Buffer, expected: ExpectedLayer, options = LIMIT): Promise<VeritySignError> {
  const messages = new Set<string>();
  let last: unknown;
  for (const size of PIECES) {
    const source = inPieces(blob, size);
    const layer = openLayerTar(source, expected, options);
    const error: unknown = await layer.tar.toArray().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(VeritySignError);
    await expect(layer.facts).rejects.toBe(error);
    await setTimeout(0);
    expect(source.destroyed).toBe(true);
    messages.add((error as Error).message);
    last = error;
  }
  expect([...messages]).toHaveLength(1);
  expect((last as VeritySignError).code).toBe('image');
  expect((last as VeritySignError).remedy).toBeDefined();
  return last as VeritySignError;
}

describe('what is right', () => {
  test.each([
    ['none', tar],
    ['gzip', gzip],
    ['zstd', zstd],
  ] as const)('%s: bytes and facts', async (compression, blob) => {
    for (const size of PIECES) {
      const expected = expectedOf(blob, tar, compression);
      const { bytes, facts } = await read(inPieces(blob, size), expected);
      expect(bytes.equals(tar)).toBe(true);
      const { digest, diffId } = expected;
      const ofTar = { dropped: { count: 0, examples: [] }, fractionalTimes: { count: 0, differing: 0 } };
      expect(facts).toEqual({ digest, size: blob.length, diffId, tarSize: tar.length, ...ofTar });
    }
  });

  test('sha512 digests', async () => {
    const { createHash } = await import('node:crypto');
    const sha512 = (bytes: Buffer): string => `sha512:${createHash('sha512').update(bytes).digest('hex')}`;
    const expected = { ...expectedOf(gzip, tar, 'gzip'), digest: sha512(gzip), diffId: sha512(tar) };
    expect((await read(gzip, expected)).facts.diffId).toBe(sha512(tar));
  });

  test('fault 39: multi-member gzip, and several zstd frames with skippable ones', async () => {
    const halves = [tar.subarray(0, 5000), tar.subarray(5000)] as const;
    const skippable = Buffer.from('502a4d180400000061626364', 'hex');
    const frames = halves.map((half) => zstdCompressSync(half));
    const blobs = [
      ['gzip', Buffer.concat(halves.map((half) => gzipSync(half)))],
      ['zstd', Buffer.concat(frames)],
      ['zstd', Buffer.concat([skippable, ...frames, skippable])],
    ] as const;
    for (const [compression, blob] of blobs) {
      for (const size of [...PIECES, frames[0]?.length ?? 1]) {
        const { bytes } = await read(inPieces(blob, size), expectedOf(blob, tar, compression));
        expect(bytes.equals(tar)).toBe(true);
      }
    }
  });

  test('fault 3: zero padding alone may follow gzip', async () => {
    const blob = Buffer.concat([gzip, Buffer.alloc(1000)]);
    for (const size of [...PIECES, gzip.length]) {
      const { bytes } = await read(inPieces(blob, size), expectedOf(blob, tar, 'gzip'));
      expect(bytes.equals(tar)).toBe(true);
    }
  });

  test('progress counts compressed bytes', async () => {
    const seen: number[] = [];
    await read(inPieces(gzip, 100), expectedOf(gzip, tar, 'gzip'), {
      ...LIMIT,
      onProgress: (n) => seen.push(n),
    });
    expect(seen[0]).toBe(100);
    expect(seen.at(-1)).toBe(gzip.length);
  });
});

test('fault 1: truncated gzip', async () => {
  for (const length of [3, 15, gzip.length - 9, gzip.length - 1]) {
    const blob = gzip.subarray(0, length);
    expect((await refused(blob, expectedOf(blob, tar, 'gzip'))).message).toBe('the gzip stream is truncated');
  }
});

test('fault 2: gzip with a bad CRC', async () => {
  const blob = Buffer.from(gzip);
  blob.writeUInt8(blob.readUInt8(blob.length - 8) ^ 1, blob.length - 8);
  expect((await refused(blob, expectedOf(blob, tar, 'gzip'))).message).toBe('the gzip stream has a bad CRC');
});

test('fault 3: garbage after the gzip stream', async () => {
  for (const tail of ['garbage', '\0\0garbage', `${'\0'.repeat(600)}x`]) {
    const blob = Buffer.concat([gzip, Buffer.from(tail)]);
    const { message } = await refused(blob, expectedOf(blob, tar, 'gzip'));
    expect(message).toBe('the gzip stream is followed by garbage');
  }
});

test('fault 4: truncated zstd', async () => {
  const blob = zstd.subarray(0, zstd.length - 3);
  expect((await refused(blob, expectedOf(blob, tar, 'zstd'))).message).toBe('the zstd stream is truncated');
});

test('garbage after a zstd frame', async () => {
  const blob = Buffer.concat([zstd, Buffer.from('garbage')]);
  expect((await refused(blob, expectedOf(blob, tar, 'zstd'))).message).toBe(
    'the zstd stream is followed by garbage',
  );
});

test('fault 5: a decompression bomb ends at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  let read = 0;
  const source = inPieces(bomb, 1024);
  const layer = openLayerTar(source, expectedOf(bomb, tar, 'gzip'), { maxTarSize: 3e6 });
  const failure = (async () => {
    for await (const chunk of layer.tar) read += (chunk as Buffer).length;
  })();
  await expect(failure).rejects.toMatchObject({ code: 'image', message: expect.stringContaining('3000000') });
  expect(read).toBeLessThanOrEqual(3e6);
});

test('fault 6: blob digest differs, also when that is why the stream is damaged', async () => {
  const expected = expectedOf(gzip, tar, 'gzip');
  const other = { ...expected, digest: sha256(Buffer.from('other')) };
  expect((await refused(gzip, other)).message).toContain(`has the digest ${sha256(gzip)}`);
  const flipped = Buffer.from(gzip);
  flipped.writeUInt8(flipped.readUInt8(40) ^ 0xff, 40);
  expect((await refused(flipped, expected)).message).toContain(`has the digest ${sha256(flipped)}`);
});

test('fault 7: blob size differs', async () => {
  const expected = expectedOf(gzip, tar, 'gzip');
  expect((await refused(gzip.subarray(0, -1), expected)).message).toContain(`${gzip.length - 1} bytes`);
  const longer = Buffer.concat([gzip, Buffer.alloc(7)]);
  expect((await refused(longer, expected)).message).toContain(`more than ${gzip.length} bytes`);
});

test('fault 7: a blob without end is not read to its end', async () => {
  let given = 0;
  const endless = Readable.from(
    (function* () {
      yield gzip;
      for (;;) {
        given += 1;
        yield Buffer.alloc(1024);
      }
    })(),
  );
  await expect(read(endless, expectedOf(gzip, tar, 'gzip'))).rejects.toMatchObject({ code: 'image' });
  expect(given).toBeLessThan(100);
});

test('fault 8: uncompressed digest differs from the diffID', async () => {
  const expected = { ...expectedOf(gzip, tar, 'gzip'), diffId: sha256(Buffer.from('other')) };
  expect((await refused(gzip, expected)).message).toContain(
    `has the digest ${sha256(tar)}, the image config`,
  );
});

test('fault 9: media type says gzip, bytes are not', async () => {
  const cases = [
    [tar, 'gzip', 'says gzip, but the blob is a plain tar'],
    [zstd, 'gzip', 'says gzip, but the blob is zstd'],
    [gzip, 'zstd', 'says zstd, but the blob is gzip'],
    [gzip, 'none', 'says an uncompressed tar, but the blob is gzip'],
    [Buffer.from('<html>'), 'gzip', 'says gzip, but the blob is HTML or XML'],
    [Buffer.alloc(0), 'gzip', 'says gzip, but the blob is nothing'],
  ] as const;
  for (const [blob, compression, message] of cases) {
    expect((await refused(blob, expectedOf(blob, tar, compression))).message).toContain(message);
  }
});

test('a digest of another kind is refused', async () => {
  const expected = { ...expectedOf(gzip, tar, 'gzip'), digest: 'md5:abc' };
  await expect(read(gzip, expected)).rejects.toMatchObject({ code: 'image' });
});

describe('endings', () => {
  const stalled = (): Readable => new Readable({ read: () => undefined });

  test('an error of the blob comes through as it is', async () => {
    const error = new VeritySignError('registry', 'the connection broke');
    const blob = stalled();
    blob.push(gzip.subarray(0, 100));
    const layer = openLayerTar(blob, expectedOf(gzip, tar, 'gzip'), LIMIT);
    const reading = layer.tar.toArray();
    await setTimeout(5);
    blob.destroy(error);
    await expect(reading).rejects.toBe(error);
    await expect(layer.facts).rejects.toBe(error);
  });

  test('the signal ends a blob that stalls', async () => {
    const abort = new AbortController();
    const blob = stalled();
    const layer = openLayerTar(blob, expectedOf(gzip, tar, 'gzip'), { ...LIMIT, signal: abort.signal });
    const reading = layer.tar.toArray();
    await setTimeout(5);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    await expect(layer.facts).rejects.toMatchObject({ code: 'cancelled' });
    expect(blob.destroyed).toBe(true);
  });

  test('a consumer that gives up lets go of the blob', async () => {
    const blob = stalled();
    const layer = openLayerTar(blob, expectedOf(gzip, tar, 'gzip'), LIMIT);
    layer.tar.destroy();
    await expect(layer.facts).rejects.toMatchObject({ code: 'cancelled' });
    expect(blob.destroyed).toBe(true);
  });
});

test('property: a damaged gzip or zstd blob is never accepted, and never an unknown error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('gzip' as const, 'zstd' as const),
      fc.nat(),
      fc.nat(7),
      fc.boolean(),
      async (compression, position, bit, cut) => {
        const good = compression === 'gzip' ? gzip : zstd;
        const at = position % good.length;
        let blob = Buffer.from(good);
        if (cut) blob = blob.subarray(0, at);
        else blob.writeUInt8(blob.readUInt8(at) ^ (1 << bit), at);
        // The descriptor is that of the damaged blob: only the content can tell.
        const outcome = await read(blob, expectedOf(blob, tar, compression)).then(
          ({ bytes }) => bytes.equals(tar),
          (error: unknown) => error instanceof VeritySignError && error.code === 'image',
        );
        expect(outcome).toBe(true);
      },
    ),
    { numRuns: 1000, seed: 7 },
  );
});
