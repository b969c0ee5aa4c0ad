import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VeritySignError
} from "./shared.errors.js";

// src/convert/blob/pieces.ts
import { setImmediate } from "node:timers/promises";
var PIECE = 256 * 1024;
async function* pieces(chunk) {
  if (chunk.length <= PIECE) {
    yield chunk;
    return;
  }
  for (let from = 0; from < chunk.length; from += PIECE) {
    await setImmediate();
    yield chunk.subarray(from, from + PIECE);
  }
}

// src/convert/tar/refusals.ts
var REBUILD = "Build this layer again; no node can unpack it into EROFS either";
function malformed(what) {
  return new VeritySignError("image", `the layer's tar is malformed: ${what}`, { remedy: REBUILD });
}
function cutData() {
  return new VeritySignError("image", "the layer's tar is malformed: the data of a file is cut", {
    remedy: "Build this layer again: its end is missing, even if a node can unpack the rest of it"
  });
}
function notForErofs(what) {
  return new VeritySignError("image", `EROFS cannot take this layer: ${what}`, {
    remedy: REAL_PATHS
  });
}
var REAL_PATHS = "Build this layer with the real path of each entry: other snapshotters follow links in paths, mkfs.erofs does not";
function undefinedResult(what) {
  return new VeritySignError("image", `the layer triggers an out-of-bounds access in mkfs.erofs: ${what}`, {
    remedy: "Build this layer again without that; nodes may create different images of it"
  });
}
function unsupported(what) {
  return new VeritySignError("environment", `the native builder does not support this layer: ${what}`, {
    remedy: "Use the builder mkfs for this image"
  });
}
function printable(name) {
  const text = Buffer.from(name.slice(0, 1024), "latin1").toString("utf8");
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "�");
}

// src/convert/tar/numbers.ts
var SPACE = 32;
var isBlank = (byte) => byte === SPACE || byte >= 9 && byte <= 13;
function octal(block, start, length) {
  let at = start;
  const end = start + length;
  const byte = () => at < end ? block.readUInt8(at) : 0;
  while (isBlank(byte())) at += 1;
  let sign = 1;
  if (byte() === 45 || byte() === 43) {
    if (byte() === 45) sign = -1;
    at += 1;
  }
  const digits = at;
  let value = 0;
  while (byte() >= 48 && byte() <= 55) {
    value = value * 8 + byte() - 48;
    at += 1;
  }
  if (at === digits) return block.readUInt8(start) === SPACE ? 0 : void 0;
  return byte() === 0 || byte() === SPACE ? sign * value : void 0;
}
function number(block, start, length) {
  const first = block.readUInt8(start);
  if (first !== 128 && first !== 255) {
    const value2 = octal(block, start, length);
    return value2 === void 0 ? void 0 : BigInt(value2);
  }
  let value = 0n;
  for (let at = start + 1; at < start + length; at++) value = value << 8n | BigInt(block.readUInt8(at));
  return BigInt.asIntN(64, value);
}
function isNegativeBase256(block, start) {
  return block.readUInt8(start) === 255;
}
var DECIMAL = /[ \t-\r]*([+-]?[0-9]+)[ \t-\r]*/y;
var LARGEST = (1n << 63n) - 1n;
var SMALLEST = -(1n << 63n);
function scanDecimal(text, at) {
  DECIMAL.lastIndex = at;
  const match = DECIMAL.exec(text);
  if (match === null) return void 0;
  const digits = match[1] ?? "";
  const value = BigInt(digits.startsWith("+") ? digits.slice(1) : digits);
  const clamped = value > LARGEST ? LARGEST : value < SMALLEST ? SMALLEST : value;
  return { value: clamped, end: DECIMAL.lastIndex };
}
function toInt(value) {
  return Number(BigInt.asIntN(32, value));
}
function toUint(value) {
  return Number(BigInt.asUintN(32, value));
}

// src/convert/tar/device-number.ts
var MAJOR_FIELD = 329;
var MINOR_FIELD = 337;
var MAX_MAJOR = 0xfffn;
var MAX_MINOR = 0xfffffn;
function deviceFields(block) {
  const major = number(block, MAJOR_FIELD, 8);
  const minor = number(block, MINOR_FIELD, 8);
  if (major === void 0 || minor === void 0) return void 0;
  const deviceFits = major >= 0n && major <= MAX_MAJOR && minor >= 0n && minor <= MAX_MINOR;
  return { major: toInt(major), minor: toInt(minor), deviceFits };
}
function deviceNumber(major, minor) {
  return (minor & 255 | major << 8 | (minor & ~255) << 12) >>> 0;
}
function oldDeviceNumber(major, minor) {
  const packed = BigInt.asUintN(64, BigInt(deviceNumber(major, minor) | 0));
  const again = (packed >> 8n & 0xfffn | packed >> 32n & ~0xfffn) & 0xffffffffn;
  const rest = (packed & 0xffn | packed >> 12n & ~0xffn) & 0xffffffffn;
  return deviceNumber(Number(again), Number(rest));
}

// src/convert/tar/entry.ts
var TYPE = {
  mask: 61440,
  fifo: 4096,
  char: 8192,
  directory: 16384,
  block: 24576,
  file: 32768,
  link: 40960
};
var WHITEOUT = ".wh.";
var OPAQUE = ".wh..wh..opq";
function roleOf(path) {
  const slash = path.lastIndexOf("/");
  if (!path.startsWith(WHITEOUT, slash + 1)) return "ordinary";
  return path.length === slash + 1 + OPAQUE.length && path.endsWith(OPAQUE) ? "opaque marker" : "whiteout";
}
function hasData({ hardLink, mode, size }, path) {
  if (size === 0 || hardLink) return false;
  const role = roleOf(path);
  if (role !== "ordinary") return role === "whiteout";
  const type = mode & TYPE.mask;
  return type !== TYPE.directory && type !== TYPE.link;
}

