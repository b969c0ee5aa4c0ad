import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/formats/format-error.ts
var FormatError = class extends Error {
};
function decoding(what, decode) {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(what, { cause });
  }
}

export {
  FormatError,
  decoding
};
