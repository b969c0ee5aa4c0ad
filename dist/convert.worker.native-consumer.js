import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  crc32cRegister
} from "./shared.lib.crc32c.js";
import {
  ALGORITHM,
  BlockDigester,
  DIGEST_SIZE,
  SALT
} from "./shared.convert.verity.block-digester.js";
import {
  PROFILES,
  RELEASES,
  RULES,
  knowsOptions
} from "./shared.convert.erofs.native.known-options.js";
import {
  releasePiece
} from "./shared.convert.blob.buffer-ownership.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

// src/convert/erofs/native/failures.ts
var REBUILD = "Build this layer again; no node can unpack it into EROFS either";
function malformed(what) {
  return new VeritySignError("image", `the layer's tar is malformed: ${what}`, { remedy: REBUILD });
}
function undefinedResult(what) {
  return new VeritySignError("image", `the layer makes mkfs.erofs use memory that is not its own: ${what}`, {
    remedy: "Build this layer again without that; nodes may disagree about it"
  });
}
function unsupported(what) {
  return new VeritySignError("environment", `the native builder does not take this layer: ${what}`, {
    remedy: "Use the builder mkfs for it"
  });
}
function printable(name) {
  const text = Buffer.from(name.slice(0, 1024), "latin1").toString("utf8");
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "�");
}

// src/convert/tar/dropped.ts
var MOST_EXAMPLES = 10;
var DroppedList = class {
  #count = 0;
  #examples = [];
  add = (name, what) => {
    this.#count += 1;
    if (this.#examples.length < MOST_EXAMPLES) this.#examples.push(`${printable(name)} (${what})`);
  };
  result() {
    return { count: this.#count, examples: [...this.#examples] };
  }
};

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

// src/convert/tar/header.ts
var TAR_BLOCK = 512;
function blockKind(block) {
  const field2 = octal(block, 148, 8);
  if (field2 === void 0) return block.readUInt8(0) === 0 ? "zero" : "bad checksum field";
  let sum = 8 * 32;
  let negative = 0;
  for (let at = 0; at < 500; at++) {
    if (at === 148) at = 156;
    const byte = block[at];
    sum += byte;
    negative += byte & 128;
  }
  const said = field2 >>> 0;
  if (said === sum || said === sum - 2 * negative >>> 0) return "header";
  return block.readUInt8(0) === 0 ? "zero" : "bad checksum";
}
function field(block, start, length) {
  const nul = block.indexOf(0, start);
  return block.toString("latin1", start, nul === -1 || nul > start + length ? start + length : nul);
}
function headerPath(block) {
  const name = field(block, 0, 100);
  if (block.readUInt8(345) === 0) return name;
  const prefix = field(block, 345, 155);
  return prefix.endsWith("/") ? prefix + name : `${prefix}/${name}`;
}

// src/convert/tar/entry-fields.ts
function readEntry(block, context) {
  const { flag, path, size, dataOffset, overrides } = context;
  const permissions = octal(block, 100, 8);
  if (permissions === void 0) throw malformed("a mode that is no number");
  const owner = { uid: overrides.uid ?? fieldUint(block, 108), gid: overrides.gid ?? fieldUint(block, 116) };
  const timed = overrides.mtime !== void 0 || overrides.oldMtime !== void 0;
  const seconds = timed ? 0n : number(block, 136, 12);
  if (seconds === void 0) throw malformed("a time that is no number");
  const headerTime = { seconds, nanoseconds: 0 };
  const device = flag === "3" || flag === "4";
  const major = device ? number(block, 329, 8) : 0n;
  const minor = device ? number(block, 337, 8) : 0n;
  if (major === void 0 || minor === void 0) return void 0;
  const link = flag === "1" || flag === "2";
  const target = link ? overrides.link ?? field(block, 157, 100) : "";
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
    major: toInt(major),
    minor: toInt(minor),
    dataOffset: Number(dataOffset),
    ...xattrsOf(context)
  };
}
function fieldUint(block, start) {
  const value = number(block, start, 8);
  if (value === void 0) throw malformed("an owner that is no number");
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
  const { xattrs, reversedXattrs } = overrides;
  if (flag === "1") return { xattrs: [], reversedXattrs: [] };
  for (const xattr of global.xattrs) xattrs.set(xattr, true);
  for (const xattr of global.reversedXattrs) reversedXattrs.set(xattr, true);
  return { xattrs, reversedXattrs };
}
function mistreated({ flag, size, overrides }) {
  const found = [];
  if ("346".includes(flag) && size > 0n) found.push("device or FIFO with data: its device number is lost");
  if ("07".includes(flag) && overrides.sparse) {
    found.push("PAX sparse file: stored with its sparse map, not expanded");
  }
  const tooLong = ({ pair: pair2, nameLength }) => nameLength > 255 || pair2.length - nameLength - 1 > 65535;
  const cut = [...overrides.xattrs].find(tooLong);
  if (cut !== void 0 && flag !== "1") {
    const name = cut.pair.slice(0, Math.min(cut.nameLength, 80));
    found.push(`extended attribute ${name}: too long, damaged`);
  }
  return found;
}

// src/convert/tar/mkfs-base64.ts
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
function decode(text, join2, from) {
  const { body, padding } = unpadded(text);
  const rest = { value: 0, bits: 0 };
  const bytes = [];
  for (const letter of body) {
    const sextet = ALPHABET.indexOf(letter);
    if (sextet === -1) return void 0;
    rest.value = join2(rest, sextet);
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

// src/convert/tar/xattr-list.ts
var XattrList = class {
  #items = [];
  #byName = /* @__PURE__ */ new Map();
  /** Some name has a `=` or NUL in it, and may be taken for a part of another. */
  #odd = false;
  /**
   * Sets an attribute; one that seems to have the same name is replaced, or kept if `keep`.
   *
   * The names are compared as C strings together with the `=`, so that an odd name (percent-decoded,
   * with a `=` or NUL inside) replaces a part of another. [erofs-utils, lib/tar.c, tarerofs_insert_xattr]
   */
  set({ pair: pair2, nameLength }, keep = false) {
    const name = pair2.slice(0, nameLength);
    this.#odd ||= /[=\0]/.test(name);
    const found = this.#odd ? this.#items.find((item) => sameName(item.pair, pair2, nameLength + 1)) : this.#byName.get(name);
    if (found === void 0) {
      const item = { pair: pair2, nameLength };
      this.#items.push(item);
      this.#byName.set(name, item);
    } else if (!keep) {
      found.pair = found.pair.slice(0, nameLength) + pair2.slice(nameLength);
      if (found.pair.length <= found.nameLength) throw undefinedResult("extended attributes with odd names");
    }
  }
  [Symbol.iterator]() {
    return this.#items.values();
  }
};
function sameName(left, right, length) {
  const end = right.indexOf("\0");
  const compared = end !== -1 && end < length ? end + 1 : length;
  if (left.length < compared) return `${left}\0` === right.slice(0, compared);
  return left.slice(0, compared) === right.slice(0, compared);
}
function nameAndValue({ pair: pair2, nameLength }) {
  if (nameLength === 0) return void 0;
  const name = pair2.slice(0, nameLength);
  const end = name.indexOf("\0");
  return { name: end === -1 ? name : name.slice(0, end), value: pair2.slice(nameLength + 1) };
}

// src/convert/tar/pax.ts
function noOverrides() {
  return {
    path: void 0,
    link: void 0,
    emptyPath: false,
    emptyLink: false,
    size: void 0,
    uid: void 0,
    gid: void 0,
    mtime: void 0,
    oldMtime: void 0,
    xattrs: new XattrList(),
    reversedXattrs: new XattrList(),
    sparse: false
  };
}
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
    readRecord(record.slice(0, equals), record.slice(equals + 1), into, reject);
    at = end;
  }
}
function strippedPath(text, reject) {
  let end = text.length;
  while (text[end - 1] === "/") end -= 1;
  if (end === 0) reject(undefinedResult("a path of slashes alone"), ({ earlyDots }) => earlyDots);
  return text.slice(0, end);
}
var SCHILY = "SCHILY.xattr.";
var LIBARCHIVE = "LIBARCHIVE.xattr.";
function readRecord(key, value, into, reject) {
  const nul = value.indexOf("\0");
  const text = nul === -1 ? value : value.slice(0, nul);
  if (key === "path") {
    if (nul > 0) throw undefinedResult("a path with a NUL inside");
    into.emptyPath = text === "";
    into.path = text === "" ? void 0 : strippedPath(text, reject);
  } else if (key === "linkpath") {
    into.emptyLink = text === "";
    into.link = text === "" ? void 0 : text;
  } else if (key === "mtime") {
    readMtime(text, into, reject);
  } else if (key === "size") {
    into.size = readNumber(text, reject);
    if ((into.size ?? 0n) < 0n) throw malformed("a negative size in a PAX header");
  } else if (key === "uid" || key === "gid") {
    const value2 = readNumber(text, reject);
    into[key] = value2 === void 0 ? void 0 : toUint(value2);
  } else if (key.startsWith(SCHILY)) {
    const xattr = pair(key.slice(SCHILY.length), value);
    into.xattrs.set(xattr);
    into.reversedXattrs.set(xattr);
  } else if (key.startsWith(LIBARCHIVE)) {
    const name = decodePercent(key.slice(LIBARCHIVE.length));
    const decoded = decodeBase64(value);
    const reversed = decodeBase64Reversed(value);
    const bad = malformed("an extended attribute that is not base64");
    if (decoded === void 0) reject(bad, ({ reversedBase64 }) => !reversedBase64);
    else into.xattrs.set(pair(name, decoded));
    if (reversed === void 0) reject(bad, ({ reversedBase64 }) => reversedBase64);
    else into.reversedXattrs.set(pair(name, reversed));
  } else if (key.startsWith("GNU.sparse.")) {
    into.sparse = true;
  }
}
function pair(name, value) {
  return { pair: `${name}=${value}`, nameLength: name.length };
}
function readNumber(text, reject) {
  const scanned = scanDecimal(text, 0);
  if (scanned !== void 0 && scanned.end === text.length) return scanned.value;
  const bad = malformed("a PAX record that is no number");
  if (text !== "") throw bad;
  reject(bad, old);
  return void 0;
}
function readMtime(text, into, reject) {
  const bad = malformed("a PAX mtime that is no time");
  into.mtime = text === "" ? void 0 : scanTime(text);
  if (text !== "" && into.mtime === void 0) reject(bad, modern);
  into.oldMtime = scanOldTime(text);
  if (into.oldMtime === void 0) reject(bad, old);
}
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

// src/convert/tar/reader.ts
var MOST_EXTENSION = 8 * 1024 * 1024;
var MOST_PAX = 0xffffffffn;
var MOST_NAME = 4096n;
var MOST_OLD_PAX = 32768n;
var PADDING = BigInt(TAR_BLOCK);
var KNOWN_TYPES = "01234567";
var EXTENSIONS = "xgLK";
var TarReader = class {
  #consumer;
  #global = noOverrides();
  #overrides = noOverrides();
  #state = "header";
  /** By the declared sizes. */
  #position = 0n;
  /** Bytes to pass over before the next header. */
  #padding = 0;
  #block = Buffer.alloc(TAR_BLOCK);
  #filled = 0;
  /** A first zero block has been seen since the last entry. */
  #zeroBlock = false;
  /** Of an `x`, `g`, `L` or `K` header, whose data is on its way in. */
  #flag = "";
  #pieces = [];
  /** Bytes that the state wanted at first, and still wants. */
  #wanted = 0;
  #left = 0;
  constructor(consumer) {
    this.#consumer = consumer;
  }
  /** Bytes that the tar has had by its headers; complete after `end`. */
  get position() {
    return this.#position;
  }
  push(chunk) {
    this.#guard(() => {
      for (let at = 0; at < chunk.length && this.#state !== "end"; ) {
        at = this.#take(chunk, at);
        if (!this.#consumer.alive()) this.#state = "end";
      }
    });
  }
  /** The bytes are over. */
  end() {
    this.#guard(() => {
      if (this.#state === "end") return;
      this.#checkEnd();
      this.#consumer.reject(malformed("the end-of-archive marker is missing"), ({ needsEnd }) => needsEnd);
      this.#state = "end";
    });
  }
  /** What is thrown ends the tar for every release. */
  #guard(work) {
    try {
      work();
    } catch (error) {
      if (!(error instanceof VeritySignError)) throw error;
      this.#state = "end";
      this.#consumer.reject(error, () => true);
    }
  }
  #checkEnd() {
    const { dropped } = this.#consumer;
    if (this.#state === "data") throw malformed("the data of a file is cut");
    if (this.#state === "extension") {
      if (this.#flag === "L" || this.#flag === "K") throw malformed("a GNU long name is cut");
      if (this.#left < this.#wanted) dropped("(the last PAX header)", "incomplete: left out");
      else if (this.#wanted % TAR_BLOCK !== 0) throw malformed("a PAX header is cut");
    }
    if (this.#state === "ignored" && this.#position % PADDING !== 0n)
      throw malformed("the last entry is cut");
    if (this.#padding > 0) throw malformed("the padding behind a file is cut");
    if (this.#block.subarray(0, this.#filled).some((byte) => byte !== 0)) {
      dropped("(the last header)", "incomplete: left out");
    }
  }
  /** Takes bytes from `at` on and returns where it stopped. */
  #take(chunk, at) {
    if (this.#state === "header") return this.#takeHeader(chunk, at);
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    if (this.#state === "data") this.#consumer.data(chunk.subarray(at, end));
    else if (this.#state === "extension") this.#pieces.push(Buffer.from(chunk.subarray(at, end)));
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
      this.#consumer.volumeName(block.subarray(0, 16));
      return;
    }
    if (block.toString("latin1", 257, 262) !== "ustar") throw malformed("a header that is not ustar");
    const size = this.#overrides.size ?? number(block, 124, 12);
    if (size === void 0) throw malformed("a size that is no number");
    if (size < 0n) throw malformed("a negative size");
    const dataOffset = this.#position;
    this.#position += size;
    if (EXTENSIONS.includes(flag)) this.#extend(flag, size);
    else if (KNOWN_TYPES.includes(flag)) this.#entry(block, flag, size, dataOffset);
    else this.#ignore(block, flag, size);
  }
  #extend(flag, size) {
    const { reject } = this.#consumer;
    if (flag === "L" || flag === "K") {
      const error = malformed(`a GNU long name of more than ${MOST_NAME} bytes`);
      if (size > MOST_NAME) reject(error, ({ oldEntries }) => flag === "K" || !oldEntries);
    } else {
      if (size >= MOST_PAX) throw malformed("a PAX header of more than 4 GiB");
      const error = malformed(`a PAX header of more than ${MOST_OLD_PAX} bytes`);
      if (size > MOST_OLD_PAX) reject(error, ({ oldPax }) => oldPax);
    }
    if (size > MOST_EXTENSION) throw unsupported(`an extended header of more than ${MOST_EXTENSION} bytes`);
    this.#flag = flag;
    this.#pieces = [];
    this.#expect("extension", size);
  }
  #ignore(block, flag, size) {
    const name = this.#overrides.path ?? headerPath(block);
    this.#consumer.dropped(name, `typeflag ${flag === "\0" ? "NUL" : flag}: left out`);
    this.#endEntry();
    this.#expect("ignored", size);
  }
  #entry(block, flag, size, dataOffset) {
    const context = {
      flag,
      path: this.#path(block),
      size,
      dataOffset,
      overrides: this.#overrides,
      global: this.#global
    };
    const entry = readEntry(block, context);
    if (entry === void 0) {
      this.#consumer.dropped(context.path, "invalid device number: left out with all that follows");
      this.#state = "end";
      return;
    }
    const consumes = this.#consumer.entry(entry);
    for (const what of mistreated(context)) this.#consumer.dropped(context.path, what);
    this.#endEntry();
    if (consumes) this.#expect("data", size);
    else this.#pad();
  }
  #path(block) {
    const { path } = this.#overrides;
    if (path !== void 0) return path;
    const full = headerPath(block);
    return full === "" ? "." : strippedPath(full, this.#consumer.reject);
  }
  #endEntry() {
    this.#overrides = { ...this.#global, xattrs: new XattrList(), reversedXattrs: new XattrList() };
    this.#zeroBlock = false;
  }
  /** Goes on with `size` bytes for `state`, if there are any. */
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
    if (state === "data") this.#consumer.dataEnd();
    else if (state === "extension") this.#apply(Buffer.concat(this.#pieces));
  }
  #pad() {
    this.#padding = Number((PADDING - this.#position % PADDING) % PADDING);
    this.#position += BigInt(this.#padding);
  }
  #apply(data) {
    const { reject } = this.#consumer;
    this.#pieces = [];
    if (this.#flag === "x") {
      readPax(data, this.#overrides, reject);
    } else if (this.#flag === "g") {
      readPax(data, this.#global, reject);
      this.#overrides.path = this.#global.path ?? this.#overrides.path;
      this.#overrides.link = this.#global.link ?? this.#overrides.link;
    } else {
      const nul = data.indexOf(0);
      const text = data.toString("latin1", 0, nul === -1 ? data.length : nul);
      this.#overrides[this.#flag === "L" ? "path" : "link"] = text;
    }
  }
};

