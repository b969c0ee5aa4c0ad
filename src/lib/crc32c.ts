/** The Castagnoli polynomial, bits reversed. [RFC 3720, 12.1] */
const POLYNOMIAL = 0x82f63b78;
/** What the register holds before the first byte. */
const START = 0xffffffff;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** CRC-32C as protocols use it (Google's services, iSCSI). node:zlib has only the polynomial of gzip. */
export function crc32c(bytes: Uint8Array): number {
  return (crc32cRegister(bytes) ^ 0xffffffff) >>> 0;
}

/**
 * The CRC-32C register after these bytes, without the inversion at the end, as an EROFS superblock has it.
 * [erofs-utils, lib/super.c]
 * @param register of the bytes before these
 */
export function crc32cRegister(bytes: Uint8Array, register = START): number {
  let crc = register;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return crc >>> 0;
}
