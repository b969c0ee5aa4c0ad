/** The parts of a tar header block that tell which entry it is, read as mkfs.erofs reads them. */
export interface TarHeader {
  /** One character; NUL for old archives. */
  typeflag: string;
  /** Prefix and name joined, latin1: names are raw bytes. */
  name: string;
  /** Bytes of data that follow; undefined if the field is not a number. */
  size: number | undefined;
  devmajor: number | undefined;
  devminor: number | undefined;
}

export const BLOCK = 512;

/** 'zero' for a block of the end-of-archive marker, undefined for what is not a header at all. */
export function parseHeader(block: Buffer): TarHeader | 'zero' | undefined {
  const checksum = octal(block, 148, 8);
  let sum = 8 * 32;
  let signed = 8 * 32;
  for (let at = 0; at < 500; at++) {
    if (at >= 148 && at < 156) continue;
    const byte = block[at] ?? 0;
    sum += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  if (checksum === undefined || (checksum !== sum && checksum !== signed)) {
    return block[0] === 0 ? 'zero' : undefined;
  }
  if (text(block, 257, 5) !== 'ustar') return undefined;
  const prefix = text(block, 345, 155);
  const name = text(block, 0, 100);
  return {
    typeflag: block.toString('latin1', 156, 157),
    name: prefix === '' || prefix.endsWith('/') ? prefix + name : `${prefix}/${name}`,
    size: number(block, 124, 12),
    devmajor: number(block, 329, 8),
    devminor: number(block, 337, 8),
  };
}

function text(block: Buffer, start: number, length: number): string {
  const field = block.toString('latin1', start, start + length);
  const end = field.indexOf('\0');
  return end === -1 ? field : field.slice(0, end);
}

/** Octal, or base 256 behind a first byte of 0x80 or 0xff. */
function number(block: Buffer, start: number, length: number): number | undefined {
  const first = block[start];
  if (first !== 0x80 && first !== 0xff) return octal(block, start, length);
  let value = 0n;
  for (let at = start + 1; at < start + length; at++) value = (value << 8n) | BigInt(block[at] ?? 0);
  return Number(BigInt.asIntN(64, value));
}

function octal(block: Buffer, start: number, length: number): number | undefined {
  const field = text(block, start, length);
  const match = /^([ \t-\r]*)([-+]?)([0-7]*)(?: |$)/.exec(field);
  if (match === null) return undefined;
  const [, blanks = '', sign = '', digits = ''] = match;
  if (digits === '') return blanks === '' ? undefined : 0;
  const value = Number.parseInt(digits, 8);
  return sign === '-' ? -value : value;
}
