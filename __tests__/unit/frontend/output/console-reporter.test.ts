import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { consoleLogger } from '../../../../src/frontend/output/console-reporter.ts';

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

test('lines of a group carry its title, in whatever order they come', async () => {
  const sink = new Sink();
  const log = consoleLogger(sink, { terminal: false, level: 'normal' });
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
  const log = consoleLogger(sink, { terminal: true, level: 'normal', clock: () => now });
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
  const log = consoleLogger(sink, { terminal: false, level: 'normal', clock: () => now });
  for (; now <= 25_000; now += 1000) log.progress('long', now * 1000, undefined);
  log.progress('short', 1, 2);
  expect(sink.text).toBe('long: 10.0 MB\nlong: 20.0 MB\n');
});

test('escape sequences from an image do not reach the terminal', () => {
  const sink = new Sink();
  consoleLogger(sink, { terminal: true, level: 'debug' }).debug('a\u001b[2Jb\u202e');
  expect(sink.text).toBe('debug: a\\u001b[2Jb\\u202e\n');
});
