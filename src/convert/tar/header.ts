import { octal } from './numbers.ts';

/** Bytes of a header; data is padded to a multiple of it. */
export const TAR_BLOCK = 512;

/** A block of 512 bytes in the machine's byte order, both views of the same memory. */
export interface HeaderBlock {
  bytes: Buffer;
  words: Uint32Array;
}

export function newHeaderBlock(): HeaderBlock {
  const bytes = Buffer.from(new ArrayBuffer(TAR_BLOCK));
  return { bytes, words: new Uint32Array(bytes.buffer) };
}

/** What a block of 512 bytes is where a header is expected. */
export type BlockKind = 'header' | 'zero' | 'bad checksum field' | 'bad checksum';

/**
 * Classifies a block of 512 bytes by its checksum. The sum excludes the last 12 bytes and may be of signed
 * or of unsigned bytes; a block with a wrong checksum that begins with NUL counts as a block of zeros.
 * [erofs-utils, lib/tar.c, tarerofs_parse_tar]
 */
export function blockKind({ bytes, words }: HeaderBlock): BlockKind {
  const checksum = octal(bytes, 148, 8);
  if (checksum === undefined) return bytes[0] === 0 ? 'zero' : 'bad checksum field';
  const stored = checksum >>> 0;
  const sum = 8 * 0x20 + byteSum(words, 0, 148) + byteSum(words, 156, 500);
  if (stored === sum) return 'header';
  const negative = signBits(words, 0, 148) + signBits(words, 156, 500);
  if (stored === (sum - 0x100 * negative) >>> 0) return 'header';
  return bytes[0] === 0 ? 'zero' : 'bad checksum';
}

/** The sum of the bytes from `start` up to `end`, multiples of 4 of at most 512: four at a time. */
function byteSum(words: Uint32Array, start: number, end: number): number {
  let pairs = 0;
  for (let at = start >>> 2; at < end >>> 2; at++) {
    const word = words[at] as number;
    // Two sums of 16 bits, which 257 bytes cannot exceed in each half.
    pairs = (pairs + (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff)) | 0;
  }
  return (pairs & 0xffff) + (pairs >>> 16);
}

/** The number of bytes in the same range with their highest bit set. */
function signBits(words: Uint32Array, start: number, end: number): number {
  let count = 0;
  for (let at = start >>> 2; at < end >>> 2; at++) {
    for (let bits = (words[at] as number) & 0x80808080; bits !== 0; bits &= bits - 1) count += 1;
  }
  return count;
}

/** Whether the block has the magic of POSIX or GNU. */
export function isUstar(block: Buffer): boolean {
  return (
    block[257] === 0x75 &&
    block[258] === 0x73 &&
    block[259] === 0x74 &&
    block[260] === 0x61 &&
    block[261] === 0x72
  );
}

/** A text field up to its first NUL, latin1. */
export function textField(block: Buffer, start: number, length: number): string {
  let end = start;
  while (end < start + length && block[end] !== 0) end += 1;
  return end === start ? '' : block.toString('latin1', start, end);
}

/** The path in the fields `prefix` and `name`, latin1, with the slashes at its end. */
export function headerPath(block: Buffer): string {
  const name = textField(block, 0, 100);
  if (block[345] === 0) return name;
  const prefix = textField(block, 345, 155);
  return prefix.endsWith('/') ? prefix + name : `${prefix}/${name}`;
}
