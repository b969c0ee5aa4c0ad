import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  FormatError
} from "./shared.formats.format-error.js";

// src/signatures/x509/pem.ts
var BEGIN = /^-----BEGIN ([A-Z0-9 ]+)-----$/;
var BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
var MARK = /^(\u{feff}|\xef\xbb\xbf)/u;
var MAX_BYTES = 256 * 1024;
function splitPem(text) {
  const blocks = [];
  let open;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.trim();
    const [begin, label] = BEGIN.exec(line.replace(MARK, "")) ?? [];
    if (label !== void 0) {
      open = { label, lines: [], ended: false };
      blocks.push(open);
    }
    open?.lines.push(begin ?? line);
    if (open !== void 0 && line === `-----END ${open.label}-----`) {
      open.ended = true;
      open = void 0;
    }
  }
  return blocks;
}
function readPem(pem, wanted) {
  if (pem.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES / 1024} KiB`);
  const text = typeof pem === "string" ? pem : Buffer.from(pem).toString("latin1");
  return splitPem(text).map(({ label, lines, ended }) => {
    if (!ended) throw new FormatError(`has a ${label} block without an end`);
    return { label, bytes: label === wanted ? decode(lines.slice(1, -1).join(""), label) : new Uint8Array() };
  });
}
function decode(base64, label) {
  if (base64 === "" || base64.length % 4 !== 0 || !BASE64.test(base64)) {
    throw new FormatError(`has a ${label} block that is not base64`);
  }
  return Buffer.from(base64, "base64");
}

export {
  splitPem,
  readPem
};
