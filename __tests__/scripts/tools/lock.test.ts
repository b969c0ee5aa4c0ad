import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { withLock } from '../../../scripts/tools/setup/lock.ts';
import { ownMark } from '../../../src/lib/leftovers/process-mark.ts';
import { testFolder } from '../../helpers/temp.ts';

const LIMITS = { interval: 10, limit: 300_000 };
let lock: string;
let number = 0;
const folder = testFolder();

beforeEach(() => {
  lock = join(folder, String(number++), 'set-up.lock');
  mkdirSync(dirname(lock));
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
});

test('is held while the work lasts, and leaves nothing', async () => {
  expect(await withLock(lock, async () => existsSync(lock), LIMITS)).toBe(true);
  await expect(withLock(lock, () => Promise.reject(new Error('failed')), LIMITS)).rejects.toThrow('failed');
  expect(readdirSync(dirname(lock))).toEqual([]);
});

test('a lock of a process that lives is waited for, and said to be', async () => {
  writeFileSync(lock, ownMark());
  await expect(withLock(lock, async () => 'done', { interval: 1, limit: 5 })).rejects.toMatchObject({
    code: 'environment',
    remedy: `If none is running, remove ${lock}`,
  });
  expect(console.log).toHaveBeenCalledWith(expect.stringContaining('waiting'));
  expect(readdirSync(dirname(lock))).toEqual(['set-up.lock']);
});

test('a lock of a process that was killed is taken over', async () => {
  const url = pathToFileURL(join(import.meta.dirname, '../../../scripts/tools/setup/lock.ts')).href;
  const script = `import { withLock } from '${url}'; await withLock('${lock}', () => process.kill(process.pid, 'SIGKILL'));`;
  const { signal } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script]);
  expect([signal, existsSync(lock)]).toEqual(['SIGKILL', true]);
  expect(await withLock(lock, async () => 'done', LIMITS)).toBe('done');
  expect(existsSync(lock)).toBe(false);
});

test('a lock of another boot or container is taken over when its signs of life have ended', async () => {
  const foreign = ownMark().replace(/^[0-9a-f]{16}/, 'f'.repeat(16));
  writeFileSync(lock, foreign);
  await expect(withLock(lock, async () => 'done', { interval: 1, limit: 5 })).rejects.toMatchObject({
    code: 'environment',
  });
  const old = new Date(Date.now() - 600_000);
  utimesSync(lock, old, old);
  expect(await withLock(lock, async () => 'done', LIMITS)).toBe('done');
});
