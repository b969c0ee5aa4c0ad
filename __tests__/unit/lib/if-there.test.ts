import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lstatIfThere, realpathIfThere, statIfThere } from '../../../src/lib/if-there.ts';
import { testFolder } from '../../helpers/temp.ts';

const folder = testFolder();
const file = join(folder, 'file');
const loop = join(folder, 'loop');
writeFileSync(file, 'text');
symlinkSync('loop', loop);
symlinkSync('nowhere', join(folder, 'dangling'));

test.each([
  ['no file', join(folder, 'nothing')],
  ['no folder', join(folder, 'nothing', 'below')],
  ['a file where a folder should be', join(file, 'below')],
  ['a name that no file can have', join(folder, 'a'.repeat(300))],
  ['a path that no file can have', `${file}\0`],
])('%s: nothing is there', async (_, path) => {
  expect(await statIfThere(path)).toBeUndefined();
  expect(await lstatIfThere(path)).toBeUndefined();
  expect(await realpathIfThere(path)).toBeUndefined();
});

test('what is there is told as the system tells it', async () => {
  expect((await statIfThere(file))?.size).toBe(4);
  expect((await lstatIfThere(loop))?.isSymbolicLink()).toBe(true);
  expect((await lstatIfThere(join(folder, 'dangling')))?.isSymbolicLink()).toBe(true);
  expect(await statIfThere(join(folder, 'dangling'))).toBeUndefined();
  expect(await realpathIfThere(join(folder, '.', 'file'))).toBe(file);
});

test('what the system does not tell is an error, of the code that the caller wants', async () => {
  const message = `${loop} cannot be read (ELOOP)`;
  await expect(statIfThere(loop)).rejects.toMatchObject({ code: 'environment', message });
  await expect(realpathIfThere(loop, 'usage')).rejects.toMatchObject({ code: 'usage', message });
  await expect(lstatIfThere(join(loop, 'below'))).rejects.toMatchObject({ code: 'environment' });
});
