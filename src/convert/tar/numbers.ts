/**
 * Numbers as mkfs.erofs reads them, that is as the C library does. [erofs-utils, lib/tar.c:
 * tarerofs_otoi, tarerofs_parsenum; C11 7.21.6.2 and 7.22.1.4]
 */

const SPACE = 0x20;
const isBlank = (byte: number): boolean => byte === SPACE || (byte >= 0x09 && byte <= 0x0d);

/** A header field of octal digits, which end at a space, a NUL or the end of the field; else undefined. */
export function octal(block: Buffer, start: number, length: number): number | undefined {
  let at = start;
  const end = start + length;
  const byte = (): number => (at < end ? block.readUInt8(at) : 0);
  while (isBlank(byte())) at += 1;
  let sign = 1;
  if (byte() === 0x2d || byte() === 0x2b) {
    if (byte() === 0x2d) sign = -1;
    at += 1;
  }
  const digits = at;
  let value = 0;
  while (byte() >= 0x30 && byte() <= 0x37) {
    value = value * 8 + byte() - 0x30;
    at += 1;
  }
  // Without digits nothing counts as read, and the field's own first byte is what follows.
  if (at === digits) return block.readUInt8(start) === SPACE ? 0 : undefined;
  return byte() === 0 || byte() === SPACE ? sign * value : undefined;
}

/** Octal, or base 256 behind a first byte of 0x80 or 0xff: the low 64 bits, signed. */
export function number(block: Buffer, start: number, length: number): bigint | undefined {
  const first = block.readUInt8(start);
  if (first !== 0x80 && first !== 0xff) {
    const value = octal(block, start, length);
    return value === undefined ? undefined : BigInt(value);
  }
  let value = 0n;
  for (let at = start + 1; at < start + length; at++) value = (value << 8n) | BigInt(block.readUInt8(at));
  return BigInt.asIntN(64, value);
}

/** Whether the field begins as a negative number in base 256 does. */
export function isNegativeBase256(block: Buffer, start: number): boolean {
  return block.readUInt8(start) === 0xff;
}

export interface Scanned {
  value: bigint;
  /** Index after the number and the blanks that follow it. */
  end: number;
}

const DECIMAL = /[ \t-\r]*([+-]?[0-9]+)[ \t-\r]*/y;
const LARGEST = (1n << 63n) - 1n;
const SMALLEST = -(1n << 63n);

/** The number at `at` as `sscanf` reads it with `%lld %n`: clamped to 64 bits, signed. */
export function scanDecimal(text: string, at: number): Scanned | undefined {
  DECIMAL.lastIndex = at;
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const digits = match[1] ?? '';
  const value = BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
  const clamped = value > LARGEST ? LARGEST : value < SMALLEST ? SMALLEST : value;
  return { value: clamped, end: DECIMAL.lastIndex };
}

/** The low 32 bits, signed, as in a C `int`. */
export function toInt(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** The low 32 bits, unsigned. */
export function toUint(value: bigint): number {
  return Number(BigInt.asUintN(32, value));
}