// src/convert/tar/header.ts
var TAR_BLOCK = 512;
function blockKind(block) {
  const checksum = octal(block, 148, 8);
  if (checksum === void 0) return block.readUInt8(0) === 0 ? "zero" : "bad checksum field";
  let sum = 8 * 32;
  let negative = 0;
  for (let at = 0; at < 500; at++) {
    if (at === 148) at = 156;
    const byte = block[at];
    sum += byte;
    negative += byte & 128;
  }
  const stored = checksum >>> 0;
  if (stored === sum || stored === sum - 2 * negative >>> 0) return "header";
  return block.readUInt8(0) === 0 ? "zero" : "bad checksum";
}
function textField(block, start, length) {
  const nul = block.indexOf(0, start);
  return block.toString("latin1", start, nul === -1 || nul > start + length ? start + length : nul);
}
function headerPath(block) {
  const name = textField(block, 0, 100);
  if (block.readUInt8(345) === 0) return name;
  const prefix = textField(block, 345, 155);
  return prefix.endsWith("/") ? prefix + name : `${prefix}/${name}`;
}

// src/convert/tar/pax/mkfs-base64.ts
var ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
function unpadded(text) {
  if (text.length === 0 || text.length % 4 !== 0) return { body: text, padding: false };
  return { body: text.replace(/={1,2}$/, ""), padding: true };
}
function decodeBase64(text) {
  return decode(text, (rest, sextet) => (rest.value << 6 | sextet) & 65535, "high");
}
function decodeBase64Reversed(text) {
  return decode(text, (rest, sextet) => rest.value + (sextet << rest.bits), "low");
}
function decode(text, join, from) {
  const { body, padding } = unpadded(text);
  const rest = { value: 0, bits: 0 };
  const bytes = [];
  for (const letter of body) {
    const sextet = ALPHABET.indexOf(letter);
    if (sextet === -1) return void 0;
    rest.value = join(rest, sextet);
    rest.bits += 6;
    if (rest.bits < 8) continue;
    rest.bits -= 8;
    if (from === "high") {
      bytes.push(rest.value >> rest.bits & 255);
    } else {
      bytes.push(rest.value & 255);
      rest.value >>= 8;
    }
  }
  const left = from === "high" ? rest.value & (1 << rest.bits) - 1 : rest.value;
  if (left !== 0) {
    if (padding || left > 255) return void 0;
    bytes.push(left);
  }
  return Buffer.from(bytes).toString("latin1");
}
function decodePercent(text) {
  const end = text.indexOf("\0");
  const name = end === -1 ? text : text.slice(0, end);
  return name.replace(/%([0-9A-Fa-f]{2})/g, (_all, hex) => String.fromCharCode(parseInt(hex, 16)));
}

// src/convert/tar/pax/time.ts
function scanTime(text) {
  const whole = scanDecimal(text, 0);
  if (whole === void 0) return void 0;
  const { value: seconds, end } = whole;
  if (end === text.length) return { seconds, nanoseconds: 0 };
  const fraction = /^\.([0-9]+)$/.exec(text.slice(end))?.[1];
  if (fraction === void 0) return void 0;
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, "0"));
  if (nanoseconds === 0 || !text.startsWith("-")) return { seconds, nanoseconds };
  if (seconds === -(1n << 63n)) return void 0;
  return { seconds: seconds - 1n, nanoseconds: 1e9 - nanoseconds };
}
function scanOldTime(text) {
  const whole = scanDecimal(text, 0);
  if (whole === void 0) return void 0;
  const { value: seconds, end } = whole;
  if (text[end] !== ".") return { seconds, nanoseconds: 0 };
  const fraction = scanDecimal(text, end + 1);
  if (fraction === void 0) return void 0;
  return { seconds, nanoseconds: toUint(fraction.value) };
}

