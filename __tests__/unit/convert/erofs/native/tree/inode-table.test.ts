import { expect, test } from '@jest/globals';
import { FLAG, InodeTable } from '../../../../../../src/convert/erofs/native/tree/inode-table.ts';

test('users and groups of 32 bits come back', () => {
  const inodes = new InodeTable();
  const ids = [0, 1, 1000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];
  for (const uid of ids)
    for (const gid of ids) {
      const inode = inodes.add();
      inodes.setOwner(inode, 0xffffffff, 0xffffffff);
      inodes.setOwner(inode, uid, gid);
      expect([inodes.uid(inode), inodes.gid(inode)]).toEqual([uid, gid]);
    }
});

test('times of 64 bits are kept in two halves', () => {
  const inodes = new InodeTable();
  for (const seconds of [0, 1, -1, 2 ** 32, -(2 ** 40) - 5, 2n ** 63n - 1n, -(2n ** 63n)]) {
    const inode = inodes.add();
    inodes.setMtime(inode, seconds, 999_999_999);
    const bits = (BigInt(inodes.mtimeHigh(inode)) << 32n) | BigInt(inodes.mtimeLow(inode));
    expect([BigInt.asIntN(64, bits), inodes.nanoseconds(inode)]).toEqual([BigInt(seconds), 999_999_999]);
  }
});

test('sizes are exact as far as numbers are', () => {
  const inodes = new InodeTable();
  for (const size of [0, 1, 0xffffffff, 2 ** 32, Number.MAX_SAFE_INTEGER, 2 ** 63]) {
    const inode = inodes.add();
    inodes.setSize(inode, size);
    expect(inodes.size(inode)).toBe(size);
  }
});

test('mode, flags and the number of superfluous dots do not touch one another', () => {
  const inodes = new InodeTable();
  const inode = inodes.add();
  inodes.setMode(inode, 0o177777);
  inodes.addExtraDots(inode);
  inodes.addExtraDots(inode);
  inodes.setFlag(inode, FLAG.named);
  inodes.setMode(inode, 0o100644);
  expect([inodes.mode(inode), inodes.extraDots(inode)]).toEqual([0o100644, 2]);
  for (const flag of Object.values(FLAG))
    expect([flag, inodes.has(inode, flag)]).toEqual([flag, flag === FLAG.named]);
});
