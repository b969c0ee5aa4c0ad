/** Writes DER: PKCS#7, queries to timestamp authorities and OCSP responders, certificate requests, ECDSA signatures. */
import { TAG } from './der-rules.ts';

/** An element with this identifier octet whose content is the parts, one after the other. */
export function encode(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([header(tag, length), ...parts]);
}

/** @param dotted Such as `1.3.14.3.2.26`; the first two numbers below 3 and 40. */
export function encodeOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [40 * first + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left & 0x7f) | 0x80);
    }
    return groups;
  });
  return encode(TAG.oid, Uint8Array.from(bytes));
}

/** A non-negative INTEGER, from its bytes in big-endian order. */
export function encodeInteger(magnitude: Uint8Array): Buffer {
  const start = magnitude.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : magnitude.subarray(start);
  return (digits[0] ?? 0) >= 0x80
    ? encode(TAG.integer, Uint8Array.of(0), digits)
    : encode(TAG.integer, digits);
}

/** A BIT STRING of whole bytes, such as a signature. */
export function encodeBits(bytes: Uint8Array): Buffer {
  return encode(TAG.bitString, Uint8Array.of(0), bytes);
}

/** UTCTime until 2049, GeneralizedTime from then on, without fractions of a second. [RFC 5280, 4.1.2.5] */
export function encodeTime(time: Date): Buffer {
  const digits = time
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:T]/g, '');
  return time.getUTCFullYear() < 2050
    ? encode(TAG.utcTime, Buffer.from(digits.slice(2)))
    : encode(TAG.generalizedTime, Buffer.from(digits));
}

/** Identifier octet and length. */
export function header(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left & 0xff);
  return Buffer.from([tag, 0x80 | bytes.length, ...bytes]);
}
