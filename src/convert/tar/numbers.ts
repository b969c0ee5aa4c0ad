/**
 * Numbers as mkfs.erofs reads them, that is as the C library does. [erofs-utils, lib/tar.c:
 * tarerofs_otoi, tarerofs_parsenum; C11 7.21.6.2 and 7.22.1.4]
 */

/** 64 bits, signed: a bigint only where a number would not be exact, so that equal values are `===`. */
export type Integer = number | bigint;

const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const isBlank = (byte: number): boolean => byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
const isDecimal = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** A header field of octal digits, which end at a space, a NUL or the end of the field; else undefined. */
export function octal(block: Buffer, start: number, length: number): number | undefined {
  const end = start + length;
  let at = start;
  while (at < end && isBlank(block[at] as number)) at += 1;
  const sign = at < end ? block[at] : 0;
  if (sign === MINUS || sign === PLUS) at += 1;
  const digits = at;
  let value = 0;
  for (; at < end; at++) {
    const digit = (block[at] as number) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  // Without digits nothing counts as read, and the field's own first byte is what follows.
  if (at === digits) return block[start] === SPACE ? 0 : undefined;
  const after = at < end ? block[at] : 0;
  if (after !== 0 && after !== SPACE) return undefined;
  return sign === MINUS ? 0 - value : value;
}

/** Octal, or base 256 behind a first byte of 0x80 or 0xff: the low 64 bits, signed. */
export function number(block: Buffer, start: number, length: number): Integer | undefined {
  const first = block[start];
  // Octal fields have at most 12 digits.
  if (first !== 0x80 && first !== 0xff) return octal(block, start, length);
  let value = 0n;
  for (let at = start + 1; at < start + length; at++) value = (value << 8n) | BigInt(block[at] as number);
  return narrowed(BigInt.asIntN(64, value));
}

/** Whether the field begins as a negative number in base 256 does. */
export function isNegativeBase256(block: Buffer, start: number): boolean {
  return block[start] === 0xff;
}

export interface Scanned {
  value: Integer;
  /** Index after the number and the blanks that follow it. */
  end: number;
}

const LARGEST = (1n << 63n) - 1n;
const SMALLEST = -(1n << 63n);
/** So many decimal digits are always a safe integer. */
const SAFE_DIGITS = 15;
/** More, without leading zeros, are beyond 64 bits. */
const MOST_DIGITS = 19;

/** The number at `at` as `sscanf` reads it with `%lld %n`: clamped to 64 bits, signed. */
export function scanDecimal(text: string, at: number): Scanned | undefined {
  let digits = at;
  while (isBlank(text.charCodeAt(digits))) digits += 1;
  const sign = text.charCodeAt(digits);
  if (sign === MINUS || sign === PLUS) digits += 1;
  let end = digits;
  while (isDecimal(text.charCodeAt(end))) end += 1;
  if (end === digits) return undefined;
  const value = decimal(text, digits, end, sign === MINUS);
  while (isBlank(text.charCodeAt(end))) end += 1;
  return { value, end };
}

function decimal(text: string, from: number, end: number, negative: boolean): Integer {
  let start = from;
  while (start < end && text.charCodeAt(start) === 0x30) start += 1;
  // A bigint of millions of digits takes seconds.
  if (end - start > MOST_DIGITS) return negative ? SMALLEST : LARGEST;
  if (end - start <= SAFE_DIGITS) {
    let value = 0;
    for (let at = start; at < end; at++) value = value * 10 + text.charCodeAt(at) - 0x30;
    return negative ? 0 - value : value;
  }
  const size = BigInt(text.slice(start, end));
  const value = negative ? -size : size;
  return narrowed(value > LARGEST ? LARGEST : value < SMALLEST ? SMALLEST : value);
}

/** The same value as a number, if one is exact. */
export function narrowed(value: bigint): Integer {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The low 32 bits, signed, as in a C `int`. */
export function toInt(value: Integer): number {
  return typeof value === 'number' ? value | 0 : Number(BigInt.asIntN(32, value));
}

/** The low 32 bits, unsigned. */
export function toUint(value: Integer): number {
  return typeof value === 'number' ? value >>> 0 : Number(BigInt.asUintN(32, value));
}

/** Below it, the sum of a number and any size that `Offset` keeps as a number is exact. */
const MAX_NEAR = 2 ** 52;

/** An offset that grows by sizes of up to 64 bits: exact, and without a bigint for ordinary ones. */
export class Offset {
  /** A multiple of {@link unit}. */
  #far = 0n;
  #near = 0;
  readonly #unit: number;

  /** @param unit bytes, a power of 2 */
  constructor(unit: number) {
    this.#unit = unit;
  }

  /** The exact value. */
  get value(): bigint {
    return this.#far + BigInt(this.#near);
  }

  /** The nearest number. */
  get nearest(): number {
    return this.#far === 0n ? this.#near : Number(this.value);
  }

  /** Bytes up to the next multiple of the unit. */
  get padding(): number {
    const over = this.#near % this.#unit;
    return over === 0 ? 0 : this.#unit - over;
  }

  add(size: Integer): void {
    if (typeof size === 'number' && size < MAX_NEAR && this.#near < MAX_NEAR) {
      this.#near += size;
      return;
    }
    const value = this.value + BigInt(size);
    const near = value % BigInt(this.#unit);
    this.#near = Number(near);
    this.#far = value - near;
  }
}
