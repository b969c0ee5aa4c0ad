import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { DiskBudget, likelySize } from '../../../src/convert/disk-budget.ts';
import type { ImageLayer } from '../../../src/model/index.ts';

/** Work that is told when to end. */
function held(): { work: () => Promise<string>; started: () => boolean; end: () => void } {
  let started = false;
  let end: () => void = () => undefined;
  const work = (): Promise<string> => {
    started = true;
    return new Promise((resolve) => {
      end = () => resolve('done');
    });
  };
  return { work, started: () => started, end: () => end() };
}

test('what has room runs side by side, what has none waits until there is', async () => {
  const budget = new DiskBudget(100);
  const [a, b, c] = [held(), held(), held()];
  const runs = [budget.run(60, a.work), budget.run(40, b.work), budget.run(50, c.work)];
  await setImmediate();
  expect([a.started(), b.started(), c.started()]).toEqual([true, true, false]);
  b.end();
  await setImmediate();
  expect(c.started()).toBe(false);
  a.end();
  await setImmediate();
  expect(c.started()).toBe(true);
  c.end();
  expect(await Promise.all(runs)).toEqual(['done', 'done', 'done']);
});

test('a layer larger than the disk is tried alone: it may turn out smaller', async () => {
  const budget = new DiskBudget(10);
  const [big, small] = [held(), held()];
  const runs = [budget.run(1000, big.work), budget.run(1, small.work)];
  await setImmediate();
  expect([big.started(), small.started()]).toEqual([true, false]);
  big.end();
  await setImmediate();
  expect(small.started()).toBe(true);
  small.end();
  await Promise.all(runs);
});

test('failed work gives its room back', async () => {
  const budget = new DiskBudget(10);
  await expect(budget.run(10, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await budget.run(10, () => Promise.resolve('next'))).toBe('next');
});

test('the estimate counts compression and images', () => {
  const format = 'tar' as const;
  const layer = { index: 0, format, diffId: '', descriptor: { mediaType: '', digest: '', size: 100 } };
  expect(likelySize({ ...layer, compression: 'none' } satisfies ImageLayer, 1)).toBe(100);
  expect(likelySize({ ...layer, compression: 'gzip' } satisfies ImageLayer, 3)).toBe(1200);
});