// src/convert/erofs/native/tree/records.ts
var PAGE_BITS = 12;
var IN_PAGE = (1 << PAGE_BITS) - 1;
var Records = class {
  #stride;
  #pages = [];
  #count = 0;
  constructor(stride) {
    this.#stride = stride;
  }
  get count() {
    return this.#count;
  }
  /** Adds a record of zeros and returns its number. */
  add() {
    if (this.#count >>> PAGE_BITS === this.#pages.length) {
      this.#pages.push(new DataView(new ArrayBuffer(this.#stride << PAGE_BITS)));
    }
    this.#count += 1;
    return this.#count - 1;
  }
  /** The page that has the record, which begins there at `offset`. */
  page(record) {
    return this.#pages[record >>> PAGE_BITS];
  }
  offset(record) {
    return (record & IN_PAGE) * this.#stride;
  }
};

// src/convert/erofs/native/tree/inode-table.ts
var STRIDE = 64;
var AT = {
  parent: 0,
  uid: 4,
  gid: 8,
  nlink: 12,
  names: 16,
  mtimeLow: 20,
  mtimeHigh: 24,
  nanoseconds: 28,
  size: 32,
  union: 40,
  first: 44,
  mode: 48,
  flags: 50,
  node: 52,
  offset: 56,
  serial: 60
};
var FLAG = {
  /** A whiteout was made in it at some time. */
  whiteouts: 1,
  /** Its memory is freed in mkfs.erofs. */
  freed: 2,
  /** It has its place in the image. */
  placed: 4,
  extended: 8,
  /** The rest of its data, less than a block, follows its body. */
  inlineTail: 16,
  /** Its data are chunks of the tar. */
  chunked: 32,
  /** It occupies blocks of file data. */
  dataRun: 64,
  /** mkfs.erofs loses it: a name without an inode. */
  lost: 128,
  /** A directory that an entry of the tar has named, or that was made on the way to one. */
  named: 256
};
var DOTS_SHIFT = 9;
var InodeTable = class {
  #records = new Records(STRIDE);
  get count() {
    return this.#records.count;
  }
  add() {
    return this.#records.add();
  }
  #u32(inode, at) {
    return this.#records.page(inode).getUint32(this.#records.offset(inode) + at, true);
  }
  #setU32(inode, at, value) {
    this.#records.page(inode).setUint32(this.#records.offset(inode) + at, value, true);
  }
  /** The directory it was made in; in the end the one whose entries it was placed with. */
  parent(inode) {
    return this.#u32(inode, AT.parent);
  }
  setParent(inode, parent) {
    this.#setU32(inode, AT.parent, parent);
  }
  uid(inode) {
    return this.#u32(inode, AT.uid);
  }
  gid(inode) {
    return this.#u32(inode, AT.gid);
  }
  setOwner(inode, uid, gid) {
    this.#setU32(inode, AT.uid, uid);
    this.#setU32(inode, AT.gid, gid);
  }
  /** As mkfs.erofs counts, which for directories is not the number of links. */
  nlink(inode) {
    return this.#u32(inode, AT.nlink);
  }
  setNlink(inode, nlink) {
    this.#setU32(inode, AT.nlink, nlink);
  }
  /** How many names it has. */
  names(inode) {
    return this.#u32(inode, AT.names);
  }
  setNames(inode, names) {
    this.#setU32(inode, AT.names, names);
  }
  mtimeLow(inode) {
    return this.#u32(inode, AT.mtimeLow);
  }
  mtimeHigh(inode) {
    return this.#u32(inode, AT.mtimeHigh);
  }
  nanoseconds(inode) {
    return this.#u32(inode, AT.nanoseconds);
  }
  setMtime(inode, seconds, nanoseconds) {
    this.#records.page(inode).setBigInt64(this.#records.offset(inode) + AT.mtimeLow, seconds, true);
    this.#setU32(inode, AT.nanoseconds, nanoseconds);
  }
  copyMtime(inode, from) {
    this.#setU32(inode, AT.mtimeLow, this.mtimeLow(from));
    this.#setU32(inode, AT.mtimeHigh, this.mtimeHigh(from));
    this.#setU32(inode, AT.nanoseconds, this.nanoseconds(from));
  }
  size(inode) {
    return this.#records.page(inode).getFloat64(this.#records.offset(inode) + AT.size, true);
  }
  setSize(inode, size) {
    this.#records.page(inode).setFloat64(this.#records.offset(inode) + AT.size, size, true);
  }
  /** The field `i_u` of the format: device number, first block or chunk format. */
  union(inode) {
    return this.#u32(inode, AT.union);
  }
  setUnion(inode, value) {
    this.#setU32(inode, AT.union, value);
  }
  /** Directory: its entries (see Dentries). Symbolic link: its target. Chunked: first block in the tar. */
  first(inode) {
    return this.#u32(inode, AT.first);
  }
  setFirst(inode, first) {
    this.#setU32(inode, AT.first, first);
  }
  mode(inode) {
    return this.#records.page(inode).getUint16(this.#records.offset(inode) + AT.mode, true);
  }
  setMode(inode, mode) {
    this.#records.page(inode).setUint16(this.#records.offset(inode) + AT.mode, mode, true);
  }
  has(inode, flag) {
    return (this.#records.page(inode).getUint16(this.#records.offset(inode) + AT.flags, true) & flag) !== 0;
  }
  setFlag(inode, flag) {
    const at = this.#records.offset(inode) + AT.flags;
    const page = this.#records.page(inode);
    page.setUint16(at, page.getUint16(at, true) | flag, true);
  }
  extraDots(inode) {
    return this.#records.page(inode).getUint16(this.#records.offset(inode) + AT.flags, true) >> DOTS_SHIFT;
  }
  addExtraDots(inode) {
    const at = this.#records.offset(inode) + AT.flags;
    const page = this.#records.page(inode);
    page.setUint16(at, page.getUint16(at, true) + (1 << DOTS_SHIFT), true);
  }
  /** Where its body begins: a node of the block map and bytes in it. */
  node(inode) {
    return this.#u32(inode, AT.node);
  }
  offset(inode) {
    return this.#u32(inode, AT.offset);
  }
  setPlace(inode, node, offset, serial) {
    this.#setU32(inode, AT.node, node);
    this.#setU32(inode, AT.offset, offset);
    this.#setU32(inode, AT.serial, serial);
  }
  serial(inode) {
    return this.#u32(inode, AT.serial);
  }
};

