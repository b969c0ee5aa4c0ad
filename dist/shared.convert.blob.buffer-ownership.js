import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/convert/blob/buffer-ownership.ts
var OWNED = /* @__PURE__ */ new WeakSet();
function markOwned(chunk) {
  OWNED.add(chunk.buffer);
}
function releaseOwned({ buffer, byteOffset, length }) {
  if (OWNED.has(buffer) && byteOffset + length === buffer.byteLength) buffer.transfer(0);
}

export {
  markOwned,
  releaseOwned
};