// src/convert/tar/pax/records.ts
var everyRelease = () => true;
var old = (rules) => rules.oldPax;
var modern = (rules) => !rules.oldPax;
function readPax(data, into, reject) {
  const text = data.toString("latin1");
  for (let at = 0; at < text.length; ) {
    const length = scanDecimal(text, at);
    if (length === void 0) throw malformed("a PAX record without a length");
    const end = at + toInt(length.value);
    if (end <= length.end || end > text.length || text[end - 1] !== "\n") {
      throw malformed("a PAX record with a wrong length");
    }
    const record = text.slice(length.end, end - 1);
    const equals = record.indexOf("=");
    if (equals === -1) throw malformed("a PAX record without a value");
    readRecord(record, equals, into, reject);
    at = end;
  }
}
function strippedPath(text, reject) {
  let end = text.length;
  while (text[end - 1] === "/") end -= 1;
  if (end === 0) reject(undefinedResult("a path of slashes only"), ({ earlyDots }) => earlyDots);
  return text.slice(0, end);
}
var SCHILY = "SCHILY.xattr.";
var LIBARCHIVE = "LIBARCHIVE.xattr.";
function readRecord(record, equals, into, reject) {
  const key = record.slice(0, equals);
  const value = record.slice(equals + 1);
  const nul = value.indexOf("\0");
  const text = nul === -1 ? value : value.slice(0, nul);
  if (key === "path") {
    if (nul > 0) reject(undefinedResult("a path with a NUL inside"), everyRelease);
    into.nulInPath = nul > 0;
    into.emptyPath = text === "";
    into.path = text === "" ? void 0 : strippedPath(text, reject);
  } else if (key === "linkpath") {
    into.emptyLink = text === "";
    into.link = text === "" ? void 0 : text;
  } else if (key === "mtime") {
    readMtime(text, into, reject);
  } else if (key === "size") {
    into.size = readNumber(text, reject);
    if ((into.size ?? 0n) < 0n) {
      reject(unsupported("it has a negative size in a PAX header"), ({ negativeSizes }) => negativeSizes);
      throw malformed("a negative size in a PAX header");
    }
  } else if (key === "uid" || key === "gid") {
    const id = readNumber(text, reject);
    into[key] = id === void 0 ? void 0 : toUint(id);
  } else if (key.startsWith(SCHILY)) {
    const xattr = { pair: record.slice(SCHILY.length), nameLength: equals - SCHILY.length };
    setXattr(into.xattrs, xattr, reject);
    if (into.reversedXattrs !== into.xattrs) setXattr(into.reversedXattrs, xattr, reject);
  } else if (key.startsWith(LIBARCHIVE)) {
    readBase64Xattr(decodePercent(key.slice(LIBARCHIVE.length)), value, into, reject);
  } else if (key.startsWith("GNU.sparse.")) {
    into.sparse = true;
    if (key === "GNU.sparse.name" && text !== "") into.sparsePath = text;
  }
}
function pair(name, value) {
  return { pair: `${name}=${value}`, nameLength: name.length };
}
function readBase64Xattr(name, value, into, reject) {
  const refuse = (applies) => reject(malformed("an extended attribute that is not base64"), applies);
  separateXattrs(into);
  const decoded = decodeBase64(value);
  if (decoded === void 0) refuse(({ reversedBase64 }) => !reversedBase64);
  else setXattr(into.xattrs, pair(name, decoded), reject);
  const reversed = decodeBase64Reversed(value);
  if (reversed === void 0) refuse(({ reversedBase64 }) => reversedBase64);
  else setXattr(into.reversedXattrs, pair(name, reversed), reject);
}
function separateXattrs(of) {
  if (of.reversedXattrs === of.xattrs) of.reversedXattrs = of.xattrs.copy();
}
function setXattr(list, xattr, reject) {
  const outcome = list.set(xattr);
  if (outcome === "undefined result") {
    reject(undefinedResult("an extended attribute whose name contains another name"), everyRelease);
  } else if (outcome === "too many") {
    reject(tooManyXattrs(), everyRelease);
  }
}
function tooManyXattrs() {
  return unsupported("it has thousands of extended attributes, some with a = or NUL in their names");
}
function readNumber(text, reject) {
  const scanned = scanDecimal(text, 0);
  if (scanned !== void 0 && scanned.end === text.length) return scanned.value;
  const error = malformed("a PAX record with a value that is not a number");
  if (text !== "") throw error;
  reject(error, old);
  return void 0;
}
function readMtime(text, into, reject) {
  into.mtime = text === "" ? void 0 : scanTime(text);
  into.oldMtime = scanOldTime(text);
  if (text !== "" && into.mtime === void 0) reject(notATime(), modern);
  if (into.oldMtime === void 0) reject(notATime(), old);
}
function notATime() {
  return malformed("a PAX mtime that is not a time");
}

// src/convert/erofs/native/image/xxh32.ts
var PRIME = [2654435761, 2246822519, 3266489917, 668265263, 374761393];
var [P1, P2, P3, P4, P5] = PRIME;
var rotate = (value, by) => value << by | value >>> 32 - by;
var round = (accumulator, input) => Math.imul(rotate(accumulator + Math.imul(input, P2) | 0, 13), P1);
function xxh32(bytes, start, end, seed) {
  let at = start;
  let hash = seed + P5 | 0;
  if (end - start >= 16) {
    let first = seed + P1 + P2 | 0;
    let second = seed + P2 | 0;
    let third = seed | 0;
    let fourth = seed - P1 | 0;
    for (; at + 16 <= end; at += 16) {
      first = round(first, bytes.readUInt32LE(at));
      second = round(second, bytes.readUInt32LE(at + 4));
      third = round(third, bytes.readUInt32LE(at + 8));
      fourth = round(fourth, bytes.readUInt32LE(at + 12));
    }
    hash = rotate(first, 1) + rotate(second, 7) + rotate(third, 12) + rotate(fourth, 18) | 0;
  }
  hash = hash + end - start | 0;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(rotate(hash + Math.imul(bytes.readUInt32LE(at), P3) | 0, 17), P4);
  }
  for (; at < end; at++) {
    hash = Math.imul(rotate(hash + Math.imul(bytes.readUInt8(at), P5) | 0, 11), P1);
  }
  hash = Math.imul(hash ^ hash >>> 15, P2);
  hash = Math.imul(hash ^ hash >>> 13, P3);
  return (hash ^ hash >>> 16) >>> 0;
}

