/** Files of an image that a run replaces: who could read and write them still can. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { cli } from '../helpers/cli.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
let keys: Pki;
let images = 0;

beforeAll(async () => {
  keys = await pki();
});

interface Place {
  reference: string;
  /** What a run replaces. */
  file: string;
}

async function layout(): Promise<Place> {
  images += 1;
  const directory = join(folder, `${images}`);
  mkdirSync(directory);
  await writeVectorImage(directory, ['simple-gzip']);
  return { reference: `oci:${directory}`, file: join(directory, 'index.json') };
}

async function archive(): Promise<Place> {
  const { file } = await layout();
  const tar = `${join(file, '..')}.tar`;
  execFileSync('tar', ['-cf', tar, '-C', join(file, '..'), '.']);
  return { reference: `oci-archive:${tar}`, file: tar };
}

const rightsOf = (file: string) => {
  const { mode, uid, gid } = statSync(file);
  return { mode: (mode & 0o777).toString(8), uid, gid };
};

test.each([
  ['index.json of a layout', layout, '077', 0o664],
  ['index.json of a layout', layout, '000', 0o640],
  ['an archive', archive, '077', 0o664],
  ['an archive', archive, '000', 0o600],
] as const)('%s keeps mode and owner (case %#)', async (_name, place, umask, mode) => {
  const { reference, file } = await place();
  chmodSync(file, mode);
  // Another user's, where this one may give files away.
  if (process.geteuid?.() === 0) chownSync(file, 54_321, 54_322);
  const before = rightsOf(file);
  const { ino } = statSync(file);
  const { keyPath, fullChainPath } = keys.leaf('p256');
  const run = await cli(['sign', reference, '--key', keyPath, '--certificate', fullChainPath], {
    prefix: ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'],
  });
  expect(run).toMatchObject({ status: 0 });
  expect(statSync(file).ino).not.toBe(ino);
  expect(rightsOf(file)).toEqual(before);
});
