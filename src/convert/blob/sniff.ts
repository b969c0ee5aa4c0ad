import type { Compression } from '../../model/index.ts';

/** Number of bytes that `sniffCompression` and `describeBytes` need. */
export const SNIFF_LENGTH = 512;

/** The compression of a blob by its magic number; `none` for anything but gzip and zstd. */
export function sniffCompression(firstBytes: Uint8Array): Compression {
  if (startsWith(firstBytes, [0x1f, 0x8b])) return 'gzip';
  if (startsWith(firstBytes, [0x28, 0xb5, 0x2f, 0xfd])) return 'zstd';
  // A skippable frame may come first. [RFC 8878, section 3.1.2]
  const first = firstBytes[0] ?? 0;
  if (first >= 0x50 && first <= 0x5f && startsWith(firstBytes.subarray(1), [0x2a, 0x4d, 0x18])) return 'zstd';
  return 'none';
}

/** True if the bytes begin with a POSIX or GNU tar header. */
export function looksLikeTar(firstBytes: Uint8Array): boolean {
  return ascii(firstBytes.subarray(257, 262)) === 'ustar';
}

/** The format that the bytes appear to have, for messages: `a plain tar`, `xz`, … */
export function describeBytes(firstBytes: Uint8Array): string {
  if (firstBytes.length === 0) return 'nothing (the blob is empty)';
  if (looksLikeTar(firstBytes)) return 'a plain tar';
  const compression = sniffCompression(firstBytes);
  if (compression !== 'none') return compression;
  if (startsWith(firstBytes, [0xfd, 0x37, 0x7a, 0x58, 0x5a])) return 'xz';
  if (ascii(firstBytes.subarray(0, 3)) === 'BZh') return 'bzip2';
  if (startsWith(firstBytes, [0x50, 0x4b, 0x03, 0x04])) return 'zip';
  const text = ascii(firstBytes.subarray(0, 64)).trimStart();
  if (text.startsWith('{') || text.startsWith('[')) return 'JSON';
  if (/^<(!doctype|html|\?xml)/i.test(text)) return 'HTML or XML';
  if (firstBytes.every((byte) => byte === 0)) return 'zero bytes';
  return 'an unknown format';
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}

function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