// src/convert/erofs/native/image/chunk-index.ts
var TAR_INDEX_BLOCK = 512;
var BLOCK_BITS = 9;
var MOST_BITS = BLOCK_BITS + 31;
var WITH_INDEXES = 32;
var RECORD = 8;
var TAR_DEVICE = 1;
function chunkBits(size) {
  return Math.min(Math.max(BLOCK_BITS, Math.ceil(Math.log2(size))), MOST_BITS);
}
function placeInTar(inodes, inode, size, dataOffset) {
  const block = dataOffset / TAR_INDEX_BLOCK;
  if (block + size / TAR_INDEX_BLOCK > 4294967295) throw unsupported("a tar of 2 TiB or more");
  const format = chunkBits(size) - BLOCK_BITS | WITH_INDEXES;
  inodes.setUnion(inode, (inodes.union(inode) | format) >>> 0);
  inodes.setFirst(inode, block);
  inodes.setFlag(inode, FLAG.chunked);
}
function chunkCount(size) {
  return Math.ceil(size / 2 ** chunkBits(size));
}
function chunkIndexSize(inodes, inode, body) {
  if (!inodes.has(inode, FLAG.chunked)) return body;
  return Math.ceil(body / 8) * 8 + RECORD * chunkCount(inodes.size(inode));
}
function writeChunkIndex(inodes, inode, target, at) {
  const size = inodes.size(inode);
  const step = 2 ** (chunkBits(size) - BLOCK_BITS);
  let record = Math.ceil(at / 8) * 8;
  for (let chunk = 0; chunk < chunkCount(size); chunk++, record += RECORD) {
    target.writeUInt16LE(TAR_DEVICE, record + 2);
    target.writeUInt32LE(inodes.first(inode) + chunk * step, record + 4);
  }
}

// src/convert/erofs/native/tree/bytes-arena.ts
var MOST = 4294967295;
var LARGE = 4 * 1024 * 1024;
var BytesArena = class {
  #buffer = Buffer.allocUnsafeSlow(4096);
  #length = 0;
  add(text) {
    const start = this.#length;
    const end = start + text.length;
    if (end > MOST) throw unsupported("names and link targets of more than 4 GiB");
    if (end > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.ceil(end * (end > LARGE ? 1.25 : 2)));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    this.#buffer.write(text, start, text.length, "latin1");
    this.#length = end;
    return start;
  }
  text(start, length) {
    return this.#buffer.toString("latin1", start, start + length);
  }
  equals(start, text) {
    const buffer = this.#buffer;
    for (let at = 0; at < text.length; at++) if (buffer[start + at] !== text.charCodeAt(at)) return false;
    return true;
  }
  copy(start, length, target, at) {
    this.#buffer.copy(target, at, start, start + length);
  }
};

// src/convert/erofs/native/tree/dentries.ts
var STRIDE2 = 28;
var AT2 = {
  name: 0,
  length: 4,
  type: 5,
  directory: 8,
  inode: 12,
  sibling: 16,
  hash: 20,
  chain: 24
};
var FILE_TYPE = { unknown: 0, file: 1, directory: 2, char: 3, block: 4, fifo: 5, link: 7 };
var Dentries = class {
  arena = new BytesArena();
  #records = new Records(STRIDE2);
  #buckets = new Uint32Array(64);
  constructor() {
    this.#records.add();
  }
  #get(entry, at) {
    return this.#records.page(entry).getUint32(this.#records.offset(entry) + at, true);
  }
  #set(entry, at, value) {
    this.#records.page(entry).setUint32(this.#records.offset(entry) + at, value, true);
  }
  /** The entry `name` of a directory, or 0. */
  find(directory, name) {
    const hash2 = hashOf(directory, name);
    let entry = this.#buckets[hash2 & this.#buckets.length - 1];
    while (entry !== 0) {
      if (this.#get(entry, AT2.hash) === hash2 && this.#get(entry, AT2.directory) === directory && this.nameLength(entry) === name.length && this.arena.equals(this.#get(entry, AT2.name), name)) {
        return entry;
      }
      entry = this.#get(entry, AT2.chain);
    }
    return 0;
  }
  /** Adds an entry without a type; `sibling` is the directory's first entry until now. */
  add(directory, name, inode, sibling) {
    const entry = this.#records.add();
    if (entry > this.#buckets.length) this.#grow();
    const hash2 = hashOf(directory, name);
    this.#set(entry, AT2.name, this.arena.add(name));
    this.#records.page(entry).setUint8(this.#records.offset(entry) + AT2.length, name.length);
    this.#set(entry, AT2.directory, directory);
    this.#set(entry, AT2.inode, inode);
    this.#set(entry, AT2.sibling, sibling);
    this.#set(entry, AT2.hash, hash2);
    this.#link(entry, hash2);
    return entry;
  }
  #link(entry, hash2) {
    const bucket = hash2 & this.#buckets.length - 1;
    this.#set(entry, AT2.chain, this.#buckets[bucket]);
    this.#buckets[bucket] = entry;
  }
  #grow() {
    this.#buckets = new Uint32Array(this.#buckets.length * 2);
    for (let entry = 1; entry < this.#records.count - 1; entry++)
      this.#link(entry, this.#get(entry, AT2.hash));
  }
  name(entry) {
    return this.arena.text(this.#get(entry, AT2.name), this.nameLength(entry));
  }
  nameLength(entry) {
    return this.#records.page(entry).getUint8(this.#records.offset(entry) + AT2.length);
  }
  type(entry) {
    return this.#records.page(entry).getUint8(this.#records.offset(entry) + AT2.type);
  }
  setType(entry, type) {
    this.#records.page(entry).setUint8(this.#records.offset(entry) + AT2.type, type);
  }
  directory(entry) {
    return this.#get(entry, AT2.directory);
  }
  inode(entry) {
    return this.#get(entry, AT2.inode);
  }
  setInode(entry, inode) {
    this.#set(entry, AT2.inode, inode);
  }
  /** The directory's next entry in no order, or 0. */
  sibling(entry) {
    return this.#get(entry, AT2.sibling);
  }
};
function hashOf(directory, name) {
  let hash2 = Math.imul(2166136261 ^ directory, 16777619);
  for (let at = 0; at < name.length; at++) hash2 = Math.imul(hash2 ^ name.charCodeAt(at), 16777619);
  hash2 ^= hash2 >>> 15;
  return hash2 >>> 0;
}

// src/convert/erofs/native/tree/path-walk.ts
var ROOT = 0;
var LONGEST_NAME = 255;
var MOST_IMPLIED = 25e4;
var WHITEOUT = ".wh.";
var OPAQUE = ".wh..wh..opq";
function walk(tree, path) {
  const { inodes, dentries } = tree;
  const walked = { entry: 0, whiteout: false, opaque: false };
  let here = ROOT;
  for (let at = 0; at < path.length; ) {
    const slash = path.indexOf("/", at);
    const last = slash === -1;
    let name = path.slice(at, last ? path.length : slash);
    at = last ? path.length : slash + 1;
    if (name === "" || name === ".") continue;
    if (name === "..") {
      here = parentOf(inodes, here);
      continue;
    }
    if (last && name === OPAQUE) {
      walked.opaque = true;
      break;
    }
    if (last && name.startsWith(WHITEOUT)) {
      name = name.slice(WHITEOUT.length);
      walked.whiteout = true;
    }
    let entry = dentries.find(here, name);
    if (entry === 0) {
      if (name.length > LONGEST_NAME) throw malformed(`a name of more than ${LONGEST_NAME} bytes`);
      entry = last ? newEntry(tree, here, name, here) : makeDirectory(tree, here, name);
    } else if (!last && dentries.type(entry) !== FILE_TYPE.directory) {
      throw malformed("a path through something that is no directory");
    }
    walked.entry = entry;
    here = dentries.inode(entry);
  }
  return walked;
}
function parentOf(inodes, inode) {
  const parent = inodes.parent(inode);
  if (inodes.has(parent, FLAG.freed)) {
    throw undefinedResult("a name is replaced whose directory was replaced before");
  }
  return parent;
}
function newEntry({ inodes, dentries }, directory, name, inode) {
  const entry = dentries.add(directory, name, inode, inodes.first(directory));
  inodes.setFirst(directory, entry);
  return entry;
}
function makeDirectory(tree, parent, name) {
  const { inodes, dentries } = tree;
  tree.implied += 1;
  if (tree.implied > MOST_IMPLIED) throw unsupported(`more than ${MOST_IMPLIED} directories without entries`);
  const inode = inodes.add();
  inodes.setMode(inode, TYPE.directory | 493 | inodes.mode(parent) & 18);
  inodes.setParent(inode, parent);
  inodes.setOwner(inode, inodes.uid(parent), inodes.gid(parent));
  inodes.copyMtime(inode, parent);
  inodes.setNlink(inode, 2);
  inodes.setNames(inode, 1);
  inodes.setFlag(inode, FLAG.named);
  const entry = newEntry(tree, parent, name, inode);
  dentries.setType(entry, FILE_TYPE.directory);
  return entry;
}

