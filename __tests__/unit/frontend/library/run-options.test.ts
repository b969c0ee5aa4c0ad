import { describe, expect, test } from '@jest/globals';
import {
  checkRunOptions,
  coreLogger,
  type RunOptions,
  withSignal,
} from '../../../../src/frontend/library/run-options.ts';

test('a logger may lack functions, and gets harmless lines with the titles of their groups', async () => {
  const lines: string[] = [];
  const log = coreLogger({ info: (line) => lines.push(line) });
  log.info('one\ntwo\u001b[31m');
  log.warn('nobody hears this');
  log.progress('task', 1, 2);
  const result = await log.group('layer 1', async (own) => {
    own.info('a');
    return own.group('deeper', async (deeper) => deeper.info('b'));
  });
  expect(result).toBeUndefined();
  expect(lines).toEqual(['one', 'two\\u001b[31m', 'layer 1: a', 'layer 1: deeper: b']);
});

test('progress is passed on', () => {
  const calls: unknown[] = [];
  coreLogger({ progress: (...call) => calls.push(call) }).progress('a\u0007', 3, undefined);
  expect(calls).toEqual([['a\\u0007', 3, undefined]]);
});

test("an abort has this program's reason, with the caller's as its cause", async () => {
  const controller = new AbortController();
  const run = withSignal(controller.signal, async (signal) => {
    controller.abort('enough');
    signal.throwIfAborted();
  });
  await expect(run).rejects.toMatchObject({ code: 'cancelled', cause: 'enough' });
});

test('a signal that is aborted already starts nothing', async () => {
  let started = false;
  const run = withSignal(AbortSignal.abort(), async () => {
    started = true;
  });
  await expect(run).rejects.toMatchObject({ code: 'cancelled', exitStatus: 130 });
  expect(started).toBe(false);
});

test("no listener stays on the caller's signal", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  expect(await withSignal(signal, async () => listeners)).toBe(1);
  await expect(withSignal(signal, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(listeners).toBe(0);
});

describe('options of a run that are none are refused before any work', () => {
  test.each<[string, unknown]>([
    ['created', new Date('x')],
    ['created', new Date('+010000-01-01T00:00:00Z')],
    ['created', new Date('-000001-01-01T00:00:00Z')],
    ['created', '2026-01-31T12:00:00Z'],
    ['created', 1_700_000_000],
    ['secrets', { KEY: Buffer.from('key') }],
    ['secrets', null],
    ['secrets', 'KEY'],
    ['signal', new AbortController()],
    ['signal', null],
    ['logger', { info: true }],
    ['logger', null],
  ])('%s: %p', (name, value) => {
    expect(() => checkRunOptions({ [name]: value } as RunOptions)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(`^${name} is not an? `) }),
    );
  });

  test('what is documented is accepted', () => {
    const { signal } = new AbortController();
    const created = [new Date('0000-01-01T00:00:00Z'), new Date('9999-12-31T23:59:59Z'), undefined];
    for (const time of created) {
      checkRunOptions({ logger: console, signal, secrets: { KEY: '' }, created: time });
    }
    checkRunOptions({});
  });
});
