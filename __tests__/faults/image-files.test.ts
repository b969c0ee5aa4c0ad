/** Files of an image that a run replaces, and those that keep it from doing so. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { cli } from '../helpers/cli.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder(0o755);
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

const keyOptions = (): string[] => [
  '--key',
  keys.leaf('p256').keyPath,
  '--certificate',
  keys.leaf('p256').fullChainPath,
];

test.each([
  ['a pipe', 'no regular file', (path: string) => execFileSync('mkfifo', [path])],
  ['a link to a device', 'a symbolic link', (path: string) => symlinkSync('/dev/zero', path)],
])('a lock that is %s is neither opened nor read', async (_what, words, make) => {
  for (const place of [layout, archive]) {
    const { reference, file } = await place();
    const lock = `${file}.lock`;
    make(lock);
    const { status, stderr } = await cli(['sign', reference, ...keyOptions()]);
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: expect.stringContaining(`${lock} is ${words}, where a run keeps its lock. Remove it`),
    });
  }
});

test.each([
  ['layout', layout],
  ['archive', archive],
] as const)('sign tells that a read-only %s cannot be signed before it works', async (_name, place) => {
  const { reference, file } = await place();
  // Another user reads these, if this one is root.
  const [key, certificate] = [`${file}.key`, `${file}.pem`];
  copyFileSync(keys.leaf('p256').keyPath, key);
  copyFileSync(keys.leaf('p256').fullChainPath, certificate);
  chmodSync(key, 0o644);
  const closed = join(file, '..');
  chmodSync(closed, 0o555);
  try {
    const args = ['sign', reference, '--key', key, '--certificate', certificate];
    const { status, stderr } = await cli(args, { unprivileged: true });
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: expect.stringContaining(`cannot write to ${closed} (EACCES), where the image is`),
    });
    expect(stderr).not.toContain('root hash');
  } finally {
    chmodSync(closed, 0o755);
  }
});
