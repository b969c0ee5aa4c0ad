import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/crc32c.ts
var POLYNOMIAL = 2197175160;
var START = 4294967295;
var TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? value >>> 1 ^ POLYNOMIAL : value >>> 1;
  return value;
});
function crc32c(bytes) {
  return (crc32cRegister(bytes) ^ 4294967295) >>> 0;
}
function crc32cRegister(bytes, register = START) {
  let crc = register;
  for (const byte of bytes) crc = crc >>> 8 ^ (TABLE[(crc ^ byte) & 255] ?? 0);
  return crc >>> 0;
}

export {
  crc32c,
  crc32cRegister
};
