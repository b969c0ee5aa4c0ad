import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BlockDigester } from '../../../../src/convert/verity/block-digester.ts';
import { levelAbove, rootOf } from '../../../../src/convert/verity/hash-tree.ts';

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256').update(Buffer.alloc(32));
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The definition, level by level, with everything in memory. */
function rootByDefinition(data: Buffer, blockSize: number): string {
  const blocks = (bytes: Buffer): Buffer[] => {
    const padded = Buffer.concat([bytes, Buffer.alloc((blockSize - (bytes.length % blockSize)) % blockSize)]);
    return Array.from({ length: padded.length / blockSize }, (_, i) =>
      padded.subarray(i * blockSize, (i + 1) * blockSize),
    );
  };
  let level = blocks(data).map((block) => sha256(block));
  while (level.length > 1) level = blocks(Buffer.concat(level)).map((block) => sha256(block));
  return level[0]?.toString('hex') ?? '';
}

/** Digests of the blocks of `data`, some blocks at a time. */
function leaves(data: Buffer, blockSize: number, atOnce: number): Buffer {
  const digester = new BlockDigester(blockSize, atOnce);
  const out = Buffer.alloc(Math.ceil(data.length / blockSize) * 32);
  const step = blockSize * atOnce;
  for (let from = 0, to = 0; from < data.length; from += step) {
    to += digester.digest(data.copy(digester.data, 0, from, from + step), out, to);
  }
  return out;
}

const tree = (data: Buffer, blockSize: number, atOnce = 8): string =>
  rootOf(leaves(data, blockSize, atOnce), blockSize);

describe('hash tree', () => {
  test('one block: the root hash is the digest of salt and block', () => {
    const block = Buffer.alloc(4096, 7);
    expect(tree(block, 4096)).toBe(sha256(block).toString('hex'));
  });

  test('pads the last block with zeros', () => {
    const whole = Buffer.concat([Buffer.from('abc'), Buffer.alloc(509)]);
    expect(tree(Buffer.from('abc'), 512)).toBe(tree(whole, 512));
  });

  test('what a digester held before does not get into the padding', () => {
    const digester = new BlockDigester(512, 2);
    const out = Buffer.alloc(64);
    digester.data.fill(9);
    digester.digest(1024, out, 0);
    digester.data.write('abc');
    expect(digester.digest(3, out, 32)).toBe(32);
    expect(out.subarray(32).toString('hex')).toBe(tree(Buffer.from('abc'), 512));
  });

  test('the data is left as it was', () => {
    const digester = new BlockDigester(512, 4);
    for (let at = 0; at < 2048; at++) digester.data[at] = (at * 7) % 251;
    const before = Buffer.from(digester.data);
    digester.digest(2048, Buffer.alloc(128), 0);
    expect(digester.data.equals(before)).toBe(true);
  });

  test.each([
    [512, 15],
    [512, 16],
    [512, 17],
    [512, 256],
    [512, 257],
    [4096, 127],
    [4096, 128],
    [4096, 129],
  ])('block size %i, %i blocks: around full hash blocks', (blockSize, count) => {
    const data = Buffer.alloc(blockSize * count);
    for (let at = 0; at < data.length; at += 64) data.writeUInt32LE(at, at);
    expect(tree(data, blockSize)).toBe(rootByDefinition(data, blockSize));
  });

  test('property: any data, however many blocks at a time, gives the hash of the definition', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 20_000 }),
        fc.integer({ min: 1, max: 50 }),
        (bytes, atOnce) => {
          const data = Buffer.from(bytes);
          expect(tree(data, 512, atOnce)).toBe(rootByDefinition(data, 512));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a level of more than a mebibyte', () => {
    const level = Buffer.alloc(2 * 1024 * 1024 + 64);
    for (let at = 0; at < level.length; at += 32) level.writeUInt32LE(at, at);
    const above = levelAbove(level, 4096);
    expect(above.length).toBe(513 * 32);
    expect(above.subarray(0, 32)).toEqual(sha256(level.subarray(0, 4096)));
    expect(above.subarray(512 * 32)).toEqual(sha256(level.subarray(512 * 4096), Buffer.alloc(4096 - 64)));
  });

  test('property: every changed bit changes the root hash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 9000 }), fc.nat(), (bytes, position) => {
        const data = Buffer.from(bytes);
        const before = tree(data, 512);
        const at = position % data.length;
        data.writeUInt8(data.readUInt8(at) ^ (1 << (position % 8)), at);
        expect(tree(data, 512)).not.toBe(before);
      }),
    );
  });

  test('no data has no root hash, and odd block sizes are refused', () => {
    expect(() => rootOf(Buffer.alloc(0), 4096)).toThrow(RangeError);
    for (const size of [0, 32, 100, 4096.5]) expect(() => new BlockDigester(size, 1)).toThrow(RangeError);
  });
});
