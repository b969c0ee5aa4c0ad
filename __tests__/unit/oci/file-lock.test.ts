import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ownMark } from '../../../src/lib/leftovers/process-mark.ts';
import { lockFile, removeAbandonedLock } from '../../../src/oci/file-lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-test-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const [boot, namespace] = ownMark().split('-');
const DEAD = `${boot}-${namespace}-${process.pid}-1 1`;
const ELSEWHERE = `${'a'.repeat(16)}-1-1-1 1`;

test('one holder at a time', async () => {
  let holders = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    const lock = await lockFile(path);
    holders += 1;
    most = Math.max(most, holders);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(lock.isHeld()).toBe(true);
    holders -= 1;
    await lock.release();
  };
  await Promise.all(Array.from({ length: 12 }, work));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock of a process that has ended is taken at once, by one of many', async () => {
  writeFileSync(path, DEAD);
  const started = performance.now();
  let holders = 0;
  const work = async (): Promise<void> => {
    const lock = await lockFile(path);
    holders += 1;
    expect(holders).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    holders -= 1;
    await lock.release();
  };
  await Promise.all(Array.from({ length: 8 }, work));
  expect(performance.now() - started).toBeLessThan(3000);
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['', ELSEWHERE])(
  'the lock %j of nobody knows whom is taken after seconds of silence',
  async (content) => {
    writeFileSync(path, content);
    const started = performance.now();
    const lock = await lockFile(path);
    expect(performance.now() - started).toBeGreaterThan(4500);
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('the lock of a process that lives is waited for until the run is stopped', async () => {
  const held = await lockFile(path);
  await expect(lockFile(path, AbortSignal.timeout(300))).rejects.toThrow();
  expect(held.isHeld()).toBe(true);
  await held.release();
});

test('a holder whose lock was taken away notices, and leaves the new one alone', async () => {
  const lock = await lockFile(path);
  writeFileSync(path, ELSEWHERE);
  expect(lock.isHeld()).toBe(false);
  await lock.release();
  expect(readFileSync(path, 'utf8')).toBe(ELSEWHERE);
});

test('a leftover is removed, others are not', async () => {
  for (const content of [ELSEWHERE, `${ownMark()} 7`]) {
    writeFileSync(path, content);
    await removeAbandonedLock(path);
    expect(readdirSync(folder)).toEqual(['lock']);
  }
  writeFileSync(path, DEAD);
  await removeAbandonedLock(path);
  expect(readdirSync(folder)).toEqual([]);
});
