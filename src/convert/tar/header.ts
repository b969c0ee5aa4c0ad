import { octal } from './numbers.ts';

export const TAR_BLOCK = 512;

/** A header whose checksum is right, or what else the block is. */
export type BlockKind = 'header' | 'zero' | 'bad checksum field' | 'bad checksum';

/**
 * What a block of 512 bytes is. The sum leaves out the last 12 bytes and may be of signed or of
 * unsigned bytes; any block with a wrong one that begins with NUL counts as zeros.
 * [erofs-utils, lib/tar.c, tarerofs_parse_tar]
 */
export function blockKind(block: Buffer): BlockKind {
  const field = octal(block, 148, 8);
  if (field === undefined) return block.readUInt8(0) === 0 ? 'zero' : 'bad checksum field';
  let sum = 8 * 0x20;
  let negative = 0;
  for (let at = 0; at < 500; at++) {
    if (at === 148) at = 156;
    const byte = block[at] as number;
    sum += byte;
    negative += byte & 0x80;
  }
  const said = field >>> 0;
  if (said === sum || said === (sum - 2 * negative) >>> 0) return 'header';
  return block.readUInt8(0) === 0 ? 'zero' : 'bad checksum';
}

/** A text field up to its first NUL, latin1. */
export function field(block: Buffer, start: number, length: number): string {
  const nul = block.indexOf(0, start);
  return block.toString('latin1', start, nul === -1 || nul > start + length ? start + length : nul);
}

/** The path that the fields `prefix` and `name` make, before slashes at its end are stripped. */
export function headerPath(block: Buffer): string {
  const name = field(block, 0, 100);
  if (block.readUInt8(345) === 0) return name;
  const prefix = field(block, 345, 155);
  return prefix.endsWith('/') ? prefix + name : `${prefix}/${name}`;
}
