/**
 * Writes integers in little-endian order where the caller has computed place and value: the checks of
 * `Buffer.write…` would take longer than the writing of millions of inodes and directory entries.
 */

/** Writes the low 16 bits of `value`. */
export function put16(target: Buffer, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
}

/** Writes the low 32 bits of `value`. */
export function put32(target: Buffer, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}