// src/convert/tar/device-number.ts
function deviceNumber(major, minor) {
  return (minor & 255 | major << 8 | (minor & ~255) << 12) >>> 0;
}
function oldDeviceNumber(major, minor) {
  const packed = BigInt.asUintN(64, BigInt(deviceNumber(major, minor) | 0));
  const again = (packed >> 8n & 0xfffn | packed >> 32n & ~0xfffn) & 0xffffffffn;
  const rest = (packed & 0xffn | packed >> 12n & ~0xffn) & 0xffffffffn;
  return deviceNumber(Number(again), Number(rest));
}

// src/convert/erofs/native/tree/tree.ts
var LayerTree = class {
  inodes = new InodeTable();
  dentries = new Dentries();
  /** By inode, in the order in which they were added; most inodes have none. */
  xattrs = /* @__PURE__ */ new Map();
  rules;
  implied = 0;
  #data;
  constructor(rules, data) {
    this.rules = rules;
    this.#data = data;
    const root = this.inodes.add();
    this.inodes.setMode(root, TYPE.directory | 511);
    this.inodes.setNlink(root, 2);
    this.inodes.setNames(root, 1);
    this.inodes.setFlag(root, FLAG.named);
  }
  /** Takes an entry in; true if its data follow. Error: `image`, for what mkfs.erofs refuses. */
  apply(entry) {
    const path = this.rules.oldPax ? entry.oldPath : entry.path;
    const { entry: name, whiteout, opaque } = walk(this, path);
    const directory = (entry.mode & TYPE.mask) === TYPE.directory;
    if (name === 0) {
      if (!directory)
        throw malformed("an entry for the root that is no directory, or an opaque marker there");
      return this.#fill(ROOT, entry, false);
    }
    if (opaque) {
      this.#add(this.dentries.inode(name), { name: "trusted.overlay.opaque", value: "y" });
      return false;
    }
    if (entry.hardLink) {
      this.#link(name, this.rules.oldPax ? entry.oldTarget : entry.target);
      return false;
    }
    return this.#fill(this.#inodeFor(name, directory, typeOf2(entry.mode)), entry, whiteout, name);
  }
  /** The inode to fill for a name: that of a directory named again, else a new one. */
  #inodeFor(name, directory, type) {
    const { inodes, dentries } = this;
    let parent = dentries.inode(name);
    const was = dentries.type(name);
    if (was !== FILE_TYPE.unknown) {
      if (was === FILE_TYPE.directory && directory) return parent;
      const old2 = parent;
      parent = inodes.parent(old2);
      this.#remove(old2);
    }
    const inode = inodes.add();
    inodes.setParent(inode, parent);
    inodes.setNames(inode, 1);
    dentries.setInode(name, inode);
    dentries.setType(name, type);
    return inode;
  }
  #fill(inode, entry, whiteout, name = 0) {
    const { inodes, dentries, rules } = this;
    if (whiteout) {
      if (rules.earlyDots && /^\.\.?$/.test(dentries.name(name)))
        throw undefinedResult("a whiteout of . or ..");
      inodes.setMode(inode, inodes.mode(inode) & ~TYPE.mask | TYPE.char);
      dentries.setType(name, FILE_TYPE.char);
      inodes.setFlag(parentOf(inodes, inode), FLAG.whiteouts);
    } else {
      inodes.setMode(inode, entry.mode);
      const type = entry.mode & TYPE.mask;
      if (type === TYPE.char || type === TYPE.block) {
        const encode = rules.oldEntries ? oldDeviceNumber : deviceNumber;
        inodes.setUnion(inode, encode(entry.major, entry.minor));
      }
    }
    inodes.setOwner(inode, entry.uid, entry.gid);
    const time = rules.oldPax ? entry.oldMtime : entry.mtime;
    inodes.setMtime(inode, time.seconds, time.nanoseconds);
    inodes.setSize(inode, entry.size);
    const consumes = this.#content(inode, entry);
    for (const xattr of rules.reversedBase64 ? entry.reversedXattrs : entry.xattrs)
      this.#addPax(inode, xattr);
    return consumes;
  }
  #content(inode, entry) {
    const { inodes, dentries, rules } = this;
    const type = inodes.mode(inode) & TYPE.mask;
    if (type === TYPE.directory) {
      if (inodes.nlink(inode) === 0) {
        inodes.setNlink(inode, 2);
        if (rules.earlyDots && inodes.has(inode, FLAG.named)) inodes.addExtraDots(inode);
      }
      inodes.setFlag(inode, FLAG.named);
      return false;
    }
    inodes.setNlink(inode, inodes.nlink(inode) + 1);
    if (type === TYPE.link) {
      const target = rules.oldPax ? entry.oldTarget : entry.target;
      inodes.setSize(inode, target.length);
      inodes.setFirst(inode, dentries.arena.add(target));
      return false;
    }
    if (entry.size === 0) return false;
    if (entry.size > Number.MAX_SAFE_INTEGER) throw malformed("the data of a file is cut");
    this.#data.place(inodes, inode, entry.size, entry.dataOffset);
    return true;
  }
  #addPax(inode, pax) {
    const xattr = nameAndValue(pax);
    if (xattr !== void 0) this.#add(inode, xattr);
  }
  #add(inode, xattr) {
    const list = this.xattrs.get(inode);
    if (list === void 0) this.xattrs.set(inode, [xattr]);
    else list.push(xattr);
  }
  #link(name, path) {
    const { inodes, dentries, rules } = this;
    const replaced = dentries.type(name) === FILE_TYPE.unknown ? void 0 : dentries.inode(name);
    if (rules.linkRemovesFirst && replaced !== void 0) this.#remove(replaced);
    const { entry: target } = walk(this, path);
    if (target === 0) {
      if (rules.oldEntries) throw undefinedResult("a hard link to the root");
      throw malformed("a hard link to the root");
    }
    if (dentries.type(target) === FILE_TYPE.unknown) {
      throw malformed("a hard link whose target is missing before it");
    }
    if (target === name) {
      if (rules.linkRemovesFirst) throw undefinedResult("a hard link to itself");
      return;
    }
    const inode = dentries.inode(target);
    if (this.#isDirectory(inode)) throw malformed("a hard link to a directory");
    inodes.setNlink(inode, inodes.nlink(inode) + 1);
    inodes.setNames(inode, inodes.names(inode) + 1);
    if (replaced !== void 0 && !rules.linkRemovesFirst) this.#remove(replaced);
    if (inodes.has(dentries.directory(target), FLAG.freed)) {
      throw undefinedResult("a hard link replaces the directory of its own target");
    }
    dentries.setInode(name, inode);
    dentries.setType(name, dentries.type(target));
  }
  /** Takes a name from an inode, and from all that is below if it is a directory. */
  #remove(top) {
    const { inodes, dentries } = this;
    const queue = [top];
    const strays = [top];
    for (let inode = queue.pop(); inode !== void 0; inode = queue.pop()) {
      inodes.setNlink(inode, inodes.nlink(inode) - 1);
      inodes.setNames(inode, inodes.names(inode) - 1);
      if (inodes.names(inode) === 0) inodes.setFlag(inode, FLAG.freed);
      if (!this.#isDirectory(inode)) continue;
      const parent = inodes.parent(inode);
      inodes.setNlink(parent, inodes.nlink(parent) - 1);
      for (let entry = inodes.first(inode); entry !== 0; entry = dentries.sibling(entry)) {
        const child = dentries.inode(entry);
        if (!/^\.\.?$/.test(dentries.name(entry))) queue.push(child);
        if (this.#isDirectory(child) && inodes.parent(child) !== inode) strays.push(child);
      }
    }
    for (const inode of strays) if (this.#isDirectory(inode)) parentOf(inodes, inode);
  }
  #isDirectory(inode) {
    return (this.inodes.mode(inode) & TYPE.mask) === TYPE.directory;
  }
};
function typeOf2(mode) {
  switch (mode & TYPE.mask) {
    case TYPE.directory:
      return FILE_TYPE.directory;
    case TYPE.char:
      return FILE_TYPE.char;
    case TYPE.block:
      return FILE_TYPE.block;
    case TYPE.fifo:
      return FILE_TYPE.fifo;
    case TYPE.link:
      return FILE_TYPE.link;
    default:
      return FILE_TYPE.file;
  }
}

