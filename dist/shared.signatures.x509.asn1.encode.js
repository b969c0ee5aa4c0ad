import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  TAG
} from "./shared.signatures.x509.algorithms.js";

// src/signatures/x509/asn1/encode.ts
function encode(tag, ...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([header(tag, length), ...parts]);
}
function encodeOid(dotted) {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [40 * first + second, ...rest].flatMap((arc) => {
    const groups = [arc & 127];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(left & 127 | 128);
    }
    return groups;
  });
  return encode(TAG.oid, Uint8Array.from(bytes));
}
function encodeInteger(magnitude) {
  const start = magnitude.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : magnitude.subarray(start);
  return (digits[0] ?? 0) >= 128 ? encode(TAG.integer, Uint8Array.of(0), digits) : encode(TAG.integer, digits);
}
function encodeBits(bytes) {
  return encode(TAG.bitString, Uint8Array.of(0), bytes);
}
function encodeTime(time) {
  const digits = time.toISOString().replace(/\.\d+Z$/, "Z").replaceAll(/[-:T]/g, "");
  return time.getUTCFullYear() < 2050 ? encode(TAG.utcTime, Buffer.from(digits.slice(2))) : encode(TAG.generalizedTime, Buffer.from(digits));
}
function header(tag, length) {
  if (length < 128) return Buffer.from([tag, length]);
  const bytes = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left & 255);
  return Buffer.from([tag, 128 | bytes.length, ...bytes]);
}

export {
  encode,
  encodeOid,
  encodeInteger,
  encodeBits,
  encodeTime
};
