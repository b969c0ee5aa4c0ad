import { BlockDigester } from './block-digester.ts';
import { DIGEST_SIZE } from './params.ts';

/** Bytes digested at a time. */
const STEP = 1024 * 1024;

/** Digests in one hash block: the tree's fan-out. */
export function fanOutOf(blockSize: number): number {
  return blockSize / DIGEST_SIZE;
}

/**
 * The next level of a dm-verity hash tree: the digest of each block that the digests of `level` fill,
 * the last one padded with zeros. [Linux Documentation/admin-guide/device-mapper/verity.rst]
 */
export function levelAbove(level: Buffer, blockSize: number): Buffer {
  const step = Math.max(blockSize, Math.min(STEP, Math.ceil(level.length / blockSize) * blockSize));
  const digester = new BlockDigester(blockSize, step / blockSize);
  const above = Buffer.allocUnsafe(Math.ceil(level.length / blockSize) * DIGEST_SIZE);
  for (let from = 0, to = 0; from < level.length; from += step) {
    const length = level.copy(digester.data, 0, from, Math.min(from + step, level.length));
    to += digester.digest(length, above, to);
  }
  return above;
}

/**
 * The root hash over any whole level of a tree, 64 lowercase hex digits.
 * @throws RangeError for a level without digests
 */
export function rootOf(level: Buffer, blockSize: number): string {
  if (level.length === 0) throw new RangeError('no data');
  let digests = level;
  while (digests.length > DIGEST_SIZE) digests = levelAbove(digests, blockSize);
  return digests.toString('hex');
}