// src/convert/erofs/native/image/block-map.ts
var ALIGNMENT = 32;
var BlockMap = class {
  blockSize;
  /** Those with blocks come first. */
  #nodes = [];
  #mapped = 0;
  #queues;
  /** The next free block. */
  tail = 0;
  /** Runs of file data that still have a buffer, which keeps the first node from being extended. */
  fileRuns = 0;
  /** A symbolic link's blocks are being filled. */
  linkRun = false;
  constructor(blockSize) {
    this.blockSize = blockSize;
    this.#queues = { mapped: new QueueSet(blockSize), unmapped: new QueueSet(blockSize) };
  }
  /** A new node at the end of the list. */
  append(fill) {
    const node = {
      index: this.#nodes.length,
      address: void 0,
      fill: 0,
      blocks: 0,
      previous: void 0,
      next: void 0
    };
    this.#nodes.push(node);
    if (fill > 0) this.#attach(node, fill);
    return node;
  }
  /** Takes blocks at once, without a node. */
  takeRun(blocks) {
    const address = this.tail;
    this.tail += blocks;
    return address;
  }
  /** Takes the last node off the list; its blocks stay taken. */
  removeLast(node) {
    this.#queues.mapped.remove(node, node.fill % this.blockSize);
    this.#nodes.pop();
    this.#mapped -= 1;
  }
  addressOf(index) {
    return this.map(this.#nodes[index]);
  }
  /** Gives blocks to the node and to all before it; returns its first block. */
  map(node) {
    while (node.address === void 0) {
      const next = this.#nodes[this.#mapped];
      if (next.fill > 0) this.#queues.unmapped.remove(next, next.fill % this.blockSize);
      next.address = this.tail;
      this.tail += next.blocks;
      this.#mapped += 1;
      this.#queues.mapped.add(next, next.fill % this.blockSize);
    }
    return node.address;
  }
  mapAll() {
    const last = this.#nodes.at(-1);
    if (last !== void 0) this.map(last);
  }
  /**
   * A place for `size` bytes, of which the last block has room for `inline` bytes more. Undefined if
   * there can be none; an empty node is left behind then.
   */
  place(size, inline) {
    const node = this.#choose(size, inline) ?? this.append(0);
    const offset = aligned(node.fill);
    if (this.#fits(node, size, inline) === void 0) return void 0;
    this.#attach(node, offset + size);
    if (inline > 0) this.#attach(node, node.fill + inline);
    return { node, offset };
  }
  /** One block more for a node at the end. */
  extend(node) {
    this.#attach(node, node.fill + this.blockSize);
  }
  #attach(node, fill) {
    const { blockSize } = this;
    const queue = node.address === void 0 ? this.#queues.unmapped : this.#queues.mapped;
    if (node.fill > 0 || node.address !== void 0) queue.remove(node, node.fill % blockSize);
    const atTail = node.address !== void 0 && node.address + node.blocks === this.tail;
    node.fill = fill;
    node.blocks = Math.max(node.blocks, Math.ceil(fill / blockSize));
    if (atTail) this.tail = (node.address ?? 0) + node.blocks;
    queue.add(node, fill % blockSize);
  }
  /** The node is the last with blocks, and nothing comes behind it. */
  #isLast(node) {
    if (node.index !== this.#mapped - 1 || this.linkRun) return false;
    return node.index !== 0 || this.fileRuns === 0;
  }
  /** How far the last block is used then, or undefined. */
  #fits(node, size, inline) {
    const { blockSize } = this;
    const end = aligned(node.fill) + size;
    if ((end + blockSize - 1) % blockSize + inline > blockSize - 1) return void 0;
    if (end + inline > node.blocks * blockSize && node.address !== void 0) {
      if (!this.#isLast(node) || node.address + node.blocks !== this.tail) return void 0;
    }
    return (end - 1) % blockSize + 1 + inline;
  }
  #choose(size, inline) {
    const { blockSize } = this;
    const total = size + inline;
    const limit = Math.floor((blockSize - total % blockSize) / ALIGNMENT) * ALIGNMENT;
    const best = { node: void 0, used: 0 };
    if (total < blockSize) {
      this.#search("mapped", limit, 1, size, inline, best);
      const last = this.#nodes[this.#mapped - 1];
      if (last !== void 0 && this.#isLast(last)) this.#consider(last, size, inline, best);
    }
    for (const [high, low] of unmappedKeys(total, limit, blockSize)) {
      if (this.#search("unmapped", high, low, size, inline, best)) break;
    }
    return best.node;
  }
  /** Looks at one node of each queue from `high` down to `low`; true once one fits. */
  #search(of, high, low, size, inline, best) {
    const queues = this.#queues[of];
    for (let key = queues.nextKey(high); key >= low; key = queues.nextKey(key - 1)) {
      let node = queues.first(key);
      if (of === "mapped" && node !== void 0 && this.#isLast(node)) node = node.next;
      if (node !== void 0 && this.#consider(node, size, inline, best)) return true;
    }
    return false;
  }
  #consider(node, size, inline, best) {
    const used = this.#fits(node, size, inline);
    if (used === void 0) return false;
    if (used > best.used) {
      best.used = used;
      best.node = node;
    }
    return true;
  }
};
var aligned = (fill) => Math.ceil(fill / ALIGNMENT) * ALIGNMENT;
function unmappedKeys(total, limit, blockSize) {
  if (total < blockSize) {
    return [
      [limit, 0],
      [blockSize - 1, limit + ALIGNMENT]
    ];
  }
  if (limit < blockSize) return [[limit, 1]];
  return [
    [0, 0],
    [blockSize - 1, 1]
  ];
}
var QueueSet = class {
  /** Those that were used so far. */
  #queues = /* @__PURE__ */ new Map();
  #bits;
  constructor(blockSize) {
    this.#bits = new Uint32Array(blockSize / 32);
  }
  first(key) {
    return this.#queues.get(key)?.first;
  }
  add(node, key) {
    let queue = this.#queues.get(key);
    if (queue === void 0) {
      queue = { first: void 0, last: void 0 };
      this.#queues.set(key, queue);
    }
    node.previous = queue.last;
    node.next = void 0;
    if (queue.last === void 0) queue.first = node;
    else queue.last.next = node;
    queue.last = node;
    this.#bits[key >>> 5] = this.#bits[key >>> 5] | 1 << (key & 31);
  }
  remove(node, key) {
    const queue = this.#queues.get(key);
    if (node.previous === void 0) queue.first = node.next;
    else node.previous.next = node.next;
    if (node.next === void 0) queue.last = node.previous;
    else node.next.previous = node.previous;
    if (queue.first === void 0) {
      this.#bits[key >>> 5] = this.#bits[key >>> 5] & ~(1 << (key & 31));
    }
  }
  /** The largest key up to `from` whose queue is not empty, or -1. */
  nextKey(from) {
    if (from < 0) return -1;
    let word = Math.min(from >>> 5, this.#bits.length - 1);
    const top = from >>> 5 === word ? from & 31 : 31;
    let bits = this.#bits[word] & 4294967295 >>> 31 - top;
    while (bits === 0) {
      word -= 1;
      if (word < 0) return -1;
      bits = this.#bits[word];
    }
    return word * 32 + 31 - Math.clz32(bits);
  }
};

// src/convert/erofs/native/tree/directory.ts
var DIRENT = 12;
var isDots = (name) => name === "." || name === "..";
function entriesOf(tree, directory) {
  const { inodes, dentries } = tree;
  const entries = [];
  for (let entry = inodes.first(directory); entry !== 0; entry = dentries.sibling(entry)) {
    const name = dentries.name(entry);
    if (!isDots(name)) entries.push({ name, inode: dentries.inode(entry), type: dentries.type(entry) });
  }
  for (let pairs = 0; pairs <= inodes.extraDots(directory); pairs++) {
    entries.push({ name: ".", inode: directory, type: FILE_TYPE.directory });
    entries.push({ name: "..", inode: inodes.parent(directory), type: FILE_TYPE.directory });
  }
  return entries.sort((left, right) => left.name < right.name ? -1 : left.name > right.name ? 1 : 0);
}
function directorySize(entries, blockSize) {
  let size = 0;
  for (const { name } of entries) {
    const length = DIRENT + name.length;
    if (size % blockSize + length > blockSize) size = Math.ceil(size / blockSize) * blockSize;
    size += length;
  }
  return size;
}
function writeDirectoryBlock(entries, start, blockSize, nidOf2, target, at) {
  let used = 0;
  let count = 0;
  for (let index = start; index < entries.length; index++, count++) {
    used += DIRENT + (entries[index]?.name.length ?? 0);
    if (used > blockSize) break;
  }
  let nameAt = count * DIRENT;
  for (const [index, { name, inode, type }] of entries.slice(start, start + count).entries()) {
    const nid = nidOf2(inode);
    const entry = at + index * DIRENT;
    target.writeUInt32LE(nid.low, entry);
    target.writeUInt32LE(nid.high, entry + 4);
    target.writeUInt16LE(nameAt, entry + 8);
    target.writeUInt8(type, entry + 10);
    target.write(name, at + nameAt, name.length, "latin1");
    nameAt += name.length;
  }
  return count;
}

// src/convert/erofs/native/image/xxh32.ts
var PRIME = [2654435761, 2246822519, 3266489917, 668265263, 374761393];
var [P1, P2, P3, P4, P5] = PRIME;
var rotate = (value, by) => value << by | value >>> 32 - by;
function xxh32(text, seed) {
  const bytes = Buffer.from(text, "latin1");
  let at = 0;
  let hash2 = seed + P5 | 0;
  if (bytes.length >= 16) {
    const lanes = [seed + P1 + P2 | 0, seed + P2 | 0, seed | 0, seed - P1 | 0];
    for (; at + 16 <= bytes.length; at += 16) {
      for (const [lane, value] of lanes.entries()) {
        const sum = value + Math.imul(bytes.readUInt32LE(at + 4 * lane), P2) | 0;
        lanes[lane] = Math.imul(rotate(sum, 13), P1);
      }
    }
    hash2 = [1, 7, 12, 18].reduce((sum, by, lane) => sum + rotate(lanes[lane] ?? 0, by) | 0, 0);
  }
  hash2 = hash2 + bytes.length | 0;
  for (; at + 4 <= bytes.length; at += 4) {
    hash2 = Math.imul(rotate(hash2 + Math.imul(bytes.readUInt32LE(at), P3) | 0, 17), P4);
  }
  for (; at < bytes.length; at++) {
    hash2 = Math.imul(rotate(hash2 + Math.imul(bytes.readUInt8(at), P5) | 0, 11), P1);
  }
  hash2 = Math.imul(hash2 ^ hash2 >>> 15, P2);
  hash2 = Math.imul(hash2 ^ hash2 >>> 13, P3);
  return (hash2 ^ hash2 >>> 16) >>> 0;
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
function split(name) {
  const found = PREFIXES.find(({ prefix }) => name.startsWith(prefix));
  if (found === void 0) return { index: 0, suffix: name };
  return { index: found.index, suffix: name.slice(found.prefix.length) };
}
function sortXattrs(xattrs) {
  if (xattrs.length < 2) return xattrs;
  const keyed = xattrs.map((xattr) => ({ key: `${xattr.name}\0${xattr.value}`, xattr }));
  keyed.sort((left, right) => left.key < right.key ? -1 : left.key > right.key ? 1 : 0);
  return keyed.map(({ xattr }) => xattr);
}
var aligned2 = (size) => Math.ceil(size / 4) * 4;
function xattrSize(xattrs) {
  if (xattrs === void 0 || xattrs.length === 0) return 0;
  let size = HEADER;
  for (const { name, value } of xattrs)
    size = aligned2(size + ENTRY + split(name).suffix.length + value.length);
  return size;
}
function xattrCount(size) {
  return size === 0 ? 0 : (size - HEADER) / 4 + 1 & 65535;
}
function nameFilter(xattrs) {
  let used = 0;
  for (const { name } of xattrs) {
    const { index, suffix } = split(name);
    used |= 1 << (xxh32(suffix, FILTER_SEED + index) & 31);
  }
  return ~used >>> 0;
}
function writeXattrs(xattrs, target, start) {
  target.writeUInt32LE(nameFilter(xattrs), start);
  let at = start + HEADER;
  for (const { name, value } of xattrs) {
    const { index, suffix } = split(name);
    target.writeUInt8(suffix.length & 255, at);
    target.writeUInt8(index, at + 1);
    target.writeUInt16LE(value.length & 65535, at + 2);
    target.write(suffix, at + ENTRY, suffix.length, "latin1");
    target.write(value, at + ENTRY + suffix.length, value.length, "latin1");
    at = start + aligned2(at - start + ENTRY + suffix.length + value.length);
  }
}

// src/convert/erofs/native/image/layout.ts
var NO_BLOCK = 4294967295;
var COMPACT = 32;
var EXTENDED = 64;
var FARTHEST_ROOT = 65535 * 32;
var CHUNK_48BIT = 64;
var MOST_XATTRS = 256 * 1024 * 1024;
function layOut(tree, map) {
  const placer = new Placer(tree, map);
  placer.place(ROOT);
  const rootOffset = map.addressOf(tree.inodes.node(ROOT)) * map.blockSize + tree.inodes.offset(ROOT);
  const beyond = rootOffset - FARTHEST_ROOT;
  const pending = [ROOT];
  for (let directory = pending.pop(); directory !== void 0; directory = pending.pop()) {
    for (const child of placer.fillDirectory(directory).reverse()) pending.push(child);
  }
  map.mapAll();
  return {
    inodeCount: placer.placed,
    metaBlock: beyond > 0 ? Math.ceil(beyond / map.blockSize) : 0,
    totalBlocks: map.tail,
    filters: placer.filters
  };
}
var Placer = class {
  #tree;
  #map;
  placed = 0;
  #xattrBytes = 0;
  filters = false;
  constructor(tree, map) {
    this.#tree = tree;
    this.#map = map;
  }
  /** Places the children that have no place yet, then the directory's data; returns its new directories. */
  fillDirectory(directory) {
    const { inodes, rules } = this.#tree;
    const entries = entriesOf(this.#tree, directory);
    const directories = [];
    for (const { name, inode } of entries) {
      if (name === "." || name === ".." || inodes.has(inode, FLAG.placed)) continue;
      if (!rules.earlyDots) inodes.setParent(inode, directory);
      this.place(inode);
      if ((inodes.mode(inode) & TYPE.mask) === TYPE.directory) directories.push(inode);
    }
    this.#directoryData(directory, entries);
    return directories;
  }
  place(inode) {
    const { inodes } = this.#tree;
    inodes.setFlag(inode, FLAG.placed);
    const bodySize = this.#isExtended(inode) ? EXTENDED : COMPACT;
    if (bodySize === EXTENDED) inodes.setFlag(inode, FLAG.extended);
    const type = inodes.mode(inode) & TYPE.mask;
    if (type === TYPE.directory) this.#measure(inode);
    const lost = this.#isLost(inode);
    if (lost) inodes.setFlag(inode, FLAG.lost);
    const body = chunkIndexSize(inodes, inode, bodySize + this.#finishXattrs(inode));
    if (type === TYPE.directory) this.#attach(inode, body, inodes.size(inode) % this.#map.blockSize);
    else if (type === TYPE.link) this.#placeLink(inode, body);
    else if (!lost) this.#attach(inode, body, 0);
    if (inodes.has(inode, FLAG.dataRun)) this.#map.fileRuns -= 1;
  }
  #isExtended(inode) {
    const { inodes, rules } = this.#tree;
    return inodes.size(inode) > 4294967295 || inodes.uid(inode) > 65535 || inodes.gid(inode) > 65535 || inodes.nlink(inode) > 65535 || inodes.mtimeLow(inode) !== 0 || inodes.mtimeHigh(inode) !== 0 || rules.fractionExtends && inodes.nanoseconds(inode) !== 0;
  }
  /** Chunk formats and device numbers share a field: some device with data seems to want 48 bits. */
  #isLost(inode) {
    const { inodes, rules } = this.#tree;
    return inodes.has(inode, FLAG.chunked) && (inodes.union(inode) & CHUNK_48BIT) !== 0 && !rules.earlyDots;
  }
  #measure(directory) {
    const { inodes } = this.#tree;
    const entries = entriesOf(this.#tree, directory);
    inodes.setSize(directory, directorySize(entries, this.#map.blockSize));
    const directories = entries.filter(({ type }) => type === FILE_TYPE.directory).length;
    const tooMany = directories > 65535 && !inodes.has(directory, FLAG.extended);
    inodes.setNlink(directory, tooMany ? 1 : directories);
    inodes.setUnion(directory, NO_BLOCK);
  }
  #finishXattrs(inode) {
    const { inodes, xattrs, rules } = this.#tree;
    let list = xattrs.get(inode);
    if (inodes.has(inode, FLAG.whiteouts)) {
      list = [...list ?? [], { name: "trusted.overlay.origin", value: "" }];
    }
    if (list === void 0) return 0;
    if (rules.sortsXattrs) list = sortXattrs(list);
    xattrs.set(inode, list);
    if (nameFilter(list) !== 0 && !inodes.has(inode, FLAG.lost)) this.filters = true;
    const size = xattrSize(list);
    this.#xattrBytes += size;
    if (this.#xattrBytes > MOST_XATTRS)
      throw unsupported(`extended attributes of more than ${MOST_XATTRS} bytes`);
    return size;
  }
  /**
   * Finds room for the inode, with the rest of its data behind it if that goes; else `onRefused`
   * comes before the second try.
   */
  #attach(inode, body, rest, onRefused) {
    const { inodes } = this.#tree;
    let place = rest > 0 ? this.#map.place(body, rest) : void 0;
    if (place !== void 0) inodes.setFlag(inode, FLAG.inlineTail);
    else if (rest > 0) onRefused?.();
    place ??= this.#map.place(body, 0);
    if (place === void 0) throw new Error("a node of its own has no room for an inode");
    this.placed += 1;
    inodes.setPlace(inode, place.node.index, place.offset, this.placed);
  }
  /** A target's whole blocks come first; what is left of it follows the inode, or gets a block too. */
  #placeLink(inode, body) {
    const { inodes } = this.#tree;
    const map = this.#map;
    const size = inodes.size(inode);
    const full = Math.floor(size / map.blockSize);
    const rest = size % map.blockSize;
    inodes.setUnion(inode, full > 0 ? map.takeRun(full) : NO_BLOCK);
    map.linkRun = full > 0;
    this.#attach(inode, body, rest, () => {
      if (full > 0) map.takeRun(1);
    });
    map.linkRun = false;
    const outside = rest > 0 && !inodes.has(inode, FLAG.inlineTail);
    if (full === 0 && outside) inodes.setUnion(inode, map.takeRun(1));
  }
  /** Makes room for a directory's blocks, and gives those of its entries theirs, in that order. */
  #directoryData(directory, entries) {
    const { inodes, rules } = this.#tree;
    const map = this.#map;
    const size = inodes.size(directory);
    const full = Math.floor(size / map.blockSize);
    let run = full > 0 ? map.append(full * map.blockSize) : void 0;
    if (run !== void 0) inodes.setUnion(directory, map.map(run));
    for (const { inode } of entries) {
      if (inodes.has(inode, FLAG.lost)) continue;
      if (rules.earlyDots && !inodes.has(inode, FLAG.placed)) continue;
      map.addressOf(inodes.node(inode));
    }
    if (size % map.blockSize > 0 && !inodes.has(directory, FLAG.inlineTail)) {
      if (run === void 0) {
        run = map.append(map.blockSize);
        inodes.setUnion(directory, map.map(run));
      } else {
        map.extend(run);
      }
    }
    if (run !== void 0) map.removeLast(run);
  }
};

// src/convert/erofs/native/image/inode-body.ts
var LAYOUT = { flat: 0, inlineTail: 2, chunked: 4 };
function writeInode(inodes, inode, xattrSize2, target, at) {
  const extended = inodes.has(inode, FLAG.extended);
  target.writeUInt16LE((extended ? 1 : 0) | layoutOf(inodes, inode) << 1, at);
  target.writeUInt16LE(xattrCount(xattrSize2), at + 2);
  target.writeUInt16LE(inodes.mode(inode), at + 4);
  target.writeUInt32LE(inodes.union(inode), at + 16);
  target.writeUInt32LE(inodes.serial(inode), at + 20);
  const size = inodes.size(inode);
  if (!extended) {
    target.writeUInt16LE(inodes.nlink(inode), at + 6);
    target.writeUInt32LE(size, at + 8);
    target.writeUInt16LE(inodes.uid(inode), at + 24);
    target.writeUInt16LE(inodes.gid(inode), at + 26);
    return 32;
  }
  target.writeUInt32LE(size % 2 ** 32, at + 8);
  target.writeUInt32LE(Math.floor(size / 2 ** 32), at + 12);
  target.writeUInt32LE(inodes.uid(inode), at + 24);
  target.writeUInt32LE(inodes.gid(inode), at + 28);
  target.writeUInt32LE(inodes.mtimeLow(inode), at + 32);
  target.writeUInt32LE(inodes.mtimeHigh(inode), at + 36);
  target.writeUInt32LE(inodes.nanoseconds(inode), at + 40);
  target.writeUInt32LE(inodes.nlink(inode), at + 44);
  return 64;
}
function layoutOf(inodes, inode) {
  if (inodes.has(inode, FLAG.chunked)) return LAYOUT.chunked;
  return inodes.has(inode, FLAG.inlineTail) ? LAYOUT.inlineTail : LAYOUT.flat;
}

// src/convert/erofs/native/image/metadata.ts
function writeMetadata(tree, map, layout, dataBlocks) {
  const { blockSize } = map;
  const headBlocks = dataBlocks === 0 ? layout.totalBlocks : 1;
  const restBlock = headBlocks + dataBlocks;
  const metadata = {
    head: Buffer.alloc(headBlocks * blockSize),
    rest: Buffer.alloc((layout.totalBlocks - restBlock) * blockSize),
    restBlock
  };
  const writer = new MetadataWriter(tree, map, layout, metadata);
  for (let inode = 0; inode < tree.inodes.count; inode++) {
    if (tree.inodes.has(inode, FLAG.placed) && !tree.inodes.has(inode, FLAG.lost)) writer.write(inode);
  }
  return metadata;
}
function offsetOf(tree, map, inode) {
  return map.addressOf(tree.inodes.node(inode)) * map.blockSize + tree.inodes.offset(inode);
}
function nidOf(tree, map, layout, inode) {
  const offset = offsetOf(tree, map, inode) - layout.metaBlock * map.blockSize;
  const units = Math.floor(offset / 32);
  const high = Math.floor(units / 2 ** 32);
  return { low: units - high * 2 ** 32, high: high >= 0 ? high : high + 2 ** 27 };
}
var NO_NID = { low: 4294967295, high: 4294967295 };
var ZERO_NID = { low: 0, high: 0 };
var MetadataWriter = class {
  #tree;
  #map;
  #layout;
  #metadata;
  constructor(tree, map, layout, metadata) {
    this.#tree = tree;
    this.#map = map;
    this.#layout = layout;
    this.#metadata = metadata;
  }
  write(inode) {
    const { inodes, xattrs } = this.#tree;
    const { target, at } = this.#locate(offsetOf(this.#tree, this.#map, inode));
    const list = xattrs.get(inode) ?? [];
    const attributes = xattrSize(list);
    const end = at + writeInode(inodes, inode, attributes, target, at);
    if (attributes > 0) writeXattrs(list, target, end);
    const tail = end + attributes;
    const type = inodes.mode(inode) & TYPE.mask;
    if (inodes.has(inode, FLAG.chunked)) writeChunkIndex(inodes, inode, target, tail);
    else if (type === TYPE.link) this.#writeTarget(inode, target, tail);
    else if (type === TYPE.directory) this.#writeDirectory(inode, target, tail);
  }
  #locate(offset) {
    const { head, rest, restBlock } = this.#metadata;
    if (offset < head.length) return { target: head, at: offset };
    return { target: rest, at: offset - restBlock * this.#map.blockSize };
  }
  #writeTarget(inode, body, tail) {
    const { inodes, dentries } = this.#tree;
    const { blockSize } = this.#map;
    const size = inodes.size(inode);
    const inlined = inodes.has(inode, FLAG.inlineTail) ? size % blockSize : 0;
    const start = inodes.first(inode);
    if (size > inlined) {
      const { target, at } = this.#locate(inodes.union(inode) * blockSize);
      dentries.arena.copy(start, size - inlined, target, at);
    }
    if (inlined > 0) dentries.arena.copy(start + size - inlined, inlined, body, tail);
  }
  #writeDirectory(inode, body, tail) {
    const { inodes } = this.#tree;
    const { blockSize } = this.#map;
    const entries = entriesOf(this.#tree, inode);
    const full = Math.floor(inodes.size(inode) / blockSize);
    for (let block = 0, done = 0; done < entries.length; block++) {
      const inlined = block === full && inodes.has(inode, FLAG.inlineTail);
      const { target, at } = inlined ? { target: body, at: tail } : this.#locate((inodes.union(inode) + block) * blockSize);
      done += writeDirectoryBlock(entries, done, blockSize, this.#nid, target, at);
    }
  }
  #nid = (inode) => {
    const { inodes } = this.#tree;
    if (inodes.has(inode, FLAG.lost)) return NO_NID;
    if (!inodes.has(inode, FLAG.placed)) return ZERO_NID;
    return nidOf(this.#tree, this.#map, this.#layout, inode);
  };
};

// src/convert/erofs/native/image/superblock.ts
var OFFSET = 1024;
var SIZE = 128;
var MAGIC = 3774210530;
var COMPAT = { checksum: 1, mtime: 2, xattrFilter: 4 };
var INCOMPAT_DEVICES = 8;
var CHECKSUM = 4;
var RESERVED = { withoutDevices: OFFSET + SIZE, withTar: OFFSET + 2 * SIZE };
function writeSuperblock(head, facts) {
  const { layout, blockSize, tarSize } = facts;
  const at = (field2) => OFFSET + field2;
  head.writeUInt32LE(MAGIC, at(0));
  head.writeUInt32LE(COMPAT.checksum | COMPAT.mtime | (layout.filters ? COMPAT.xattrFilter : 0), at(8));
  head.writeUInt8(Math.log2(blockSize), at(12));
  head.writeUInt16LE(facts.rootNid & 65535, at(14));
  head.writeUInt32LE(layout.inodeCount, at(16));
  head.writeUInt32LE(layout.totalBlocks, at(36));
  head.writeUInt32LE(layout.metaBlock, at(40));
  facts.uuid.copy(head, at(48));
  facts.volumeName?.copy(head, at(64));
  if (tarSize !== void 0) {
    head.writeUInt32LE(INCOMPAT_DEVICES, at(80));
    head.writeUInt16LE(1, at(86));
    head.writeUInt16LE((OFFSET + SIZE) / SIZE, at(88));
    const slot = OFFSET + SIZE;
    head.writeUInt32LE(Number((tarSize + BigInt(blockSize) - 1n) / BigInt(blockSize)), slot + 64);
    head.writeUInt32LE(layout.totalBlocks, slot + 68);
  }
  const end = blockSize > OFFSET ? blockSize : OFFSET + blockSize;
  head.writeUInt32LE(crc32cRegister(head.subarray(OFFSET, end)), at(CHECKSUM));
}

// src/convert/erofs/native/image/target.ts
var FULL_BLOCK = 4096;
var Target = class {
  tree;
  /** Why this release makes no image of the layer. */
  error;
  #map;
  #index;
  /** `index`: the data stay in the tar. */
  constructor(release, index) {
    this.#index = index;
    this.#map = new BlockMap(index ? TAR_INDEX_BLOCK : FULL_BLOCK);
    this.#map.map(this.#map.append(index ? RESERVED.withTar : RESERVED.withoutDevices));
    this.tree = new LayerTree(RULES[release], { place: index ? placeInTar : this.#placeInImage });
  }
  /** Blocks of file data so far. [erofs-utils, lib/tar.c, tarerofs_write_uncompressed_file] */
  #placeInImage = (inodes, inode, size) => {
    inodes.setUnion(inode, this.#map.takeRun(Math.ceil(size / FULL_BLOCK)));
    inodes.setFlag(inode, FLAG.dataRun);
    this.#map.fileRuns += 1;
  };
  /** The blocks that are not file data. The tree is used up. */
  finish(facts) {
    const map = this.#map;
    const dataBlocks = this.#index ? 0 : map.tail - 1;
    const layout = layOut(this.tree, map);
    const metadata = writeMetadata(this.tree, map, layout, dataBlocks);
    writeSuperblock(metadata.head, {
      layout,
      blockSize: map.blockSize,
      uuid: facts.uuid,
      volumeName: facts.volumeName,
      rootNid: nidOf(this.tree, map, layout, ROOT).low,
      tarSize: this.#index ? facts.tarSize : void 0
    });
    return metadata;
  }
};

// src/convert/erofs/native/native-builder.ts
var MOST_TAR = BigInt(TAR_INDEX_BLOCK) * 0xffffffffn;
function startNative(request) {
  checkOptions(request);
  return new NativeBuild(request);
}
function checkOptions({ profile, mkfsOptions, classes }) {
  if (classes.length === 0) throw new RangeError("no class to build");
  if (knowsOptions({ profile, mkfsOptions })) return;
  throw new VeritySignError(
    "usage",
    `the native builder does not know mkfs-options ${mkfsOptions.join(" ")}`,
    {
      remedy: `Use ${PROFILES[profile].defaultOptions.join(" ")}, or the builder mkfs`
    }
  );
}
var NativeBuild = class {
  #request;
  /** Data stays in the tar, which follows the image. */
  #index;
  #targets = /* @__PURE__ */ new Map();
  /** Those that have not refused the tar. */
  #alive;
  #dropped = new DroppedList();
  #reader;
  /** Of the image without its metadata. */
  #tree;
  #leaves;
  #sinks;
  /** Bytes of data written, from the second block on. */
  #dataSize = 0;
  #tarSize = 0;
  #volumeName;
  #writes = [];
  constructor(request) {
    this.#request = request;
    this.#index = PROFILES[request.profile].appendsTar;
    for (const release of new Set(request.classes.flatMap((of) => RELEASES[of]))) {
      this.#targets.set(release, new Target(release, this.#index));
    }
    this.#alive = [...this.#targets.values()];
    this.#tree = request.hashing.tree(this.#index ? TAR_INDEX_BLOCK : FULL_BLOCK);
    this.#leaves = request.hashing.leaves(TAR_INDEX_BLOCK);
    this.#sinks = Object.values(request.sinks ?? {});
    this.#reader = new TarReader(this.#consumer());
  }
  async push(chunk) {
    this.#tarSize += chunk.length;
    if (this.#index) this.#leaves.update(chunk);
    this.#reader.push(chunk);
    await this.#written();
    if (this.#alive.length === 0) throw [...this.#targets.values()][0]?.error;
  }
  async end() {
    this.#reader.end();
    this.#leaves.end();
    await this.#written();
    const images = /* @__PURE__ */ new Map();
    for (const wanted of this.#request.classes) images.set(wanted, await this.#image(wanted));
    const all = [...images.values()];
    const [first] = all;
    if (first instanceof VeritySignError && all.every((image) => image instanceof VeritySignError))
      throw first;
    return { images, dropped: this.#dropped.result() };
  }
  /** All releases of the class must make the same image. */
  async #image(of) {
    const { position } = this.#reader;
    if (this.#index && position > MOST_TAR) return unsupported("a tar of 2 TiB or more by its headers");
    const sink = this.#request.sinks?.[of];
    const made = [];
    const errors = [];
    for (const release of RELEASES[of]) {
      const target = this.#targets.get(release);
      try {
        if (target.error !== void 0) throw target.error;
        made.push(await this.#finish(target, made.length === 0 ? sink : void 0));
      } catch (error) {
        if (!(error instanceof VeritySignError)) throw error;
        errors.push(error);
      }
    }
    const [image] = made;
    if (image === void 0) return errors[0];
    if (errors.length === 0 && made.every(({ rootHash }) => rootHash === image.rootHash)) return image;
    return unsupported(`releases ${RELEASES[of].join(" and ")} of class ${of} treat it differently`);
  }
  async #finish(target, sink) {
    const { head, rest, restBlock } = target.finish({
      uuid: Buffer.from(this.#request.uuid.replaceAll("-", ""), "hex"),
      volumeName: this.#volumeName,
      tarSize: this.#reader.position
    });
    const blockSize = this.#index ? TAR_INDEX_BLOCK : FULL_BLOCK;
    const metadataEnd = rest.length === 0 ? head.length + this.#dataSize : restBlock * blockSize + rest.length;
    const tree = this.#tree.fork();
    tree.update(head.subarray(blockSize));
    tree.update(rest);
    if (this.#index) tree.addLeaves(this.#leaves);
    const rootHash = tree.finish(head.subarray(0, blockSize));
    if (sink !== void 0) {
      if (rest.length > 0) this.#write(sink, restBlock * blockSize, rest);
      this.#write(sink, 0, head);
      await this.#written();
      await sink.end(metadataEnd);
    }
    const imageSize = metadataEnd + (this.#index ? this.#tarSize : 0);
    return { rootHash, blockSize, imageSize, dataSize: Math.ceil(imageSize / blockSize) * blockSize };
  }
  close() {
    this.#leaves.close();
  }
  #refuse(target, error) {
    target.error = error;
    this.#alive = this.#alive.filter((other) => other !== target);
  }
  #consumer() {
    return {
      alive: () => this.#alive.length > 0,
      reject: (error, applies) => {
        for (const target of this.#alive) if (applies(target.tree.rules)) this.#refuse(target, error);
      },
      entry: (entry) => this.#entry(entry),
      data: (bytes) => {
        if (!this.#index) this.#data(bytes);
      },
      dataEnd: () => {
        if (this.#index) return;
        this.#tree.pad();
        this.#dataSize = Math.ceil(this.#dataSize / FULL_BLOCK) * FULL_BLOCK;
      },
      volumeName: (name) => {
        this.#volumeName = Buffer.from(name);
      },
      dropped: this.#dropped.add
    };
  }
  #entry(entry) {
    let consumes;
    for (const target of this.#alive) {
      try {
        const own = target.tree.apply(entry);
        consumes ??= own;
        if (own !== consumes)
          throw unsupported(`classes disagree about what follows ${entry.path}: build them apart`);
      } catch (error) {
        if (!(error instanceof VeritySignError)) throw error;
        this.#refuse(target, error);
      }
    }
    return consumes ?? false;
  }
  #data(bytes) {
    this.#tree.update(bytes);
    for (const sink of this.#sinks) this.#write(sink, FULL_BLOCK + this.#dataSize, bytes);
    this.#dataSize += bytes.length;
  }
  #write(sink, offset, bytes) {
    const promise = sink.write(offset, bytes);
    if (promise !== void 0) this.#writes.push(promise);
  }
  async #written() {
    if (this.#writes.length > 0) await Promise.all(this.#writes.splice(0));
  }
};

// src/convert/verity/block-tree.ts
import { hash } from "node:crypto";

// src/convert/verity/slicer.ts
var BATCH = 256 * 1024;
var Slicer = class {
  #blockSize;
  #digester;
  #digests;
  #onLeaves;
  #filled = 0;
  /** `onLeaves` gets digests, one after another; they are overwritten after the call. */
  constructor(blockSize, onLeaves) {
    this.#blockSize = blockSize;
    this.#digester = new BlockDigester(blockSize, BATCH / blockSize);
    this.#digests = Buffer.alloc(BATCH / blockSize * DIGEST_SIZE);
    this.#onLeaves = onLeaves;
  }
  update(bytes) {
    const { data } = this.#digester;
    for (let at = 0; at < bytes.length; ) {
      const step = Math.min(data.length - this.#filled, bytes.length - at);
      data.set(at === 0 && step === bytes.length ? bytes : bytes.subarray(at, at + step), this.#filled);
      at += step;
      this.#filled += step;
      if (this.#filled === data.length) this.flush();
    }
  }
  /** Fills a block that has been begun with zeros. */
  pad() {
    const end = Math.ceil(this.#filled / this.#blockSize) * this.#blockSize;
    this.#digester.data.fill(0, this.#filled, end);
    this.#filled = end;
    if (end === BATCH) this.flush();
  }
  /** Hands over the digests of what has come; a block that has been begun is filled with zeros. */
  flush() {
    if (this.#filled === 0) return;
    const end = this.#digester.digest(this.#filled, this.#digests, 0);
    this.#filled = 0;
    this.#onLeaves(this.#digests.subarray(0, end));
  }
};

// src/convert/verity/block-tree.ts
var BlockTree = class _BlockTree {
  #blockSize;
  #slicer;
  #levels;
  constructor(blockSize) {
    this.#blockSize = blockSize;
    this.#levels = [this.#level()];
  }
  /** Takes what comes after the first block, in order. */
  update(bytes) {
    this.#slicer ??= new Slicer(this.#blockSize, (leaves) => this.#add(0, leaves));
    this.#slicer.update(bytes);
  }
  /** What comes next begins a block. */
  pad() {
    this.#slicer?.pad();
  }
  /** Digests of whole blocks, one after another, in pieces of any number. */
  addLeaves(leaves) {
    this.#slicer?.flush();
    for (const piece of leaves) this.#add(0, piece);
  }
  /** A tree that goes its own way from here; at the border of a block. */
  fork() {
    this.#slicer?.flush();
    const copy = new _BlockTree(this.#blockSize);
    copy.#levels = this.#levels.map(({ first, block, end }) => ({
      first: first === void 0 ? void 0 : Buffer.from(first),
      block: Buffer.from(block),
      end
    }));
    return copy;
  }
  /** The root hash as 64 hex digits, given the first block. Ends the tree. */
  finish(firstBlock) {
    this.#slicer?.flush();
    const block = this.#saltedBlock();
    block.set(firstBlock, SALT.length);
    let missing = digestOf(block);
    for (const [height, level] of this.#levels.entries()) {
      const first = level.first ?? level.block;
      if (first === level.block) {
        if (level.end === SALT.length + DIGEST_SIZE) break;
        first.fill(0, level.end);
      } else if (level.end > SALT.length) {
        level.block.fill(0, level.end);
        this.#add(height + 1, digestOf(level.block));
      }
      first.set(missing, SALT.length);
      missing = digestOf(first);
    }
    return missing.toString("hex");
  }
  #saltedBlock() {
    const block = Buffer.alloc(SALT.length + this.#blockSize);
    block.set(SALT);
    return block;
  }
  #level() {
    return { first: void 0, block: this.#saltedBlock(), end: SALT.length + DIGEST_SIZE };
  }
  #add(height, leaves) {
    let level = this.#levels[height];
    if (level === void 0) {
      level = this.#level();
      this.#levels.push(level);
    }
    for (let at = 0; at < leaves.length; ) {
      if (level.end === level.block.length) this.#next(height, level);
      const step = Math.min(level.block.length - level.end, leaves.length - at);
      level.block.set(leaves.subarray(at, at + step), level.end);
      at += step;
      level.end += step;
    }
  }
  /** Makes room in a full block; a digest of the first must wait. */
  #next(height, level) {
    level.end = SALT.length;
    if (level.first === void 0) {
      level.first = level.block;
      level.block = this.#saltedBlock();
    } else {
      this.#add(height + 1, digestOf(level.block));
    }
  }
};
function digestOf(block) {
  return hash(ALGORITHM, block, "buffer");
}

// src/convert/verity/leaf-digests.ts
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
var PIECE = 1024 * 1024;
var IN_MEMORY = 64 * PIECE;
var LeafDigests = class {
  #slicer;
  #blockSize;
  #folder;
  #inMemory;
  #pieces = [];
  #piece = Buffer.alloc(0);
  #filled = 0;
  #file;
  /** `folder` is private, for the file; `inMemory` in bytes, a multiple of 1 MiB. */
  constructor(blockSize, folder, inMemory = IN_MEMORY) {
    this.#blockSize = blockSize;
    this.#folder = folder;
    this.#inMemory = inMemory;
  }
  update(bytes) {
    this.#slicer ??= new Slicer(this.#blockSize, this.#add);
    this.#slicer.update(bytes);
  }
  end() {
    this.#slicer?.flush();
  }
  /** All digests in order, in pieces that are overwritten by the next; may be gone through more than once. */
  *[Symbol.iterator]() {
    for (const piece of this.#pieces) if (piece !== this.#piece) yield piece;
    if (this.#file !== void 0) {
      const buffer = Buffer.allocUnsafeSlow(PIECE);
      for (let at = 0; at < this.#file.size; at += PIECE) {
        for (let read = 0; read < PIECE; ) {
          const length = readSync(this.#file.handle, buffer, read, PIECE - read, at + read);
          if (length === 0) throw new Error("the file of digests was cut");
          read += length;
        }
        yield buffer;
      }
    }
    yield this.#piece.subarray(0, this.#filled);
  }
  /** Removes the file, if there is one. */
  close() {
    if (this.#file === void 0) return;
    closeSync(this.#file.handle);
    rmSync(this.#file.path, { force: true });
    this.#file = void 0;
  }
  #add = (digests) => {
    for (let at = 0; at < digests.length; ) {
      if (this.#filled === this.#piece.length) this.#nextPiece();
      const copied = digests.copy(this.#piece, this.#filled, at);
      at += copied;
      this.#filled += copied;
    }
  };
  #nextPiece() {
    this.#filled = 0;
    if (this.#piece.length === PIECE && this.#pieces.length * PIECE >= this.#inMemory) {
      this.#spill();
      return;
    }
    this.#piece = Buffer.allocUnsafeSlow(this.#pieces.length === 0 ? PIECE / 16 : PIECE);
    this.#pieces.push(this.#piece);
  }
  #spill() {
    if (this.#file === void 0) {
      const path = join(this.#folder, `leaf-digests-${randomUUID()}`);
      this.#file = { path, handle: openSync(path, "wx+", 384), size: 0 };
    }
    for (let at = 0; at < PIECE; ) {
      at += writeSync(this.#file.handle, this.#piece, at, PIECE - at, this.#file.size + at);
    }
    this.#file.size += PIECE;
  }
};

// src/convert/worker/native-consumer.ts
var NativeConsumer = class {
  reportsDropped = true;
  #builds;
  constructor({ plans, folder }) {
    const hashing = {
      tree: (blockSize) => new BlockTree(blockSize),
      leaves: (blockSize) => new LeafDigests(blockSize, folder)
    };
    this.#builds = plans.map((plan) => ({ plan, take: startNative({ ...plan, hashing }) }));
  }
  async take(piece) {
    for (const { take } of this.#builds) await take.push(piece);
    releasePiece(piece);
  }
  async end() {
    const roots = [];
    let facts = {};
    for (const { plan, take } of this.#builds) {
      const result = await take.end();
      roots.push(plan.classes.map((of) => rootOf(result, of)));
      facts = { dropped: result.dropped };
    }
    await this.stop();
    return { ...facts, roots };
  }
  async stop() {
    for (const { take } of this.#builds) take.close();
  }
};
function rootOf({ images }, of) {
  const image = images.get(of);
  if (image === void 0) throw new TypeError(`class ${of} was not built`);
  if (image instanceof VeritySignError) throw image;
  return image;
}
export {
  NativeConsumer
};
