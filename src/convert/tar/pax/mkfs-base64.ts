import { scratch } from './text-copy.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NONE = 0xff;
/** The six bits of each letter. */
const SEXTETS = new Uint8Array(0x100).fill(NONE);
for (const [value, letter] of [...ALPHABET].entries()) SEXTETS[letter.charCodeAt(0)] = value;

/**
 * Decodes base64 as mkfs.erofs 1.9.1 and later do: the remaining bits of unpadded text become one more byte
 * unless they are zero. Returns latin1, or undefined for text that it refuses. [erofs-utils, lib/base64.c]
 */
export function decodeBase64(text: string): string | undefined {
  return decode(text, 'high');
}

/** The same as 1.8.10 does: the first sextet has the lowest bits. [erofs-utils 1.8.10, lib/tar.c] */
export function decodeBase64Reversed(text: string): string | undefined {
  return decode(text, 'low');
}

/** @param from which bits of a sextet come first */
function decode(text: string, from: 'high' | 'low'): string | undefined {
  // Whole groups of four may end with `=`.
  const whole = text.length > 0 && text.length % 4 === 0;
  const length = whole ? text.length - paddingOf(text) : text.length;
  const out = scratch(Math.ceil((length * 6) / 8));
  let size = 0;
  let value = 0;
  let bits = 0;
  for (let at = 0; at < length; at++) {
    const sextet = SEXTETS[text.charCodeAt(at)] as number;
    if (sextet === NONE) return undefined;
    value = from === 'high' ? ((value << 6) | sextet) & 0xffff : value + (sextet << bits);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    if (from === 'high') {
      out[size++] = (value >> bits) & 0xff;
    } else {
      out[size++] = value & 0xff;
      value >>= 8;
    }
  }
  const left = from === 'high' ? value & ((1 << bits) - 1) : value;
  if (left !== 0) {
    if (whole || left > 0xff) return undefined;
    out[size++] = left;
  }
  return out.toString('latin1', 0, size);
}

/** Number of `=` at the end: at most two count. */
function paddingOf(text: string): number {
  if (!text.endsWith('=')) return 0;
  return text.endsWith('==') ? 2 : 1;
}

/** Percent-decodes an attribute's name up to a NUL. [erofs-utils, lib/tar.c, url_decode] */
export function decodePercent(text: string): string {
  const end = text.indexOf('\0');
  const name = end === -1 ? text : text.slice(0, end);
  if (!name.includes('%')) return name;
  const out = scratch(name.length);
  out.write(name, 'latin1');
  let size = 0;
  for (let at = 0; at < name.length; at++) {
    const byte = out[at] as number;
    const [high, low] =
      byte === PERCENT && at + 2 < name.length ? [hexOf(out[at + 1]), hexOf(out[at + 2])] : [NONE, NONE];
    if (high !== NONE && low !== NONE) {
      out[size++] = high * 16 + low;
      at += 2;
    } else {
      out[size++] = byte;
    }
  }
  return out.toString('latin1', 0, size);
}

const PERCENT = 0x25;

function hexOf(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : NONE;
}
