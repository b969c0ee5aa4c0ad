import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HashTree } from '../../../src/verity/hash-tree.ts';

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

const tree = (data: Buffer, blockSize: number): string =>
  new HashTree(blockSize).update(data).digest().rootHash;

describe('HashTree', () => {
  test('one block: the root hash is the digest of salt and block', () => {
    const block = Buffer.alloc(4096, 7);
    expect(tree(block, 4096)).toBe(sha256(block).toString('hex'));
  });

  test('pads the last block with zeros and says the padded size', () => {
    const whole = Buffer.concat([Buffer.from('abc'), Buffer.alloc(509)]);
    const result = new HashTree(512).update(Buffer.from('abc')).digest();
    expect(result).toEqual({ rootHash: tree(whole, 512), dataSize: 512 });
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

  test('property: any data in any pieces gives the hash of the definition', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 20_000 }),
        fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 20 }),
        (bytes, cuts) => {
          const data = Buffer.from(bytes);
          const hashTree = new HashTree(512);
          let at = 0;
          for (const cut of cuts) {
            hashTree.update(data.subarray(at, at + cut));
            at += cut;
          }
          const { rootHash, dataSize } = hashTree.update(data.subarray(at)).digest();
          expect(rootHash).toBe(rootByDefinition(data, 512));
          expect(dataSize).toBe(Math.ceil(data.length / 512) * 512);
        },
      ),
      { numRuns: 200 },
    );
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
    expect(() => new HashTree(4096).digest()).toThrow(RangeError);
    for (const size of [0, 32, 100, 4096.5]) expect(() => new HashTree(size)).toThrow(RangeError);
  });
});
