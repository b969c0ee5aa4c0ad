import { octal } from './numbers.ts';

/** Bytes of a header; data is padded to a multiple of it. */
export const TAR_BLOCK = 512;

/** What a block of 512 bytes is where a header is expected. */
export type BlockKind = 'header' | 'zero' | 'bad checksum field' | 'bad checksum';

/**
 * Classifies a block of 512 bytes by its checksum. The sum excludes the last 12 bytes and may be of signed
 * or of unsigned bytes; a block with a wrong checksum that begins with NUL counts as a block of zeros.
 * [erofs-utils, lib/tar.c, tarerofs_parse_tar]
 */
export function blockKind(block: Buffer): BlockKind {
  const checksum = octal(block, 148, 8);
  if (checksum === undefined) return block.readUInt8(0) === 0 ? 'zero' : 'bad checksum field';
  let sum = 8 * 0x20;
  let negative = 0;
  for (let at = 0; at < 500; at++) {
    if (at === 148) at = 156;
    const byte = block[at] as number;
    sum += byte;
    negative += byte & 0x80;
  }
  const stored = checksum >>> 0;
  if (stored === sum || stored === (sum - 2 * negative) >>> 0) return 'header';
  return block.readUInt8(0) === 0 ? 'zero' : 'bad checksum';
}

/** A text field up to its first NUL, latin1. */
export function textField(block: Buffer, start: number, length: number): string {
  const nul = block.indexOf(0, start);
  return block.toString('latin1', start, nul === -1 || nul > start + length ? start + length : nul);
}

/** The path in the fields `prefix` and `name`, latin1, with the slashes at its end. */
export function headerPath(block: Buffer): string {
  const name = textField(block, 0, 100);
  if (block.readUInt8(345) === 0) return name;
  const prefix = textField(block, 345, 155);
  return prefix.endsWith('/') ? prefix + name : `${prefix}/${name}`;
}
