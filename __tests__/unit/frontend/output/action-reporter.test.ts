import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { actionLogger } from '../../../../src/frontend/output/action-reporter.ts';

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
  await log.group('layer 1', async (inner) => inner.info('one\ntwo'));
  gate.resolve();
  await first;
  expect(printed).toBe(
    '::group::layer 1\none\ntwo\n::endgroup::\n::group::layer 0\nbegins\nends\n::endgroup::\n',
  );
});

test('a group with nothing in it is one line', async () => {
  await actionLogger().group('Resolve\n::error::x', async () => undefined);
  expect(printed).toBe('Resolve : :error::x\n');
});

test('a group of one line is that line, with the title', async () => {
  await actionLogger().group('Sign', async (inner) => inner.info('::error::x'));
  expect(printed).toBe('Sign: : :error::x\n');
});

test('a group whose work fails is printed, and the failure comes through', async () => {
  const work = actionLogger().group('layer 0', async (inner) => {
    inner.info('first words');
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
  expect(printed).toBe('x\n: :set-output name=a::b\n  : :add-mask::e\n# #[error]boo # #vso[x]\n');
});

test('progress shows at most twice a minute', () => {
  let now = 0;
  const log = actionLogger(() => now);
  for (; now <= 70_000; now += 5000) log.progress('layer 0', now, 140_000);
  expect(printed).toBe('layer 0: 21 % of 140 kB\nlayer 0: 42 % of 140 kB\n');
});