// src/convert/erofs/native/image/xattrs.ts
var PREFIXES = [
  { index: 1, prefix: "user." },
  { index: 2, prefix: "system.posix_acl_access" },
  { index: 3, prefix: "system.posix_acl_default" },
  { index: 4, prefix: "trusted." },
  { index: 6, prefix: "security." }
];
var HEADER = 12;
var ENTRY = 4;
var FILTER_SEED = 633069711;
function prefixLength(name) {
  return PREFIXES.find(({ prefix }) => name.startsWith(prefix))?.prefix.length ?? 0;
}
function prefixOf(xattrs, position) {
  const page = xattrs.page(position);
  const start = xattrs.name(position);
  const nameLength = xattrs.nameLength(position);
  for (const { index, prefix } of PREFIXES) {
    if (prefix.length <= nameLength && startsWith(page, start, prefix))
      return { index, length: prefix.length };
  }
  return { index: 0, length: 0 };
}
function startsWith(page, start, prefix) {
  for (let at = 0; at < prefix.length; at++) if (page[start + at] !== prefix.charCodeAt(at)) return false;
  return true;
}
var aligned = (size) => Math.ceil(size / 4) * 4;
function xattrSize(xattrs) {
  if (xattrs.length === 0) return 0;
  let size = HEADER;
  for (const position of xattrs.order) size = aligned(size + entrySize(xattrs, position));
  return size;
}
function entrySize(xattrs, position) {
  const suffix = xattrs.nameLength(position) - prefixOf(xattrs, position).length;
  return ENTRY + suffix + xattrs.valueLength(position);
}
function xattrCount(size) {
  return size === 0 ? 0 : (size - HEADER) / 4 + 1 & 65535;
}
function nameFilter(xattrs) {
  let used = 0;
  for (const position of xattrs.order) {
    const { index, length } = prefixOf(xattrs, position);
    const start = xattrs.name(position);
    const hash = xxh32(
      xattrs.page(position),
      start + length,
      start + xattrs.nameLength(position),
      FILTER_SEED + index
    );
    used |= 1 << (hash & 31);
  }
  return ~used >>> 0;
}
function writeXattrs(xattrs, target, start) {
  target.writeUInt32LE(nameFilter(xattrs), start);
  let at = start + HEADER;
  for (const position of xattrs.order) {
    const { index, length } = prefixOf(xattrs, position);
    const page = xattrs.page(position);
    const suffix = xattrs.name(position) + length;
    const suffixLength = xattrs.nameLength(position) - length;
    const value = xattrs.value(position);
    const valueLength = xattrs.valueLength(position);
    target.writeUInt8(suffixLength & 255, at);
    target.writeUInt8(index, at + 1);
    target.writeUInt16LE(valueLength & 65535, at + 2);
    page.copy(target, at + ENTRY, suffix, suffix + suffixLength);
    page.copy(target, at + ENTRY + suffixLength, value, value + valueLength);
    at = start + aligned(at - start + ENTRY + suffixLength + valueLength);
  }
}

// src/convert/tar/pax/xattr.ts
var MAX_NAME = 255;
var MAX_VALUE = 65535;
function nameAndValue({ pair: pair2, nameLength }) {
  if (nameLength === 0) return void 0;
  const name = pair2.slice(0, nameLength);
  const end = name.indexOf("\0");
  return { name: end === -1 ? name : name.slice(0, end), value: pair2.slice(nameLength + 1) };
}
function damageOf({ pair: pair2, nameLength }) {
  if (nameLength === 0) return "extended attribute without a name: dropped";
  const mixed = pair2[nameLength] !== "=";
  if (!mixed && nameLength <= MAX_NAME && pair2.length - nameLength - 1 <= MAX_VALUE) return void 0;
  const name = printable(pair2.slice(0, Math.min(nameLength, 80)));
  return `extended attribute ${name}: ${mixed ? "mixed with another" : "too long"}, damaged`;
}
function storedSizeOf({ pair: pair2, nameLength }) {
  return Math.ceil((4 + pair2.length - 1 - prefixLength(pair2.slice(0, nameLength))) / 4) * 4;
}

