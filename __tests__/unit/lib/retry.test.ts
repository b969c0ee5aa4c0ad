import { describe, expect, test } from '@jest/globals';
import { withRetries } from '../../../src/lib/retry.ts';

const never = new AbortController().signal;

/** Fails with the given number of errors, then answers. */
function failing(times: number): { attempt: () => Promise<number>; count: () => number } {
  let count = 0;
  return {
    attempt: async () => {
      count++;
      if (count <= times) throw new Error(`failure ${count}`);
      return count;
    },
    count: () => count,
  };
}

describe('bounded retries', () => {
  test('an answer after failures is the answer', async () => {
    const { attempt } = failing(5);
    await expect(withRetries(attempt, () => ({ after: 0 }), never)).resolves.toBe(6);
  });

  test('six attempts, then what the last one threw', async () => {
    const { attempt, count } = failing(100);
    await expect(withRetries(attempt, () => ({ after: 0 }), never)).rejects.toThrow('failure 6');
    expect(count()).toBe(6);
  });

  test('a failure that stays is not tried again', async () => {
    const { attempt, count } = failing(100);
    await expect(withRetries(attempt, () => undefined, never)).rejects.toThrow('failure 1');
    expect(count()).toBe(1);
  });

  test('a service that wants more than half a minute is not waited for', async () => {
    const { attempt, count } = failing(1);
    await expect(withRetries(attempt, () => ({ after: 30_001 }), never)).rejects.toThrow('failure 1');
    expect(count()).toBe(1);
  });

  test('without advice it waits by itself', async () => {
    const before = performance.now();
    await withRetries(failing(1).attempt, () => ({}), never);
    expect(performance.now() - before).toBeGreaterThanOrEqual(249);
  });

  test('a signal ends the wait at once, with its reason', async () => {
    const controller = new AbortController();
    const { attempt, count } = failing(100);
    const done = withRetries(attempt, () => ({ after: 20_000 }), controller.signal);
    setTimeout(() => controller.abort(new Error('stopped')), 20);
    await expect(done).rejects.toThrow('stopped');
    expect(count()).toBe(1);
  });

  test('fewer attempts where the caller wants so', async () => {
    const { attempt, count } = failing(100);
    await expect(withRetries(attempt, () => ({ after: 0 }), never, 3)).rejects.toThrow('failure 3');
    expect(count()).toBe(3);
  });
});
