import { expect, test } from '@jest/globals';
import { maxConcurrentLayers } from '../../../src/convert/layer-concurrency.ts';

const GIB = 1024 ** 3;

test('threads that may wait never fill the pool', () => {
  for (const pool of [4, 14, 64, 1024]) {
    for (const images of [1, 2, 3]) {
      const layers = maxConcurrentLayers(images, pool, 1024 * GIB);
      if (layers > 1) expect(layers * (1 + 2 * images)).toBeLessThanOrEqual(pool - 2);
    }
  }
  expect(maxConcurrentLayers(1, 14, 16 * GIB)).toBe(4);
});

test('one layer always may, and memory sets a limit', () => {
  expect(maxConcurrentLayers(3, 1, GIB / 8)).toBe(1);
  expect(maxConcurrentLayers(1, 1024, 7 * GIB)).toBe(18);
  expect(maxConcurrentLayers(1, 1024, 0.5 * GIB)).toBe(1);
});
