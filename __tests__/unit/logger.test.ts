import { expect, test } from '@jest/globals';
import { type Logger, silentLogger, withPrefix } from '../../src/logger.ts';

test('a prefix is before every message and title, but not before the name of a task', async () => {
  const seen: string[] = [];
  const base: Logger = {
    ...silentLogger,
    debug: (message) => seen.push(`debug ${message}`),
    info: (message) => seen.push(`info ${message}`),
    warn: (message) => seen.push(`warn ${message}`),
    group: (title, work) => {
      seen.push(`group ${title}`);
      return work(base);
    },
    progress: (...values) => seen.push(values.join(' ')),
  };
  const log = withPrefix(base, 'layer 0: ');
  log.debug('a');
  log.info('b');
  log.warn('c');
  await log.group('d', async (inner) => inner.info('e'));
  log.progress('layer 0', 1, 2);
  expect(seen).toEqual([
    'debug layer 0: a',
    'info layer 0: b',
    'warn layer 0: c',
    'group layer 0: d',
    'info e',
    'layer 0 1 2',
  ]);
});
