import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { consoleLogger, standardErrorLogger } from '../../../../src/frontend/output/console-reporter.ts';
import { clearStatus } from '../../../../src/frontend/output/status-line.ts';
import { ERASE_LINE } from '../../../../src/frontend/output/stream-guard.ts';
import { textWidth } from '../../../../src/frontend/render/text-width.ts';
import { digest, hex } from '../../../helpers/reports.ts';

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

test('lines of a group carry its title, in whatever order they come', async () => {
  const sink = new Sink();
  const log = consoleLogger(sink, { level: 'normal' });
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
  const log = consoleLogger(sink, { columns: () => 80, level: 'normal', clock: () => now });
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
  const log = consoleLogger(sink, { level: 'normal', clock: () => now });
  for (; now <= 25_000; now += 1000) log.progress('long', now * 1000, undefined);
  log.progress('short', 1, 2);
  expect(sink.text).toBe('long: 10.0 MB\nlong: 20.0 MB\n');
});

test('escape sequences from an image do not reach the terminal', () => {
  const sink = new Sink();
  consoleLogger(sink, { columns: () => 80, level: 'debug' }).debug('a\u001b[2Jb\u202e');
  expect(sink.text).toBe('debug: a\\u001b[2Jb\\u202e\n');
});

const TASK = `layer 3 (${digest('a')})`;

test.each([40, 80, 103, 160])(
  'progress is one line of at most %i columns, also after a resize',
  (columns) => {
    const sink = new Sink();
    let now = 0;
    let width = columns;
    const log = consoleLogger(sink, { columns: () => width, level: 'normal', clock: () => now });
    const ticks = 20;
    for (let tick = 1; tick <= ticks; tick += 1, now += 100) {
      if (tick === ticks / 2) width = 30;
      log.progress(`${TASK} 画像画像`, tick * 1_000_000, 81_200_000);
      const [, last = ''] = sink.text.split(ERASE_LINE).slice(-2);
      expect(textWidth(last)).toBeLessThan(width);
      expect(last).toMatch(/^layer 3.*: \d+ % of 81\.2 MB$/);
    }
    expect(sink.text).not.toContain('\n');
    expect(sink.text.split(ERASE_LINE)).toHaveLength(ticks + 1);
  },
);

test('the next line of any output replaces the progress', () => {
  const sink = new Sink();
  const log = consoleLogger(sink, { columns: () => 80, level: 'normal' });
  log.progress('layer 0', 1, 2);
  clearStatus();
  clearStatus();
  expect(sink.text).toBe(`${ERASE_LINE}layer 0: 50 % of 2 B${ERASE_LINE}`);
});

test('a line that is too long for a terminal has short digests; a warning stays whole', () => {
  const message = `${TASK}: root hash ${hex('d')}`;
  const printed = (columns: number): string => {
    const sink = new Sink();
    const log = consoleLogger(sink, { columns: () => columns, level: 'normal' });
    log.info(message);
    log.warn(message);
    return sink.text;
  };
  const short = 'layer 3 (sha256:aaaaaaaaaaaa…): root hash dddddddddddd…';
  expect(printed(80)).toBe(`${short}\nwarning: ${message}\n`);
  expect(printed(200)).toBe(`${message}\nwarning: ${message}\n`);
});

describe('standard error', () => {
  const stderr = process.stderr as { isTTY: boolean; columns?: number };
  const { isTTY, columns } = stderr;
  let printed = '';
  beforeEach(() => {
    printed = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
  });
  afterEach(() => {
    clearStatus();
    jest.restoreAllMocks();
    Object.assign(stderr, { isTTY, columns });
  });

  test.each<[string, NodeJS.ProcessEnv, number | undefined, number]>([
    ['as wide as the terminal', {}, 45, 44],
    ['80 columns, if it does not know', {}, 0, 79],
    ['no wider than COLUMNS', { COLUMNS: '30' }, 45, 29],
    ['no wider than the terminal', { COLUMNS: '200' }, 45, 44],
    ['whatever COLUMNS may be', { COLUMNS: 'x' }, 45, 44],
  ])('a terminal gets a line %s', (_name, env, width, most) => {
    Object.assign(stderr, { isTTY: true, columns: width });
    standardErrorLogger('normal', env).progress('x'.repeat(300), 1, 2);
    expect(textWidth(printed.replace(ERASE_LINE, ''))).toBe(most);
  });

  test.each([{ TERM: 'dumb' }, { CI: 'true' }])('with %j no line is redrawn', (env) => {
    Object.assign(stderr, { isTTY: true, columns: 80 });
    standardErrorLogger('normal', env).progress('x', 1, 2);
    expect(printed).toBe('');
  });
});
