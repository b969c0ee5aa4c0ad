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
  const fraction = /^\.([0-9]+)$/.exec(text.slice(end))?.[1];
  if (fraction === undefined) return undefined;
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, '0'));
  if (nanoseconds === 0 || !text.startsWith('-')) return { seconds, nanoseconds };
  if (seconds === -(1n << 63n)) return undefined;
  return { seconds: narrowed(BigInt(seconds) - 1n), nanoseconds: 1_000_000_000 - nanoseconds };
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
