const PRIME = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1] as const;
const [P1, P2, P3, P4, P5] = PRIME;

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** The hash XXH32 of a part of `bytes`. [xxHash specification, XXH32] */
export function xxh32(bytes: Buffer, start: number, end: number, seed: number): number {
  let at = start;
  let hash = (seed + P5) | 0;
  if (end - start >= 16) {
    const accumulators = [(seed + P1 + P2) | 0, (seed + P2) | 0, seed | 0, (seed - P1) | 0];
    for (; at + 16 <= end; at += 16) {
      for (const [index, value] of accumulators.entries()) {
        const sum = (value + Math.imul(bytes.readUInt32LE(at + 4 * index), P2)) | 0;
        accumulators[index] = Math.imul(rotate(sum, 13), P1);
      }
    }
    hash = [1, 7, 12, 18].reduce((sum, by, index) => (sum + rotate(accumulators[index] ?? 0, by)) | 0, 0);
  }
  hash = (hash + end - start) | 0;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(bytes.readUInt32LE(at), P3)) | 0, 17), P4);
  }
  for (; at < end; at++) {
    hash = Math.imul(rotate((hash + Math.imul(bytes.readUInt8(at), P5)) | 0, 11), P1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), P2);
  hash = Math.imul(hash ^ (hash >>> 13), P3);
  return (hash ^ (hash >>> 16)) >>> 0;
}
