import { createHash, randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { computeRootHash } from '../../src/convert/verity/root-hash.ts';
import { LAYER_WORKERS } from '../../src/convert/worker/pool.ts';
import { run } from '../../src/lib/process/run.ts';
import type { ImageFile } from '../../src/model/index.ts';
import { random } from '../helpers/random.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'verity-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function byVeritysetup(path: string, blockSize: number): Promise<string> {
  const { stdout } = await run(
    [
      toolPath('veritysetup'),
      'format',
      `--data-block-size=${blockSize}`,
      `--hash-block-size=${blockSize}`,
      '--hash=sha256',
      `--salt=${'0'.repeat(64)}`,
      path,
      join(folder, 'tree'),
    ],
    { env: toolEnvironment(), timeout: 300_000 },
  );
  return /^Root hash:\s+([0-9a-f]{64})$/m.exec(stdout.toString())?.[1] ?? '';
}

const file = (path: string): [ImageFile] => [{ path, size: statSync(path).size }];

/** The file as it is against veritysetup on the padded one. */
async function compare(size: number, blockSize: 512 | 4096): Promise<void> {
  const path = join(folder, 'image');
  const bytes = randomFillSync(Buffer.alloc(size));
  writeFileSync(path, bytes);
  const root = await computeRootHash(file(path), blockSize, { threads: LAYER_WORKERS, imageDigest: true });
  const dataSize = Math.ceil(size / blockSize) * blockSize;
  truncateSync(path, dataSize);
  expect(root).toEqual({
    rootHash: await byVeritysetup(path, blockSize),
    blockSize,
    dataSize,
    imageSha256: createHash('sha256').update(bytes).digest('hex'),
    imageSize: size,
  });
}

describe('bit-equal to veritysetup', () => {
  test.each([
    ['one block', 4096, 1],
    ['two blocks', 4096, 2],
    ['one full hash block', 4096, 128],
    ['one full hash block and one', 4096, 129],
    ['128 full hash blocks', 4096, 128 * 128],
    ['three levels', 4096, 128 * 128 + 1],
    ['one block', 512, 1],
    ['one full hash block', 512, 16],
    ['one full hash block and one', 512, 17],
    ['16 full hash blocks', 512, 256],
    ['three levels', 512, 257],
    ['four full levels', 512, 4096],
    ['five levels', 512, 4097],
  ] as const)('%s of %i bytes (%i)', async (_what, blockSize, blocks) => {
    await compare(blocks * blockSize, blockSize);
  });

  test.each([4096, 512] as const)('random sizes, block size %i', async (blockSize) => {
    const next = random(blockSize);
    for (let round = 0; round < 12; round++) await compare(1 + next(3_000_000), blockSize);
  });
});

test('many files at a time, more than there are workers', async () => {
  const path = join(folder, 'shared');
  writeFileSync(path, randomFillSync(Buffer.alloc(100_000)));
  const roots = await Promise.all(
    Array.from({ length: 20 }, () => computeRootHash(file(path), 4096, { threads: LAYER_WORKERS })),
  );
  expect(new Set(roots.map(({ rootHash }) => rootHash)).size).toBe(1);
});

test('a file that is missing or empty is an error that names the remedy', async () => {
  await expect(computeRootHash([{ path: join(folder, 'missing'), size: 1 }], 4096)).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringContaining('ENOENT'),
    remedy: expect.any(String),
  });
  writeFileSync(join(folder, 'empty'), '');
  await expect(computeRootHash(file(join(folder, 'empty')), 4096)).rejects.toMatchObject({
    code: 'environment',
  });
});

test('a file that has become shorter is an error, whoever hashes it', async () => {
  const path = join(folder, 'short');
  writeFileSync(path, Buffer.alloc(8192));
  for (const size of [8193, 64 * 1024 * 1024]) {
    await expect(computeRootHash([{ path, size }], 4096, { threads: LAYER_WORKERS })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('shorter'),
    });
  }
});

test.each([4096, 512] as const)('several files are one image, block size %i', async (blockSize) => {
  const bytes = randomFillSync(Buffer.alloc(5_000_000));
  const whole = join(folder, 'whole');
  writeFileSync(whole, bytes);
  const cuts = [0, 512, 1_048_576, 1_050_001, 5_000_000];
  const files = cuts.slice(1).map((end, index): ImageFile => {
    const path = join(folder, `part-${index}`);
    writeFileSync(path, bytes.subarray(cuts[index], end));
    return { path, size: end - (cuts[index] ?? 0) };
  });
  const root = await computeRootHash(files, blockSize, { threads: LAYER_WORKERS });
  expect(root).toEqual(await computeRootHash(file(whole), blockSize));
  truncateSync(whole, root.dataSize);
  expect(root.rootHash).toBe(await byVeritysetup(whole, blockSize));
});

test('the signal stops the hashing, and later hashing goes on', async () => {
  const path = join(folder, 'large');
  writeFileSync(path, '');
  truncateSync(path, 4e9);
  const abort = new AbortController();
  const hashing = computeRootHash(file(path), 512, { threads: LAYER_WORKERS, signal: abort.signal });
  setTimeout(() => abort.abort(), 100);
  await expect(hashing).rejects.toMatchObject({ code: 'cancelled' });
  await expect(
    computeRootHash(file(path), 512, { threads: LAYER_WORKERS, signal: abort.signal }),
  ).rejects.toMatchObject({
    code: 'cancelled',
  });
  truncateSync(path, 4096);
  expect((await computeRootHash(file(path), 4096, { threads: LAYER_WORKERS })).dataSize).toBe(4096);
});
