import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  encode
} from "./shared.signatures.x509.asn1.encode.js";
import {
  TAG,
  isConstructed,
  onlyElement
} from "./shared.signatures.x509.algorithms.js";
import {
  FormatError
} from "./shared.formats.format-error.js";

// src/signatures/x509/asn1/ber.ts
var MAX_DEPTH = 40;
var CONSTRUCTED = 32;
var INDEFINITE = 128;
var STRUCTURES = /* @__PURE__ */ new Set([40, 43, TAG.sequence, TAG.set]);
var FIRST_TAGGED = 64;
var MAX_ELEMENTS = 1e4;
function readBer(ber) {
  const { der, end } = new Converter(ber).convert(0, ber.length, 0);
  const rest = ber.length - end;
  if (rest > 0) throw new FormatError(`has ${rest} trailing byte${rest === 1 ? "" : "s"} after its end`);
  return onlyElement(der);
}
var Converter = class {
  #ber;
  #elements = 0;
  constructor(ber) {
    this.#ber = ber;
  }
  convert(at, limit, depth) {
    if (depth > MAX_DEPTH) throw new FormatError("has elements that are nested too deeply");
    this.#elements += 1;
    if (this.#elements > MAX_ELEMENTS) throw new FormatError(`has more than ${MAX_ELEMENTS} elements`);
    const { tag, start, end } = readHeader(this.#ber, at, limit);
    if (!isConstructed(tag)) {
      if (end === void 0) throw new FormatError("has a primitive element of indefinite length");
      return { der: encode(tag, this.#ber.subarray(start, end)), end };
    }
    const children = [];
    let next = start;
    while (end === void 0 ? !isEndOfContents(this.#ber, next, limit) : next < end) {
      const child = this.convert(next, end ?? limit, depth + 1);
      children.push(child.der);
      next = child.end;
    }
    const inChunks = tag < FIRST_TAGGED && !STRUCTURES.has(tag);
    const der = inChunks ? joined(tag & ~CONSTRUCTED, children) : encode(tag, ...children);
    return { der, end: end ?? next + 2 };
  }
};
function readHeader(ber, at, limit) {
  const tag = ber[at] ?? 0;
  if ((tag & 31) === 31) throw new FormatError("has a tag number above 30");
  const first = ber[at + 1] ?? 0;
  const start = at + 2 + (first > INDEFINITE ? first & 127 : 0);
  if (start > limit) throw new FormatError("ends too early");
  if (first === INDEFINITE) return { tag, start, end: void 0 };
  const length = first < INDEFINITE ? first : ber.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  if (start + length > limit) throw new FormatError("ends too early");
  return { tag, start, end: start + length };
}
function isEndOfContents(ber, at, limit) {
  if (at + 2 > limit) throw new FormatError("ends too early");
  return ber[at] === 0 && ber[at + 1] === 0;
}
function joined(tag, chunks) {
  const contents = chunks.map((chunk) => {
    const { tag: own, content } = onlyElement(chunk);
    if (own !== tag) throw new FormatError("has a string with chunks of another type");
    return content;
  });
  if (tag !== TAG.bitString) return encode(tag, ...contents);
  if (contents.slice(0, -1).some((content) => content[0] !== 0)) {
    throw new FormatError("has an invalid BIT STRING");
  }
  const unused = contents.at(-1)?.subarray(0, 1) ?? Uint8Array.of(0);
  return encode(tag, unused, ...contents.map((content) => content.subarray(1)));
}

export {
  readBer
};
