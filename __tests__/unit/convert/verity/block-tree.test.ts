import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { BlockTree } from '../../../../src/convert/verity/block-tree.ts';
import { levelAbove, rootOf as rootOfLevel } from '../../../../src/convert/verity/hash-tree.ts';
import { LeafDigests } from '../../../../src/convert/verity/leaf-digests.ts';
import { testFolder } from '../../../helpers/temp.ts';

/** Bytes that differ from block to block. */
function bytesOf(length: number): Buffer {
  const bytes = Buffer.alloc(length, 7);
  for (let at = 0; at + 4 <= length; at += 512) bytes.writeUInt32LE(at, at);
  return bytes;
}

const rootOf = (data: Buffer, blockSize: number): string =>
  rootOfLevel(levelAbove(data, blockSize), blockSize);

describe.each([512, 4096])('blocks of %i', (blockSize) => {
  const perBlock = blockSize / 32;

  test.each([1, 2, perBlock - 1, perBlock, perBlock + 1, perBlock ** 2, perBlock ** 2 + 1])(
    'a tree of %i blocks whose first comes last',
    (blocks) => {
      const data = bytesOf(blocks * blockSize);
      const tree = new BlockTree(blockSize);
      for (let at = blockSize; at < data.length; at += 100_003) tree.update(data.subarray(at, at + 100_003));
      expect(tree.finish(data.subarray(0, blockSize))).toBe(rootOf(data, blockSize));
    },
  );

  test('a part of a block is filled with zeros', () => {
    const data = bytesOf(3 * blockSize + 8);
    const tree = new BlockTree(blockSize);
    tree.update(data.subarray(blockSize));
    expect(tree.finish(data.subarray(0, blockSize))).toBe(rootOf(data, blockSize));
  });

  test('forks go their own ways', () => {
    const data = bytesOf(300 * blockSize);
    const tree = new BlockTree(blockSize);
    tree.update(data.subarray(blockSize, 200 * blockSize));
    const fork = tree.fork();
    tree.update(data.subarray(200 * blockSize));
    fork.update(data.subarray(200 * blockSize, 201 * blockSize));
    expect(tree.finish(data.subarray(0, blockSize))).toBe(rootOf(data, blockSize));
    expect(fork.finish(data.subarray(0, blockSize))).toBe(
      rootOf(data.subarray(0, 201 * blockSize), blockSize),
    );
  });
});

describe('leaf digests', () => {
  const blockSize = 512;
  const folder = testFolder();

  test.each([0, 1, 5, 40, 2048, 2049, 150_000])('of %i blocks, in memory and in a file', (blocks) => {
    const first = bytesOf(blockSize);
    const data = bytesOf(blocks * blockSize + 4).subarray(0, blocks * blockSize);
    const leaves = new LeafDigests(blockSize, folder, 1024 * 1024);
    for (let at = 0; at < data.length; at += 99_991) leaves.update(data.subarray(at, at + 99_991));
    leaves.end();
    expect(readdirSync(folder)).toHaveLength(blocks > 100_000 ? 1 : 0);
    for (const _twice of [1, 2]) {
      const tree = new BlockTree(blockSize);
      tree.addLeaves(leaves);
      expect(tree.finish(first)).toBe(rootOf(Buffer.concat([first, data]), blockSize));
    }
    leaves.close();
    expect(readdirSync(folder)).toEqual([]);
  });
});
