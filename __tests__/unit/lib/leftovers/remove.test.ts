import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ownMark } from '../../../../src/lib/leftovers/process-mark.ts';
import { removeFolder, removeLeftovers } from '../../../../src/lib/leftovers/remove.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leftovers-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [boot, namespace] = ownMark().split('-');
const DEAD = `${boot}-${namespace}-${process.pid}-1`;
const ELSEWHERE = `${'a'.repeat(16)}-1-1-1`;
const kind = {
  markOf: (name: string) => /^x-(.*)$/.exec(name)?.[1],
  accepts: () => true,
};
const hoursAgo = (path: string, hours: number): void => {
  const time = Date.now() / 1000 - hours * 3600;
  utimesSync(path, time, time);
};

test('what is dead goes at once, what nobody can tell after a day, what lives never', async () => {
  const all = { live: ownMark(), dead: DEAD, fresh: `${ELSEWHERE}0`, old: ELSEWHERE, unmarked: '' };
  for (const mark of Object.values(all)) writeFileSync(join(folder, `x-${mark}`), '');
  writeFileSync(join(folder, 'other'), '');
  for (const name of [`x-${all.live}`, `x-${all.old}`, 'x-', 'other']) hoursAgo(join(folder, name), 25);
  hoursAgo(join(folder, `x-${all.fresh}`), 23);
  await removeLeftovers(folder, kind);
  expect(readdirSync(folder).sort()).toEqual(['other', `x-${all.fresh}`, `x-${all.live}`].sort());
});

test('only what is accepted, and no target of a link', async () => {
  mkdirSync(join(folder, 'target'));
  writeFileSync(join(folder, 'target/file'), '');
  symlinkSync('target', join(folder, `x-${DEAD}`));
  await removeLeftovers(folder, { ...kind, accepts: (found) => found.isDirectory() });
  expect(existsSync(join(folder, `x-${DEAD}`))).toBe(true);
  await removeLeftovers(folder, kind);
  expect(readdirSync(folder)).toEqual(['target']);
  expect(readdirSync(join(folder, 'target'))).toEqual(['file']);
});

test('a folder that is missing has no leftovers', async () => {
  await removeLeftovers(join(folder, 'missing'), kind);
});

test('a folder goes with all that is in it, and links are not followed', async () => {
  const inner = join(folder, 'a/b/c');
  mkdirSync(inner, { recursive: true });
  mkdirSync(join(folder, 'kept'));
  writeFileSync(join(folder, 'kept/file'), '');
  for (let number = 0; number < 200; number++) writeFileSync(join(inner, `${number}`), '');
  symlinkSync(join(folder, 'kept'), join(inner, 'link'));
  await removeFolder(join(folder, 'a'));
  expect(readdirSync(folder)).toEqual(['kept']);
  expect(readdirSync(join(folder, 'kept'))).toEqual(['file']);
});
