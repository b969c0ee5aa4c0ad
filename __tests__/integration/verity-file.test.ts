import { randomFillSync } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { levelAbove, rootOf } from '../../src/convert/verity/hash-tree.ts';
import { fileLayout } from '../../src/convert/verity-file/layout.ts';
import { VerityFile } from '../../src/convert/verity-file/verity-file.ts';
import { run } from '../../src/lib/process/run.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

const UUID = '6f1c3cb5-ea8c-5cde-9e2d-3f3f3f3f3f3f';
const folder = testFolder();

async function veritysetup(...args: string[]): Promise<string> {
  const { stdout } = await run([toolPath('veritysetup'), ...args], { env: toolEnvironment() });
  return stdout.toString();
}

/** Writes an image as the native builder does: from the second block on, the first block last. */
function writeFile(path: string, image: Buffer, blockSize: 512 | 4096): string {
  const padded = Buffer.concat([image, Buffer.alloc((blockSize - (image.length % blockSize)) % blockSize)]);
  const leaves = levelAbove(padded, blockSize);
  const file = new VerityFile(path, UUID, blockSize, folder);
  file.leaves.add(leaves.subarray(32));
  for (let at = blockSize; at < image.length; at += 99_991) file.write(at, image.subarray(at, at + 99_991));
  file.write(0, image.subarray(0, blockSize));
  file.end();
  const rootHash = rootOf(leaves, blockSize);
  file.finish({ imageSize: image.length, rootHash });
  return rootHash;
}

describe('the file is what veritysetup makes', () => {
  test.each([
    ['a part of a block', 4096, 100],
    ['one block', 4096, 4096],
    ['two blocks', 4096, 8192],
    ['one full hash block', 4096, 128 * 4096],
    ['one hash block and a part', 4096, 128 * 4096 + 1],
    ['128 full hash blocks', 4096, 128 * 128 * 4096],
    ['three levels', 4096, 128 * 128 * 4096 + 5],
    ['five levels of small blocks', 512, 4097 * 512],
  ] as const)('%s, blocks of %i', async (_what, blockSize, size) => {
    const image = randomFillSync(Buffer.alloc(size));
    const [own, theirs] = [join(folder, 'own'), join(folder, 'theirs')];
    const rootHash = writeFile(own, image, blockSize);
    const { hashOffset, size: fileSize } = fileLayout(size, blockSize);
    writeFileSync(theirs, image);
    truncateSync(theirs, hashOffset);
    const offset = `--hash-offset=${hashOffset}`;
    const blocks = [`--data-block-size=${blockSize}`, `--hash-block-size=${blockSize}`];
    const salt = `--salt=${'0'.repeat(64)}`;
    const said = await veritysetup('format', ...blocks, offset, salt, `--uuid=${UUID}`, theirs, theirs);
    expect(said).toContain(rootHash);
    // veritysetup does not write the rest of a last block that is only the superblock's.
    truncateSync(theirs, fileSize);
    expect(readFileSync(own).equals(readFileSync(theirs))).toBe(true);
    expect(statSync(own).size).toBe(fileSize);
    await veritysetup('verify', own, own, rootHash, offset);
    expect(await veritysetup('dump', own, offset)).toMatch(new RegExp(`^UUID:\\s+${UUID}$`, 'm'));
    for (const path of [own, theirs]) rmSync(path);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('a tree with another root hash is an error', () => {
  const file = new VerityFile(join(folder, 'wrong'), UUID, 4096, folder);
  file.write(0, Buffer.alloc(4096));
  file.end();
  expect(() => file.finish({ imageSize: 4096, rootHash: '0'.repeat(64) })).toThrow(
    'the hash tree has root hash',
  );
  file.close();
  rmSync(join(folder, 'wrong'));
});

test('a file that exists is not written to', () => {
  writeFileSync(join(folder, 'there'), 'mine');
  const file = new VerityFile(join(folder, 'there'), UUID, 4096, folder);
  expect(() => file.write(0, Buffer.alloc(4096))).toThrow('EEXIST');
  expect(readFileSync(join(folder, 'there'), 'utf8')).toBe('mine');
  rmSync(join(folder, 'there'));
});
