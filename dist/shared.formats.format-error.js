import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/formats/format-error.ts
var FormatError = class extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "FormatError";
  }
};
var AmbiguityError = class extends FormatError {
};
function decoding(what, decode) {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(what, { cause });
  }
}
function readPart(part, read) {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`has ${part} that cannot be read: it ${cause.message}`, { cause });
  }
}
function readAs(kind, read) {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`is not ${kind}: it ${cause.message}`, { cause });
  }
}

export {
  FormatError,
  AmbiguityError,
  decoding,
  readPart,
  readAs
};
