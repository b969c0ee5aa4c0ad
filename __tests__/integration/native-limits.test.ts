import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { RootHashEntry } from '../../src/report/report.ts';
import { byHand } from '../helpers/by-hand.ts';
import { cliOk } from '../helpers/cli.ts';
import { Random } from '../helpers/fuzz-erofs/random.ts';
import { rootBehind, tiedBlocks } from '../helpers/fuzz-erofs/rare-layouts.ts';
import { headerBlock } from '../helpers/raw-header.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
/** No program at all can be found: the image is the native builder's. */
const BARE = { env: { PATH: '/nonexistent' } };
const END = Buffer.alloc(1024);

/** The root hash that the CLI prints, against mkfs.erofs and veritysetup by hand. */
async function agrees(entries: readonly Buffer[]): Promise<void> {
  const tar = Buffer.concat([...entries, END]);
  const path = join(folder, 'layer.tar');
  writeFileSync(path, tar);
  const { stdout } = await cliOk(['root-hash', '--json', '--builder', 'native', path], BARE);
  const [entry] = JSON.parse(stdout) as RootHashEntry[];
  expect(entry?.rootHash).toBe(await byHand(tar, 'containerd', folder));
}

test.each([510, 511, 512, 1023, 1024])('a root inode behind %i blocks of file data', async (blocks) => {
  await agrees(rootBehind(blocks, Buffer.from('content')));
});

test.each([1, 2, 3])('a long symbolic link with the choice of two equally full blocks (%i)', async (seed) => {
  await agrees(tiedBlocks(new Random(seed)));
});

/** A folder whose link count, with its own two names, is 2 more than `count`. */
function subfolders(count: number, mtime: string): Buffer[] {
  const folderOf = (name: string): Buffer => headerBlock({ name, typeflag: '5', mtime });
  return [
    folderOf('d/'),
    ...Array.from({ length: count }, (_, number) => folderOf(`d/${number.toString(36)}/`)),
  ];
}

test.each([
  ['65,533 subfolders, the most that a compact inode can count', 65_533, '00000000000'],
  ['65,534 subfolders of a folder with a compact inode', 65_534, '00000000000'],
  ['65,540 subfolders of a folder with an extended inode', 65_540, '14524770400'],
])('%s', async (_what, count, mtime) => {
  await agrees(subfolders(count, mtime));
});
