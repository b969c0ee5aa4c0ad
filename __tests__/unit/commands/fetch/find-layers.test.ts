import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findLayers } from '../../../../src/commands/fetch/find-layers.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const ROOT_HASH = 'ab'.repeat(32);
const HEX = 'cd'.repeat(32);

function sidecar(path: string, hashoffset = 4096): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify({ roothash: ROOT_HASH, hashoffset }));
  image(path, hashoffset + 1);
}

/** The image of a sidecar. */
function image(path: string, size: number): void {
  const file = join(folder, path.replace(/\.dmverity$/, ''));
  writeFileSync(file, '');
  truncateSync(file, size);
}

describe('layers of a folder', () => {
  test('of a snapshotter, in the order of the snapshots', async () => {
    for (const number of [10, 9, 100])
      sidecar(`node/snapshots/${number}/layer.erofs.dmverity`, number * 4096);
    sidecar('node/snapshots/x; rm/layer.erofs.dmverity');
    sidecar('node/snapshots/7/other.erofs.dmverity');
    mkdirSync(join(folder, 'node/snapshots/8'));
    const found = await findLayers(join(folder, 'node'));
    expect(found.map(({ hashOffset }) => hashOffset / 4096)).toEqual([9, 10, 100]);
    expect(found[0]).toEqual({
      path: join(folder, 'node/snapshots/9/layer.erofs'),
      rootHash: ROOT_HASH,
      hashOffset: 9 * 4096,
    });
    expect(await findLayers(join(folder, 'node/snapshots'))).toEqual(found);
  });

  test('without what is no file of containerd: a FIFO, a folder, a large file', async () => {
    sidecar('odd/snapshots/1/layer.erofs.dmverity');
    for (const number of [2, 3, 4]) mkdirSync(join(folder, `odd/snapshots/${number}`));
    execFileSync('mkfifo', [join(folder, 'odd/snapshots/2/layer.erofs.dmverity')]);
    mkdirSync(join(folder, 'odd/snapshots/3/layer.erofs.dmverity'));
    const large = JSON.stringify({ roothash: ROOT_HASH, hashoffset: 4096 }).padEnd(100_000);
    writeFileSync(join(folder, 'odd/snapshots/4/layer.erofs.dmverity'), large);
    expect((await findLayers(join(folder, 'odd'))).map(({ path }) => path)).toEqual([
      join(folder, 'odd/snapshots/1/layer.erofs'),
    ]);
  });

  test('without those whose image is absent, a folder, or ends before the hash tree', async () => {
    for (const number of [1, 2, 3, 4]) sidecar(`torn/snapshots/${number}/layer.erofs.dmverity`, 8192);
    rmSync(join(folder, 'torn/snapshots/1/layer.erofs'));
    rmSync(join(folder, 'torn/snapshots/2/layer.erofs'));
    mkdirSync(join(folder, 'torn/snapshots/2/layer.erofs'));
    image('torn/snapshots/3/layer.erofs.dmverity', 8192);
    expect((await findLayers(join(folder, 'torn'))).map(({ path }) => path)).toEqual([
      join(folder, 'torn/snapshots/4/layer.erofs'),
    ]);
  });

  test('of a layer cache', async () => {
    sidecar(`cache/sha256/cd/${HEX}.erofs.dmverity`);
    sidecar('cache/sha256/cd/other.erofs.dmverity');
    const path = join(folder, `cache/sha256/cd/${HEX}.erofs`);
    expect(await findLayers(join(folder, 'cache'))).toEqual([
      { path, rootHash: ROOT_HASH, hashOffset: 4096 },
    ]);
  });

  test.each([
    ['{', 'not JSON'],
    ['{"roothash":"$(id)","hashoffset":4096}', 'another root hash'],
    [`{"roothash":"${ROOT_HASH}","hashoffset":"4096; id"}`, 'a text as offset'],
    [`{"roothash":"${ROOT_HASH}","hashoffset":-1}`, 'a negative offset'],
  ])('a sidecar that is %s is none (%s)', async (text) => {
    mkdirSync(join(folder, 'bad/snapshots/1'), { recursive: true });
    writeFileSync(join(folder, 'bad/snapshots/1/layer.erofs.dmverity'), text);
    expect(await findLayers(join(folder, 'bad'))).toEqual([]);
  });

  test('another folder, or none, is refused', async () => {
    await expect(findLayers(join(folder, 'bad/snapshots/1'))).rejects.toThrow('neither the folder of');
    await expect(findLayers(join(folder, 'missing'))).rejects.toThrow('neither the folder of');
  });
});