// src/convert/tar/pax/xattr-list.ts
var MAX_AMBIGUOUS = 1e3;
var XattrList = class _XattrList {
  #items = [];
  #byName = /* @__PURE__ */ new Map();
  /** Some name contains a `=` or NUL, and may match a part of another name or value. */
  #ambiguous = false;
  #overflown = false;
  #damaged = /* @__PURE__ */ new Set();
  #storedSize = 0;
  get size() {
    return this.#items.length;
  }
  /** The attributes that mkfs.erofs damages. */
  get damaged() {
    return this.#damaged;
  }
  /** Bytes of all attributes in an inode. */
  get storedSize() {
    return this.#storedSize;
  }
  /** Whether names must be compared one by one. */
  get ambiguous() {
    return this.#ambiguous;
  }
  has(name) {
    return this.#byName.has(name);
  }
  /**
   * Sets an attribute; one with the same name is replaced, or kept if `keep`.
   *
   * mkfs.erofs compares names as C strings together with the `=`, so that a percent-decoded name with a
   * `=` or NUL in it replaces a part of another attribute; its result is undefined where that one is
   * too short. [erofs-utils, lib/tar.c, tarerofs_insert_xattr]
   */
  set({ pair: pair2, nameLength }, keep = false) {
    const name = pair2.slice(0, nameLength);
    this.#ambiguous ||= /[=\0]/.test(name);
    if (this.#ambiguous && this.#items.length > MAX_AMBIGUOUS) return this.#overflow();
    const found = this.#ambiguous ? this.#findAmbiguous(pair2, nameLength + 1) : this.#byName.get(name);
    if (found === void 0) {
      const item = { pair: pair2, nameLength };
      this.#items.push(item);
      this.#byName.set(name, item);
      this.#examine(item);
    } else if (!keep) {
      this.#storedSize -= storedSizeOf(found);
      found.pair = found.pair.slice(0, nameLength) + pair2.slice(nameLength);
      this.#examine(found);
      if (found.pair.length <= found.nameLength) return "undefined result";
    }
    return "set";
  }
  copy() {
    const list = new _XattrList();
    const copies = /* @__PURE__ */ new Map();
    for (const item of this.#items) {
      const copy = { ...item };
      copies.set(item, copy);
      list.#items.push(copy);
    }
    for (const [name, item] of this.#byName) list.#byName.set(name, copies.get(item) ?? item);
    for (const item of this.#damaged) list.#damaged.add(copies.get(item) ?? item);
    list.#ambiguous = this.#ambiguous;
    list.#overflown = this.#overflown;
    list.#storedSize = this.#storedSize;
    return list;
  }
  #examine(item) {
    this.#storedSize += storedSizeOf(item);
    if (damageOf(item) === void 0) this.#damaged.delete(item);
    else this.#damaged.add(item);
  }
  /** Reports the excess once. */
  #overflow() {
    if (this.#overflown) return "set";
    this.#overflown = true;
    return "too many";
  }
  /** The first attribute that `strncmp` over `length` bytes finds equal to `pair`. */
  #findAmbiguous(pair2, length) {
    const nul = pair2.indexOf("\0");
    const start = pair2.slice(0, nul !== -1 && nul < length ? nul + 1 : length);
    return this.#items.find((item) => item.pair.startsWith(start) || `${item.pair}\0` === start);
  }
  [Symbol.iterator]() {
    return this.#items.values();
  }
};

// src/convert/tar/entry-fields.ts
var UID_FIELD = 108;
var GID_FIELD = 116;
var TIME_FIELD = 136;
var NO_DEVICE = { major: 0, minor: 0, deviceFits: true };
var NO_XATTRS = new XattrList();
function readEntry(block, context, reject) {
  const { flag, path, size, dataOffset, overrides } = context;
  const permissions = octal(block, 100, 8);
  if (permissions === void 0) throw malformed("a mode that is not a number");
  const owner = {
    uid: overrides.uid ?? ownerField(block, UID_FIELD),
    gid: overrides.gid ?? ownerField(block, GID_FIELD)
  };
  const timed = overrides.mtime !== void 0 || overrides.oldMtime !== void 0;
  const seconds = timed ? 0n : number(block, TIME_FIELD, 12);
  if (seconds === void 0) throw malformed("a time that is not a number");
  const headerTime = { seconds, nanoseconds: 0 };
  rejectNegative(block, overrides, timed, reject);
  const isDevice = flag === "3" || flag === "4";
  const device = isDevice ? deviceFields(block) : NO_DEVICE;
  if (device === void 0) return void 0;
  if (isDevice && (isNegativeBase256(block, MAJOR_FIELD) || isNegativeBase256(block, MINOR_FIELD))) {
    reject(unsupported("it has a negative device number"), ({ noNegativeNumbers }) => noNegativeNumbers);
  }
  const link = flag === "1" || flag === "2";
  const target = link ? overrides.link ?? textField(block, 157, 100) : "";
  return {
    path,
    oldPath: overrides.emptyPath && overrides.path === void 0 ? "" : path,
    hardLink: flag === "1",
    target,
    oldTarget: overrides.emptyLink && overrides.link === void 0 ? "" : target,
    mode: typeOf(flag) | permissions & 4095,
    size: Number(size),
    ...owner,
    mtime: overrides.mtime ?? headerTime,
    oldMtime: overrides.oldMtime ?? headerTime,
    ...device,
    dataOffset: Number(dataOffset),
    ...xattrsOf(context),
    sparsePath: overrides.sparse ? overrides.sparsePath ?? path : void 0
  };
}
function rejectNegative(block, { uid, gid }, timed, reject) {
  const negative = uid === void 0 && isNegativeBase256(block, UID_FIELD) || gid === void 0 && isNegativeBase256(block, GID_FIELD) || !timed && isNegativeBase256(block, TIME_FIELD);
  if (!negative) return;
  reject(malformed("an owner or a time that is not a number"), ({ noNegativeNumbers }) => noNegativeNumbers);
}
function ownerField(block, start) {
  const value = number(block, start, 8);
  if (value === void 0) throw malformed("an owner that is not a number");
  return toUint(value);
}
function typeOf(flag) {
  switch (flag) {
    case "2":
      return TYPE.link;
    case "3":
      return TYPE.char;
    case "4":
      return TYPE.block;
    case "5":
      return TYPE.directory;
    case "6":
      return TYPE.fifo;
    default:
      return TYPE.file;
  }
}
function xattrsOf({ flag, overrides, global }) {
  if (flag === "1") return { xattrs: NO_XATTRS, reversedXattrs: NO_XATTRS };
  if (global.reversedXattrs !== global.xattrs) separateXattrs(overrides);
  return {
    xattrs: withGlobal(overrides.xattrs, global.xattrs),
    reversedXattrs: withGlobal(overrides.reversedXattrs, global.reversedXattrs)
  };
}
function withGlobal(own, global) {
  if (global.size === 0) return own;
  return {
    [Symbol.iterator]: () => {
      for (const xattr of global) own.set(xattr, true);
      return own[Symbol.iterator]();
    }
  };
}

// src/convert/tar/handler.ts
var nothing = () => void 0;
function observer(callbacks) {
  return {
    alive: () => true,
    reject: nothing,
    entry: (entry) => hasData(entry, entry.path),
    data: nothing,
    dataEnd: nothing,
    volumeName: nothing,
    dropped: nothing,
    ...callbacks
  };
}
function afterTheEnd(handler) {
  const dropped = (name) => handler.dropped(name, "after an invalid device number: dropped");
  return observer({
    dropped,
    entry: (entry) => {
      dropped(entry.sparsePath ?? entry.path);
      return hasData(entry, entry.path);
    }
  });
}

// src/convert/tar/losses.ts
var MAX_XATTRS = 4 * 65534;
var NAMELESS = /(^|\/)\.wh\.$/;
var DOTS = /(^|\/)\.wh\.\.{1,2}$/;
function lossesOf(entry, own, global) {
  const role = roleOf(entry.path);
  if (role === "opaque marker") return [];
  if (entry.hardLink && role === "ordinary") return [];
  const found = role === "whiteout" ? whiteoutLosses(entry) : ordinaryLosses(entry);
  if (entry.hardLink) return found;
  const damage = xattrDamage(own, global);
  return damage === void 0 ? found : [...found, damage];
}
function whiteoutLosses({ path, size, hardLink }) {
  if (NAMELESS.test(path)) return ["whiteout without a name: its directory is unreadable"];
  if (DOTS.test(path)) return ["whiteout of . or ..: dropped"];
  if (hardLink) return ["hard link named like a whiteout: hides nothing"];
  return size > 0 ? ["whiteout with data: hides nothing"] : [];
}
function ordinaryLosses({ mode, size, deviceFits, sparsePath }) {
  const type = mode & TYPE.mask;
  if (type === TYPE.fifo && size > 0) return ["FIFO with data: the data is dropped"];
  const device = type === TYPE.char || type === TYPE.block;
  if (device && size > 0) return ["device with data: its device number is lost"];
  if (!deviceFits) return ["device number of more than 12 and 20 bits: altered"];
  if (type === TYPE.file && sparsePath !== void 0) {
    return ["PAX sparse file: stored with its sparse map, not expanded"];
  }
  return [];
}
function xattrDamage(own, global) {
  for (const xattr of own.damaged) return damageOf(xattr);
  for (const xattr of global.damaged) {
    if (!own.has(xattr.pair.slice(0, xattr.nameLength))) return damageOf(xattr);
  }
  if (own.storedSize + global.storedSize <= MAX_XATTRS) return void 0;
  return `extended attributes of more than ${MAX_XATTRS} bytes: damaged`;
}

// src/convert/tar/pax/override-state.ts
function noOverrides() {
  const xattrs = new XattrList();
  return {
    path: void 0,
    link: void 0,
    nulInPath: false,
    emptyPath: false,
    emptyLink: false,
    size: void 0,
    uid: void 0,
    gid: void 0,
    mtime: void 0,
    oldMtime: void 0,
    xattrs,
    reversedXattrs: xattrs,
    sparse: false,
    sparsePath: void 0
  };
}
var OverrideState = class {
  global = noOverrides();
  current = noOverrides();
  /**
   * Applies the data of an extended header with typeflag `x`, `g`, `L` or `K`.
   * @throws VeritySignError 'image' for data that every release refuses
   * [erofs-utils, lib/tar.c, tarerofs_parse_tar]
   */
  apply(flag, data, reject) {
    if (flag === "x") {
      readPax(data, this.current, reject);
    } else if (flag === "g") {
      readPax(data, this.global, reject);
      this.current.path = this.global.path ?? this.current.path;
      this.current.link = this.global.link ?? this.current.link;
    } else {
      const nul = data.indexOf(0);
      const text = data.toString("latin1", 0, nul === -1 ? data.length : nul);
      this.current[flag === "L" ? "path" : "link"] = text;
      if (flag === "L") this.current.nulInPath = false;
    }
  }
  /** Rejects attributes that would take quadratic time to join, name by name, with the global ones. */
  limitXattrs(reject) {
    for (const kind of ["xattrs", "reversedXattrs"]) {
      const own = this.current[kind];
      const global = this.global[kind];
      if (global.size === 0 || !(own.ambiguous || global.ambiguous)) continue;
      if (own.size + global.size > MAX_AMBIGUOUS) reject(tooManyXattrs(), everyRelease);
    }
  }
  /** The next entry begins with the global values. */
  endEntry() {
    const { xattrs, reversedXattrs } = noOverrides();
    this.current = { ...this.global, xattrs, reversedXattrs };
  }
};

// src/convert/tar/reused-buffer.ts
var ReusedBuffer = class {
  #buffer = Buffer.alloc(0);
  #length = 0;
  /** What was appended since it was cleared; overwritten afterwards. */
  get bytes() {
    return this.#buffer.subarray(0, this.#length);
  }
  clear() {
    this.#length = 0;
  }
  /** Appends the bytes of a chunk from `start` up to `end`. */
  append(chunk, start, end) {
    const length = this.#length + end - start;
    if (length > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#length, start, end);
    this.#length = length;
  }
};

// src/convert/tar/reader.ts
var MAX_EXTENSION = 8 * 1024 * 1024;
var MAX_PAX = 0xffffffffn;
var MAX_NAME2 = 4096n;
var MAX_OLD_PAX = 32768n;
var PADDING = BigInt(TAR_BLOCK);
var SIZE_FIELD = 124;
var KNOWN_TYPES = "01234567";
var EXTENSIONS = "xgLK";
var TarReader = class {
  #handler;
  #overrides = new OverrideState();
  #state = "header";
  /** Offset in the tar, by the declared sizes. */
  #position = 0n;
  /** Where mkfs.erofs stopped reading, if it did so before the end of the tar. */
  #stoppedAt;
  /** Bytes to skip before the next header. */
  #padding = 0;
  #block = Buffer.alloc(TAR_BLOCK);
  #filled = 0;
  /** A first zero block has come since the last entry. */
  #zeroBlock = false;
  /** The typeflag of the extended header whose data is being read, and that data; '' if it is skipped. */
  #flag = "";
  #data = new ReusedBuffer();
  /** Bytes that belong to the state, and those of them that are still to come. */
  #wanted = 0;
  #left = 0;
  /** Of the last entry, for a message. */
  #name = "";
  constructor(handler) {
    this.#handler = handler;
  }
  /** Bytes that the tar has by its headers, as far as mkfs.erofs reads it; complete after `end`. */
  get position() {
    return this.#stoppedAt ?? this.#position;
  }
  push(chunk) {
    this.#guard(() => {
      for (let at = 0; at < chunk.length && this.#state !== "end"; ) {
        at = this.#take(chunk, at);
        if (!this.#handler.alive()) this.#state = "end";
      }
    });
  }
  /** Ends the tar: no more bytes follow. */
  end() {
    this.#guard(() => {
      if (this.#state === "end") return;
      this.#checkEnd();
      const ended = this.#state === "extension" && this.#left < this.#wanted;
      if (!ended)
        this.#handler.reject(malformed("the end-of-archive marker is missing"), ({ needsEnd }) => needsEnd);
      this.#state = "end";
    });
  }
  /** An error that is thrown ends the tar for every release. */
  #guard(work) {
    try {
      work();
    } catch (error) {
      if (!(error instanceof VeritySignError)) throw error;
      this.#state = "end";
      this.#handler.reject(error, everyRelease);
    }
  }
  #checkEnd() {
    const { dropped } = this.#handler;
    if (this.#state === "data") {
      dropped(this.#name, "its data is cut: the file is incomplete");
      throw cutData();
    }
    if (this.#state === "extension") {
      if (this.#flag === "L" || this.#flag === "K") throw malformed("a GNU long name is cut");
      if (this.#left < this.#wanted) dropped("(the last PAX header)", "incomplete: dropped");
      else if (this.#wanted % TAR_BLOCK !== 0) throw malformed("a PAX header is cut");
    }
    if (this.#state === "ignored" && this.#position % PADDING !== 0n) {
      throw malformed("the last entry is cut");
    }
    if (this.#padding > 0) throw malformed("the padding behind a file is cut");
    if (this.#block.subarray(0, this.#filled).some((byte) => byte !== 0)) {
      dropped("(the last header)", "incomplete: dropped");
    }
  }
  /** Reads bytes from `at` on and returns where it stopped. */
  #take(chunk, at) {
    if (this.#state === "header") return this.#takeHeader(chunk, at);
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    if (this.#state === "data") this.#handler.data(chunk.subarray(at, end));
    else if (this.#state === "extension" && this.#flag !== "") this.#data.append(chunk, at, end);
    if (this.#left === 0) this.#complete();
    return end;
  }
  #takeHeader(chunk, at) {
    const skipped = Math.min(this.#padding, chunk.length - at);
    this.#padding -= skipped;
    const start = at + skipped;
    if (this.#filled === 0 && chunk.length - start >= TAR_BLOCK) {
      const end2 = start + TAR_BLOCK;
      this.#header(chunk.subarray(start, end2));
      return end2;
    }
    const end = Math.min(chunk.length, start + TAR_BLOCK - this.#filled);
    chunk.copy(this.#block, this.#filled, start, end);
    this.#filled += end - start;
    if (this.#filled === TAR_BLOCK) {
      this.#filled = 0;
      this.#header(this.#block);
    }
    return end;
  }
  #header(block) {
    this.#handler.header?.(block);
    this.#position += PADDING;
    const kind = blockKind(block);
    if (kind === "zero") {
      if (this.#zeroBlock) this.#state = "end";
      this.#zeroBlock = true;
      return;
    }
    if (kind !== "header") throw malformed(`a header with a ${kind}`);
    const flag = block.toString("latin1", 156, 157);
    if (flag === "V") {
      this.#handler.volumeName(block.subarray(0, 16));
      return;
    }
    if (block.toString("latin1", 257, 262) !== "ustar") throw malformed("a header that is not ustar");
    const size = this.#overrides.current.size ?? this.#sizeField(block);
    if (size < 0n) {
      this.#handler.reject(unsupported("it has a negative size"), ({ negativeSizes }) => negativeSizes);
      throw malformed("a negative size");
    }
    const dataOffset = this.#position;
    this.#position += size;
    if (EXTENSIONS.includes(flag)) this.#extend(flag, size);
    else if (KNOWN_TYPES.includes(flag)) this.#entry(block, flag, size, dataOffset);
    else this.#ignore(this.#nameOf(block), size, `typeflag ${flag === "\0" ? "NUL" : flag}: dropped`);
  }
  #sizeField(block) {
    const size = number(block, SIZE_FIELD, 12);
    if (size === void 0) throw malformed("a size that is not a number");
    if (isNegativeBase256(block, SIZE_FIELD)) {
      this.#handler.reject(
        malformed("a size that is not a number"),
        ({ noNegativeNumbers }) => noNegativeNumbers
      );
    }
    return size;
  }
  #extend(flag, size) {
    const { reject } = this.#handler;
    if (flag === "L" || flag === "K") {
      if (size > MAX_NAME2) {
        const error = malformed(`a GNU long name of more than ${MAX_NAME2} bytes`);
        reject(error, ({ oldEntries }) => flag === "K" || !oldEntries);
      }
    } else {
      if (size >= MAX_PAX) throw malformed("a PAX header of more than 4 GiB");
      if (size > MAX_OLD_PAX) {
        reject(malformed(`a PAX header of more than ${MAX_OLD_PAX} bytes`), ({ oldPax }) => oldPax);
      }
    }
    const tooLarge = size > MAX_EXTENSION;
    if (tooLarge)
      reject(unsupported(`it has an extended header of more than ${MAX_EXTENSION} bytes`), everyRelease);
    this.#flag = tooLarge ? "" : flag;
    this.#data.clear();
    this.#expect("extension", size);
  }
  /** Skips an entry that mkfs.erofs does not store. */
  #ignore(name, size, what) {
    this.#handler.dropped(name, what);
    this.#handler.content?.(name, paddedSize(size));
    this.#endEntry();
    this.#expect("ignored", size);
  }
  #entry(block, flag, size, dataOffset) {
    const path = this.#path(block);
    const { current: overrides, global } = this.#overrides;
    const entry = readEntry(block, { flag, path, size, dataOffset, overrides, global }, this.#handler.reject);
    if (entry === void 0) {
      this.#ignore(this.#nameOf(block), size, "invalid device number: dropped with all that follows");
      this.#stop(dataOffset + size);
      return;
    }
    this.#overrides.limitXattrs(this.#handler.reject);
    const losses = [
      ...overrides.nulInPath ? ["NUL in its PAX path: the rest of the name is undefined"] : [],
      ...lossesOf(entry, overrides.xattrs, global.xattrs)
    ];
    if (losses.length > 0) this.#handler.dropped(entry.sparsePath ?? path, losses.join("; "));
    this.#name = entry.sparsePath ?? path;
    const consumes = this.#handler.entry(entry);
    this.#handler.content?.(path, consumes ? paddedSize(size) : paddedSize(size) - Number(size));
    this.#endEntry();
    if (consumes) this.#expect("data", size);
    else this.#pad();
  }
  /** mkfs.erofs stops at this position, as if the tar were complete. What follows is only counted. */
  #stop(position) {
    if (this.#stoppedAt !== void 0) return;
    this.#stoppedAt = position;
    this.#handler = afterTheEnd(this.#handler);
  }
  #path(block) {
    const { path } = this.#overrides.current;
    if (path !== void 0) return path;
    const full = headerPath(block);
    return full === "" ? "." : strippedPath(full, this.#handler.reject);
  }
  /** The name of an entry for a message. */
  #nameOf(block) {
    const { sparsePath, path } = this.#overrides.current;
    return (sparsePath ?? path ?? headerPath(block)) || "(no name)";
  }
  #endEntry() {
    this.#overrides.endEntry();
    this.#zeroBlock = false;
  }
  /** Reads `size` bytes in `state`, then the padding behind them. */
  #expect(state, size) {
    this.#state = state;
    this.#wanted = Number(size);
    this.#left = this.#wanted;
    if (this.#left === 0) this.#complete();
  }
  /** All bytes of the state have come. */
  #complete() {
    const state = this.#state;
    this.#state = "header";
    this.#pad();
    if (state === "data") this.#handler.dataEnd();
    else if (state === "extension") this.#apply(this.#data.bytes);
  }
  #pad() {
    this.#padding = Number((PADDING - this.#position % PADDING) % PADDING);
    this.#position += BigInt(this.#padding);
  }
  #apply(data) {
    this.#handler.header?.(data);
    if (this.#flag !== "") this.#overrides.apply(this.#flag, data, this.#handler.reject);
  }
};
function paddedSize(size) {
  return Number((size + PADDING - 1n) / PADDING * PADDING);
}

