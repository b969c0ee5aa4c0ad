import { type Integer, narrowed, scanDecimal, toUint } from '../numbers.ts';

/** Seconds since 1970 (64 bits, signed) and nanoseconds (32 bits, unsigned). */
export interface Time {
  seconds: Integer;
  nanoseconds: number;
}

/**
 * The value of a PAX `mtime`: seconds with an optional sign and up to nine digits of a fraction. Undefined
 * for other text. [erofs-utils 1.9.2, lib/tar.c, tarerofs_parse_pax_header]
 */
export function scanTime(text: string): Time | undefined {
  const whole = scanDecimal(text, 0);
  if (whole === undefined) return undefined;
  const { value: seconds, end } = whole;
  if (end === text.length) return { seconds, nanoseconds: 0 };
  const nanoseconds = text[end] === '.' ? fractionFrom(text, end + 1) : undefined;
  if (nanoseconds === undefined) return undefined;
  if (nanoseconds === 0 || !text.startsWith('-')) return { seconds, nanoseconds };
  if (seconds === -(1n << 63n)) return undefined;
  return { seconds: narrowed(BigInt(seconds) - 1n), nanoseconds: 1_000_000_000 - nanoseconds };
}

/** The digits up to the end of the text as a fraction of a second; those beyond the ninth do not count. */
function fractionFrom(text: string, start: number): number | undefined {
  let nanoseconds = 0;
  let unit = 100_000_000;
  for (let at = start; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    nanoseconds += digit * unit;
    unit = Math.floor(unit / 10);
  }
  return start < text.length ? nanoseconds : undefined;
}

/** The same up to release 1.9.1, for which the digits of the fraction are a number of nanoseconds. */
export function scanOldTime(text: string): Time | undefined {
  const whole = scanDecimal(text, 0);
  if (whole === undefined) return undefined;
  const { value: seconds, end } = whole;
  if (text[end] !== '.') return { seconds, nanoseconds: 0 };
  const fraction = scanDecimal(text, end + 1);
  if (fraction === undefined) return undefined;
  return { seconds, nanoseconds: toUint(fraction.value) };
}
