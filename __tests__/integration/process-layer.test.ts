import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LAYER_WORKERS } from '../../src/convert/worker/pool.ts';
import {
  type LayerProcess,
  type ProcessOptions,
  processInPlace,
} from '../../src/convert/worker/process-in-place.ts';
import { processInWorker } from '../../src/convert/worker/process-in-worker.ts';
import { VeritySignError } from '../../src/errors.ts';
import { PipeStock } from '../../src/lib/process/named-pipe.ts';
import { expectedOf, rawTar } from '../helpers/raw-tar.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'process-layer-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const tar = rawTar({ name: 'file', data: randomFillSync(Buffer.alloc(5_000_000)) });
const gzip = gzipSync(tar);
const pieces = (bytes: Buffer): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / 70_000) }, (_, at) =>
      Buffer.from(bytes.subarray(at * 70_000, (at + 1) * 70_000)),
    ),
  );
const never = (): AbortSignal => new AbortController().signal;

const ways: [string, (blob: Readable, options: ProcessOptions, signal: AbortSignal) => LayerProcess][] = [
  ['here', processInPlace],
  ['in a thread', (...args) => processInWorker(LAYER_WORKERS, ...args)],
];

describe.each(ways)('%s', (_where, start) => {
  const options = (sinks: number[]): ProcessOptions => ({
    expected: expectedOf(gzip, tar, 'gzip'),
    maxTarSize: 1e9,
    sinks,
  });

  test('the tar reaches every sink, the facts are those of the layer', async () => {
    const paths = [join(folder, 'a'), join(folder, 'b')];
    const sinks = paths.map((path) => openSync(path, 'w'));
    const { facts, idle } = start(pieces(gzip), options(sinks), never());
    expect(await facts).toMatchObject({ tarSize: tar.length, size: gzip.length });
    await idle;
    sinks.forEach(closeSync);
    for (const path of paths) expect(sha256(readFileSync(path))).toBe(sha256(tar));
  });

  test('a broken blob rejects with the error that broke it', async () => {
    const error = new VeritySignError('registry', 'the connection broke');
    const blob = new PassThrough();
    blob.write(Buffer.from(gzip.subarray(0, 100_000)));
    const { facts, idle } = start(blob, options([]), never());
    await setTimeout(20);
    blob.destroy(error);
    await expect(facts).rejects.toBe(error);
    await idle;
  });

  test('a blob that was broken before is told as well', async () => {
    const error = new VeritySignError('registry', 'nobody answered');
    const blob = new PassThrough();
    blob.on('error', () => undefined);
    blob.destroy(error);
    await setTimeout(5);
    await expect(start(blob, options([]), never()).facts).rejects.toBeInstanceOf(VeritySignError);
  });

  test('what the layer is refused for keeps code and remedy', async () => {
    const other = {
      ...options([]),
      expected: { ...expectedOf(gzip, tar, 'gzip'), diffId: `sha256:${'0'.repeat(64)}` },
    };
    const { facts } = start(pieces(gzip), other, never());
    await expect(facts).rejects.toMatchObject({
      name: 'VeritySignError',
      code: 'image',
      message: expect.stringContaining('the image config says sha256:000'),
      remedy: expect.stringContaining('again'),
    });
  });

  test('a sink that cannot be written to is told with its code, once nothing is being written', async () => {
    const full = openSync('/dev/full', 'w');
    const { facts, idle } = start(pieces(gzip), options([full]), never());
    await expect(facts).rejects.toMatchObject({ code: 'ENOSPC' });
    await idle;
    closeSync(full);
  });

  test('a pipe that nobody reads any more takes the rest', async () => {
    const pipe = await new PipeStock(folder).take();
    pipe.closeReadEnd();
    const { facts, idle } = start(pieces(gzip), options([pipe.writeEnd]), never());
    expect((await facts).tarSize).toBe(tar.length);
    await idle;
    await pipe.close();
  });

  test('stopped while a write waits: the facts at once, idle when the pipe is let go', async () => {
    const pipe = await new PipeStock(folder).take();
    const abort = new AbortController();
    const { facts, idle } = start(pieces(gzip), options([pipe.writeEnd]), abort.signal);
    let over = false;
    void idle.then(() => {
      over = true;
    });
    await setTimeout(100);
    abort.abort();
    await expect(facts).rejects.toMatchObject({ code: 'cancelled' });
    await setTimeout(50);
    expect(over).toBe(false);
    pipe.drain();
    await idle;
    pipe.closeReadEnd();
    await pipe.close();
  });
});

test('more layers than cores, each with its own result, some of them refused', async () => {
  const results = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const own = rawTar({ name: `file${index}`, data: randomFillSync(Buffer.alloc(400_000 + index)) });
      const blob = gzipSync(own);
      const expected = expectedOf(index % 3 === 0 ? gzip : blob, own, 'gzip');
      const options = { expected, maxTarSize: 1e9, sinks: [] };
      const { facts, idle } = processInWorker(LAYER_WORKERS, pieces(blob), options, never());
      const result = await facts.then(
        ({ tarSize }) => tarSize === own.length,
        (error: VeritySignError) => error.code,
      );
      await idle;
      return result;
    }),
  );
  expect(results).toEqual(Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? 'image' : true)));
});