// src/convert/tar/dropped.ts
var MAX_EXAMPLES = 10;
var DroppedList = class {
  #count = 0;
  #examples = [];
  /** @param name latin1 */
  add = (name, what) => {
    this.#count += 1;
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(`${printable(name)} (${what})`);
  };
  result() {
    return { count: this.#count, examples: [...this.#examples] };
  }
};

// src/convert/tar/facts.ts
var TarFactsCollector = class {
  #dropped = new DroppedList();
  #times = { count: 0, differing: 0 };
  dropped = this.#dropped.add;
  entry({ mtime, oldMtime }) {
    if (mtime.nanoseconds === 0 && oldMtime.nanoseconds === 0) return;
    this.#times.count += 1;
    if (mtime.nanoseconds !== oldMtime.nanoseconds || mtime.seconds !== oldMtime.seconds) {
      this.#times.differing += 1;
    }
  }
  result() {
    return { dropped: this.#dropped.result(), fractionalTimes: { ...this.#times } };
  }
};
var TarFactsObserver = class {
  #facts = new TarFactsCollector();
  #reader = new TarReader(
    observer({
      dropped: this.#facts.dropped,
      entry: (entry) => {
        this.#facts.entry(entry);
        return hasData(entry, entry.path);
      }
    })
  );
  push(chunk) {
    this.#reader.push(chunk);
  }
  /** Ends the tar. */
  result() {
    this.#reader.end();
    return this.#facts.result();
  }
};

export {
  malformed,
  notForErofs,
  REAL_PATHS,
  undefinedResult,
  unsupported,
  printable,
  TYPE,
  WHITEOUT,
  OPAQUE,
  hasData,
  observer,
  deviceNumber,
  oldDeviceNumber,
  TAR_BLOCK,
  prefixLength,
  xattrSize,
  xattrCount,
  nameFilter,
  writeXattrs,
  nameAndValue,
  TarReader,
  TarFactsCollector,
  TarFactsObserver,
  pieces
};
