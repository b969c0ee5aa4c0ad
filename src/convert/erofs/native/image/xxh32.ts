const PRIME = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1] as const;
const [P1, P2, P3, P4, P5] = PRIME;

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

const round = (accumulator: number, input: number): number =>
  Math.imul(rotate((accumulator + Math.imul(input, P2)) | 0, 13), P1);

/** The hash XXH32 of a part of `bytes`. [xxHash specification, XXH32] */
export function xxh32(bytes: Buffer, start: number, end: number, seed: number): number {
  let at = start;
  let hash = (seed + P5) | 0;
  if (end - start >= 16) {
    // Four variables instead of an array: hostile layers hash megabytes of names.
    let first = (seed + P1 + P2) | 0;
    let second = (seed + P2) | 0;
    let third = seed | 0;
    let fourth = (seed - P1) | 0;
    for (; at + 16 <= end; at += 16) {
      first = round(first, bytes.readUInt32LE(at));
      second = round(second, bytes.readUInt32LE(at + 4));
      third = round(third, bytes.readUInt32LE(at + 8));
      fourth = round(fourth, bytes.readUInt32LE(at + 12));
    }
    hash = (rotate(first, 1) + rotate(second, 7) + rotate(third, 12) + rotate(fourth, 18)) | 0;
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
