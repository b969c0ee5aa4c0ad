import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/convert/blob/sniff.ts
var SNIFF_LENGTH = 512;
function sniffCompression(firstBytes) {
  if (startsWith(firstBytes, [31, 139])) return "gzip";
  if (startsWith(firstBytes, [40, 181, 47, 253])) return "zstd";
  const first = firstBytes[0] ?? 0;
  if (first >= 80 && first <= 95 && startsWith(firstBytes.subarray(1), [42, 77, 24])) return "zstd";
  return "none";
}
function looksLikeTar(firstBytes) {
  return ascii(firstBytes.subarray(257, 262)) === "ustar";
}
function describeBytes(firstBytes) {
  if (firstBytes.length === 0) return "nothing (the blob is empty)";
  if (looksLikeTar(firstBytes)) return "a plain tar";
  const compression = sniffCompression(firstBytes);
  if (compression !== "none") return compression;
  if (startsWith(firstBytes, [253, 55, 122, 88, 90])) return "xz";
  if (ascii(firstBytes.subarray(0, 3)) === "BZh") return "bzip2";
  if (startsWith(firstBytes, [80, 75, 3, 4])) return "zip";
  const text = ascii(firstBytes.subarray(0, 64)).trimStart();
  if (text.startsWith("{") || text.startsWith("[")) return "JSON";
  if (/^<(!doctype|html|\?xml)/i.test(text)) return "HTML or XML";
  if (firstBytes.every((byte) => byte === 0)) return "zero bytes";
  return "an unknown format";
}
function startsWith(bytes, magic) {
  return magic.every((byte, at) => bytes[at] === byte);
}
function ascii(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

export {
  SNIFF_LENGTH,
  sniffCompression,
  looksLikeTar,
  describeBytes
};
