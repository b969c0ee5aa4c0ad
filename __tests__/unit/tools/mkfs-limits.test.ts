import { availableParallelism } from 'node:os';
import { expect, test } from '@jest/globals';
import { mkfsLimits } from '../../../src/tools/mkfs-limits.ts';

const MIB = 2 ** 20;
const need = { blobSize: 0, timeout: 300_000, maxTarSize: 1000, compresses: false };

test('a small layer gets 160 MiB, and a fortieth of the timeout', () => {
  expect(mkfsLimits(need)).toMatchObject({ memory: 160 * MIB, processorSeconds: 8, processes: 8 });
});

test.each([
  [10 * MIB, 240, 18],
  [100 * MIB, 960, 108],
  // No more memory for what an image only claims.
  [2 ** 40, 1184, 300],
])('a layer of %i bytes gets %i MiB and %i s', (blobSize, memory, processorSeconds) => {
  expect(mkfsLimits({ ...need, blobSize })).toMatchObject({ memory: memory * MIB, processorSeconds });
});

test('the address space is larger, but less than 2 GB for a small layer', () => {
  const { memory, addressSpace } = mkfsLimits(need);
  expect(addressSpace).toBeGreaterThan(memory + 512 * MIB);
  expect(addressSpace).toBeLessThan(2e9);
});

test('the sparse file that mkfs.erofs makes first is allowed, and the largest layer beyond it', () => {
  expect(mkfsLimits(need).fileSize).toBe(4 * 2 ** 40 + 1000);
});

test('with compression: memory and processes for each processor, and the whole timeout', () => {
  const threads = availableParallelism();
  expect(mkfsLimits({ ...need, compresses: true })).toMatchObject({
    memory: (160 + 128 * threads) * MIB,
    processorSeconds: 300,
    processes: 8 + threads,
  });
});

test('a short timeout leaves time for a small layer', () => {
  expect(mkfsLimits({ ...need, timeout: 400 }).processorSeconds).toBe(2);
});
