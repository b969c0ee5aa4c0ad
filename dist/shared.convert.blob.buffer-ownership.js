import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/convert/blob/buffer-ownership.ts
var OWN = /* @__PURE__ */ new WeakSet();
function ownPiece(piece) {
  OWN.add(piece.buffer);
}
function releasePiece({ buffer, byteOffset, length }) {
  if (OWN.has(buffer) && byteOffset + length === buffer.byteLength) buffer.transfer(0);
}

export {
  ownPiece,
  releasePiece
};
