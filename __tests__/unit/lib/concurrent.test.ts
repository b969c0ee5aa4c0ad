import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import {
  alongside,
  type Check,
  firstErrorInOrder,
  mapConcurrently,
  onAbort,
  within,
} from '../../../src/lib/concurrent.ts';

const never = new AbortController().signal;

describe('within', () => {
  const forever = () => new Promise<never>(() => undefined);

  test('gives what the work gives, and leaves the signal as it was', async () => {
    const { signal } = new AbortController();
    expect(await within({ signal }, async () => 1)).toBe(1);
    await expect(within({ signal, timeout: 1000 }, () => Promise.reject(new Error('x')))).rejects.toThrow(
      'x',
    );
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('ends work that knows neither time nor signal', async () => {
    const keep = setInterval(() => undefined, 1000);
    await expect(within({ signal: never, timeout: 20 }, forever)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    clearInterval(keep);
    const controller = new AbortController();
    const reason = new Error('stopped');
    const ended = within({ signal: controller.signal }, forever);
    controller.abort(reason);
    await expect(ended).rejects.toBe(reason);
    await expect(within({ signal: controller.signal }, async () => 1)).rejects.toBe(reason);
  });

  test('an error of work that knows the signal says more', async () => {
    const controller = new AbortController();
    const ended = within(
      { signal: controller.signal },
      (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('the request')))),
    );
    controller.abort();
    await expect(ended).rejects.toThrow('the request');
  });
});

describe('onAbort', () => {
  test.each([true, false])('stops once; the signal has aborted before: %s', (before) => {
    const controller = new AbortController();
    if (before) controller.abort();
    let stopped = 0;
    const release = onAbort(controller.signal, () => stopped++);
    expect(stopped).toBe(before ? 1 : 0);
    controller.abort();
    release();
    expect([stopped, getEventListeners(controller.signal, 'abort')]).toEqual([1, []]);
  });

  test('leaves the signal as it was when it is released, and works without one', () => {
    const controller = new AbortController();
    let stopped = 0;
    onAbort(controller.signal, () => stopped++)();
    onAbort(undefined, () => stopped++)();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort();
    expect(stopped).toBe(0);
  });
});

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

describe('alongside', () => {
  /** A check that takes 20 ms, or for ever. */
  function check(end: 'passes' | 'fails' | 'hangs', explains?: Check<string>['explains']) {
    const stopped = new AbortController();
    const result = sleep(end === 'hangs' ? 60_000 : 20, 'passed', { signal: stopped.signal }).then(
      (value) => {
        if (end === 'fails') throw new Error('the check failed');
        return value;
      },
    );
    result.catch(() => undefined);
    return { result, stop: async () => stopped.abort(), ...(explains === undefined ? {} : { explains }) };
  }
  const failing = (): Promise<never> => Promise.reject(new Error('the work failed'));

  test.each<[string, Parameters<typeof check>, () => Promise<string>, string]>([
    ['the check fails before the work does', ['fails'], () => sleep(40, 'done'), 'the check failed'],
    ['the work fails first', ['fails'], failing, 'the work failed'],
    ['a failure that nothing explains does not wait', ['hangs', () => false], failing, 'the work failed'],
    ['the check explains a failure that was first', ['fails', () => true], failing, 'the check failed'],
    ['a check that passes explains nothing', ['passes', () => true], failing, 'the work failed'],
  ])('%s', async (_what, given, work, message) => {
    await expect(alongside(check(...given), never, work)).rejects.toThrow(message);
  });

  test('the results of both', async () => {
    expect(await alongside(check('passes'), never, async () => 'done')).toEqual(['passed', 'done']);
  });
});

test('of several failures, the first in order is reported, whichever was first in time', async () => {
  const fails = async (after: number): Promise<never> => {
    await sleep(after);
    throw new Error(`after ${after} ms`);
  };
  await expect(firstErrorInOrder([sleep(1, 'a'), fails(30), fails(1)])).rejects.toThrow('after 30 ms');
  expect(await firstErrorInOrder([sleep(20, 'a'), sleep(1, 'b')])).toEqual(['a', 'b']);
});
