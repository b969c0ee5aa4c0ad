import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/frontend/render/format.ts
function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
function formatSeconds(seconds) {
  return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
}
function shortDigest(digest) {
  const match = /^([a-z0-9]+:)?([0-9a-f]{12})[0-9a-f]+$/.exec(digest);
  return match === null ? digest : `${match[1] ?? ""}${match[2]}…`;
}
function shortDigests(text) {
  return text.replaceAll(/(?<![0-9a-z])((?:[a-z0-9]+:)?)([0-9a-f]{12})[0-9a-f]{52,}(?![0-9a-z])/g, "$1$2…");
}
function manifestKind(mediaType) {
  return /\.(index|manifest\.list)\./.test(mediaType) ? "index" : "image";
}

export {
  count,
  formatSeconds,
  shortDigest,
  shortDigests,
  manifestKind
};
