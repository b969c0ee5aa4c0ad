import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VeritySignError
} from "./shared.errors.js";

// src/formats/digest-grammar.ts
var DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
function isDigest(text) {
  return DIGEST.test(text);
}
function splitDigest(digest) {
  if (!isDigest(digest))
    throw new VeritySignError("image", `${JSON.stringify(digest)} is not a valid digest`);
  return { algorithm: digest.startsWith("sha256") ? "sha256" : "sha512", hex: digest.slice(7) };
}

export {
  DIGEST,
  isDigest,
  splitDigest
};
