import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { actionLogger } from '../../../../src/frontend/action/reporter.ts';
import { consoleLogger } from '../../../../src/frontend/output/console-reporter.ts';
import { logLines, printable } from '../../../../src/frontend/output/printable.ts';

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

describe('on a console', () => {
  test('lines of a group carry its title, in whatever order they come', async () => {
    const sink = new Sink();
    const log = consoleLogger(sink, { terminal: false, debug: false });
    const gate = Promise.withResolvers<void>();
    const first = log.group('layer 0', async (inner) => {
      inner.info('begins');
      await gate.promise;
      inner.warn('left out:\nusr/bin/old');
    });
    await log.group('layer 1', async (inner) => inner.info('begins'));
    gate.resolve();
    await first;
    log.debug('unseen');
    expect(sink.text).toBe(
      'layer 0: begins\nlayer 1: begins\nlayer 0: warning: left out:\nlayer 0: warning: usr/bin/old\n',
    );
  });

  test('a terminal gets one progress line that a message replaces', () => {
    const sink = new Sink();
    let now = 1000;
    const log = consoleLogger(sink, { terminal: true, debug: false, clock: () => now });
    log.progress('layer 0', 10_000_000, 40_000_000);
    log.progress('layer 0', 11_000_000, 40_000_000);
    now += 100;
    log.progress('layer 0', 20_000_000, 40_000_000);
    log.info('done');
    expect(sink.text).toBe(
      '\r\u001b[Klayer 0: 25 % of 40.0 MB\r\u001b[Klayer 0: 50 % of 40.0 MB\r\u001b[Kdone\n',
    );
  });

  test('elsewhere a long task tells now and then, a short one nothing', () => {
    const sink = new Sink();
    let now = 0;
    const log = consoleLogger(sink, { terminal: false, debug: false, clock: () => now });
    for (; now <= 25_000; now += 1000) log.progress('long', now * 1000, undefined);
    log.progress('short', 1, 2);
    expect(sink.text).toBe('long: 10.0 MB\nlong: 20.0 MB\n');
  });

  test('escape sequences from an image do not reach the terminal', () => {
    const sink = new Sink();
    consoleLogger(sink, { terminal: true, debug: true }).debug('a\u001b[2Jb\u202e');
    expect(sink.text).toBe('debug: a\\u001b[2Jb\\u202e\n');
  });
});

describe('on a runner', () => {
  let printed: string;
  beforeEach(() => {
    printed = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('groups that run at once are printed one after the other', async () => {
    const log = actionLogger();
    const gate = Promise.withResolvers<void>();
    const first = log.group('layer 0', async (inner) => {
      inner.info('begins');
      await gate.promise;
      inner.info('ends');
    });
    await log.group('layer 1', async (inner) => inner.info('alone'));
    gate.resolve();
    await first;
    expect(printed).toBe(
      '::group::layer 1\nalone\n::endgroup::\n::group::layer 0\nbegins\nends\n::endgroup::\n',
    );
  });

  test('a group with nothing in it is one line', async () => {
    await actionLogger().group('Resolve\n::error::x', async () => undefined);
    expect(printed).toBe('Resolve : :error::x\n');
  });

  test('a group whose work fails is printed, and the failure comes through', async () => {
    const work = actionLogger().group('layer 0', async (inner) => {
      inner.info('last words');
      throw new Error('broken');
    });
    await expect(work).rejects.toThrow('broken');
    expect(printed).toContain('last words\n::endgroup::');
  });

  test('a warning is an annotation at once', async () => {
    await actionLogger().group('layer 0', async (inner) => {
      inner.warn('careful\nnow');
      expect(printed).toBe('::warning::careful%0Anow\n');
    });
  });

  test('text from an image cannot give orders to the runner', () => {
    actionLogger().info('x\n::set-output name=a::b\r  ::add-mask::e\n##[error]boo ##vso[x]');
    expect(printed).toBe('x\n: :set-output name=a::b\n  : :add-mask::e\n# #[error]boo ##vso[x]\n');
  });

  test('progress shows at most twice a minute', () => {
    let now = 0;
    const log = actionLogger(() => now);
    for (; now <= 70_000; now += 5000) log.progress('layer 0', now, 140_000);
    expect(printed).toBe('layer 0: 21 % of 140 kB\nlayer 0: 42 % of 140 kB\n');
  });
});

test('printable text stays as it is', () => {
  expect(printable('größe\t→ 日本\n')).toBe('größe\t→ 日本\n');
  expect(logLines('a::b')).toEqual(['a::b']);
});
