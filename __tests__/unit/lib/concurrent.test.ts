import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { mapConcurrently } from '../../../src/lib/concurrent.ts';

const never = new AbortController().signal;

describe('mapConcurrently', () => {
  test('keeps the order of the items and the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await mapConcurrently([30, 1, 20, 5, 10], 2, never, async (ms) => {
      most = Math.max(most, ++running);
      await sleep(ms);
      running--;
      return ms * 2;
    });
    expect(results).toEqual([60, 2, 40, 10, 20]);
    expect(most).toBe(2);
  });

  test('throws the first failure only after the others have stopped', async () => {
    let stopped = 0;
    const work = mapConcurrently(['bad', 'slow', 'later'], 2, never, async (item, signal) => {
      if (item === 'bad') throw new Error('first');
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await sleep(20);
      stopped++;
      throw new Error('second');
    });
    await expect(work).rejects.toThrow('first');
    expect(stopped).toBe(1);
  });

  test('does nothing for no items', async () => {
    expect(await mapConcurrently([], 4, never, () => Promise.reject(new Error('called')))).toEqual([]);
  });
});
