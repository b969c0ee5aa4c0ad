import {
  isDigest,
  splitDigest
} from "./shared.inputs.js";
import {
  VeritySignError
} from "./shared.start.js";

// src/convert/blob/buffer-ownership.ts
var OWNED = /* @__PURE__ */ new WeakSet();
function markOwned(chunk) {
  OWNED.add(chunk.buffer);
}
function releaseOwned({ buffer, byteOffset, length }) {
  if (OWNED.has(buffer) && byteOffset + length === buffer.byteLength) buffer.transfer(0);
}

// builtin-load:load of conversion
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of conversion
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var createHash = /* @__PURE__ */ one("createHash");
var hash = /* @__PURE__ */ one("hash");

// src/convert/blob/checked-blob.ts
async function* checkedBlob(blob, expected, onProgress) {
  const hash2 = startHash(expected.digest, "digest");
  let size = 0;
  for await (const chunk of blob) {
    size += chunk.length;
    if (size > expected.size) throw sizeDiffers(`more than ${expected.size} bytes`, expected.size);
    hash2.update(chunk);
    onProgress?.(size);
    yield chunk;
  }
  if (size !== expected.size) throw sizeDiffers(`${size} bytes`, expected.size);
  const digest = digestText(expected.digest, hash2);
  if (digest !== expected.digest) {
    throw new VeritySignError(
      "image",
      `the blob has the digest ${digest}, but the image names ${expected.digest}`,
      {
        remedy: "Fetch the image again; if that does not help, repair the registry or layout"
      }
    );
  }
}
function sizeDiffers(found6, expected) {
  return new VeritySignError("image", `the blob has ${found6}, but its descriptor says ${expected}`, {
    remedy: "Fetch the image again; if that does not help, repair the registry or layout"
  });
}
function startHash(digest, what) {
  if (!isDigest(digest)) {
    throw new VeritySignError(
      "image",
      `the layer's ${what} ${JSON.stringify(digest)} is not a sha256 or sha512 digest`
    );
  }
  return createHash(splitDigest(digest).algorithm);
}
function digestText(like, hash2) {
  return `${splitDigest(like).algorithm}:${hash2.digest("hex")}`;
}

// builtin:node:zlib of conversion
var found2;
var all2 = () => found2 ??= load("node:zlib");
var createGunzip = (...given) => all2().createGunzip(...given);
var createZstdDecompress = (...given) => all2().createZstdDecompress(...given);

// src/convert/blob/decompress.ts
var CHUNK_SIZE = 1024 * 1024;
function decompress(blob, compression) {
  if (compression === "gzip") return gunzip(blob);
  if (compression === "zstd") return unzstd(blob);
  return plain(blob);
}
async function* plain(blob) {
  for (let chunk = await next(blob); chunk !== void 0; chunk = await next(blob)) yield chunk;
}
async function* gunzip(blob) {
  const first = await next(blob);
  if (first === void 0) return;
  let rest;
  try {
    rest = yield* through(createGunzip({ chunkSize: CHUNK_SIZE }), first, blob);
  } catch (error) {
    throw gzipError(error);
  }
  for (; rest !== void 0; rest = await next(blob)) {
    if (rest.some((byte) => byte !== 0)) throw garbage("gzip", void 0);
  }
}
async function* unzstd(blob) {
  let rest = await next(blob);
  let afterFrame = false;
  while (rest !== void 0) {
    try {
      rest = yield* through(createZstdDecompress({ chunkSize: CHUNK_SIZE }), rest, blob);
    } catch (error) {
      throw zstdError(error, afterFrame);
    }
    afterFrame = true;
  }
}
async function* through(engine, first, blob) {
  const feeding = feed(engine, first, blob);
  feeding.catch((error) => engine.destroy(error));
  try {
    for await (const chunk of engine) {
      markOwned(chunk);
      yield chunk;
    }
    return await feeding;
  } finally {
    engine.destroy();
  }
}
async function feed(engine, first, blob) {
  let written = 0;
  for (let chunk = first; chunk !== void 0; chunk = await next(blob)) {
    written += chunk.length;
    await write(engine, chunk);
    const left = written - engine.bytesWritten;
    if (left > 0) return chunk.subarray(chunk.length - left);
    if (engine.destroyed) return void 0;
    releaseOwned(chunk);
  }
  engine.end();
  return void 0;
}
function write(engine, chunk) {
  return new Promise((resolve) => {
    const done = () => {
      engine.off("close", done);
      resolve();
    };
    engine.once("close", done);
    engine.write(chunk, done);
  });
}
async function next(blob) {
  const result = await blob.next();
  if (result.done) return void 0;
  return result.value.length === 0 ? next(blob) : result.value;
}
function gzipError(error) {
  if (!isZlibError(error)) return error;
  switch (error.message) {
    case "unexpected end of file":
      return damaged("the gzip stream is truncated", error);
    case "incorrect data check":
      return damaged("the gzip stream has a bad CRC", error);
    case "incorrect length check":
      return damaged("the gzip stream has a wrong length field", error);
    case "incorrect header check":
      return garbage("gzip", error);
    default:
      return damaged(`the gzip stream is damaged (${error.message})`, error);
  }
}
function zstdError(error, afterFrame) {
  if (!isZlibError(error)) return error;
  if (error.message === "unexpected end of file") return damaged("the zstd stream is truncated", error);
  if (error.code === "ZSTD_error_prefix_unknown") return garbage("zstd", error);
  const where = afterFrame ? " after its first frame" : "";
  return damaged(`the zstd stream is damaged${where} (${error.message})`, error);
}
function isZlibError(error) {
  if (typeof error !== "object" || error === null || !("code" in error)) return false;
  return typeof error.code === "string" && /^(Z_|ZSTD_)/.test(error.code);
}
function damaged(message, cause) {
  return new VeritySignError("image", message, { remedy: "Push the image again from its source", cause });
}
function garbage(format, cause) {
  return damaged(`the ${format} stream is followed by garbage`, cause);
}

// builtin:node:stream of conversion
var found3;
var all3 = () => found3 ??= load("node:stream");
var one2 = (name) => all3()[name];
var PassThrough = /* @__PURE__ */ one2("PassThrough");

// src/lib/concurrent.ts
function onAbort(signal, stop) {
  if (signal?.aborted === true) stop();
  else signal?.addEventListener("abort", stop, { once: true });
  return () => signal?.removeEventListener("abort", stop);
}
async function within({ signal, timeout }, work) {
  const either = timeout === void 0 ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  either.throwIfAborted();
  const over = Promise.withResolvers();
  const release = onAbort(either, () => setImmediate(() => over.reject(either.reason)));
  try {
    return await Promise.race([work(either), over.promise]);
  } finally {
    release();
  }
}
async function alongside(check, signal, work) {
  const stop = new AbortController();
  let checkFailed;
  const checked = check.result.catch((error) => {
    checkFailed = { error };
    stop.abort();
  });
  try {
    const done = await work(AbortSignal.any([signal, stop.signal]));
    await checked;
    return [await check.result, done];
  } catch (error) {
    if (check.explains?.(error)) await checked;
    if (checkFailed !== void 0) throw checkFailed.error;
    await check.stop();
    throw error;
  }
}
async function mapConcurrently(items, limit, signal, work) {
  const results = new Array(items.length);
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let next2 = 0;
  let failed = false;
  let failure;
  async function worker() {
    while (!failed && next2 < items.length) {
      const index = next2++;
      try {
        results[index] = await work(items[index], both);
      } catch (error) {
        if (!failed) failure = error;
        failed = true;
        stop.abort();
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker));
  if (failed) throw failure;
  return results;
}
async function firstErrorInOrder(work) {
  await Promise.allSettled(work);
  const results = [];
  for (const one5 of work) results.push(await one5);
  return results;
}

// src/lib/process/drained.ts
function drained(sink) {
  if (sink.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      sink.off("drain", done);
      sink.off("close", done);
      resolve();
    };
    sink.once("drain", done);
    sink.once("close", done);
  });
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

// src/convert/tar/numbers.ts
var SPACE = 32;
var PLUS = 43;
var MINUS = 45;
var isBlank = (byte) => byte === SPACE || byte >= 9 && byte <= 13;
var isDecimal = (byte) => byte >= 48 && byte <= 57;
function octal(block, start, length) {
  const end = start + length;
  let at = start;
  while (at < end && isBlank(block[at])) at += 1;
  const sign = at < end ? block[at] : 0;
  if (sign === MINUS || sign === PLUS) at += 1;
  const digits = at;
  let value = 0;
  for (; at < end; at++) {
    const digit = block[at] - 48;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  if (at === digits) return block[start] === SPACE ? 0 : void 0;
  const after = at < end ? block[at] : 0;
  if (after !== 0 && after !== SPACE) return void 0;
  return sign === MINUS ? 0 - value : value;
}
function number(block, start, length) {
  const first = block[start];
  if (first !== 128 && first !== 255) return octal(block, start, length);
  let value = 0n;
  for (let at = start + 1; at < start + length; at++) value = value << 8n | BigInt(block[at]);
  return narrowed(BigInt.asIntN(64, value));
}
function isNegativeBase256(block, start) {
  return block[start] === 255;
}
var LARGEST = (1n << 63n) - 1n;
var SMALLEST = -(1n << 63n);
var SAFE_DIGITS = 15;
var MOST_DIGITS = 19;
function scanDecimal(text, at) {
  let digits = at;
  while (isBlank(text.charCodeAt(digits))) digits += 1;
  const sign = text.charCodeAt(digits);
  if (sign === MINUS || sign === PLUS) digits += 1;
  let end = digits;
  while (isDecimal(text.charCodeAt(end))) end += 1;
  if (end === digits) return void 0;
  const value = decimal(text, digits, end, sign === MINUS);
  while (isBlank(text.charCodeAt(end))) end += 1;
  return { value, end };
}
function decimal(text, from, end, negative) {
  let start = from;
  while (start < end && text.charCodeAt(start) === 48) start += 1;
  if (end - start > MOST_DIGITS) return negative ? SMALLEST : LARGEST;
  if (end - start <= SAFE_DIGITS) {
    let value2 = 0;
    for (let at = start; at < end; at++) value2 = value2 * 10 + text.charCodeAt(at) - 48;
    return negative ? 0 - value2 : value2;
  }
  const size = BigInt(text.slice(start, end));
  const value = negative ? -size : size;
  return narrowed(value > LARGEST ? LARGEST : value < SMALLEST ? SMALLEST : value);
}
function narrowed(value) {
  const number2 = Number(value);
  return Number.isSafeInteger(number2) ? number2 : value;
}
function toInt(value) {
  return typeof value === "number" ? value | 0 : Number(BigInt.asIntN(32, value));
}
function toUint(value) {
  return typeof value === "number" ? value >>> 0 : Number(BigInt.asUintN(32, value));
}
var MAX_NEAR = 2 ** 52;
var Offset = class {
  /** A multiple of {@link unit}. */
  #far = 0n;
  #near = 0;
  #unit;
  /** @param unit bytes, a power of 2 */
  constructor(unit) {
    this.#unit = unit;
  }
  /** The exact value. */
  get value() {
    return this.#far + BigInt(this.#near);
  }
  /** The nearest number. */
  get nearest() {
    return this.#far === 0n ? this.#near : Number(this.value);
  }
  /** Bytes up to the next multiple of the unit. */
  get padding() {
    const over = this.#near % this.#unit;
    return over === 0 ? 0 : this.#unit - over;
  }
  add(size) {
    if (typeof size === "number" && size < MAX_NEAR && this.#near < MAX_NEAR) {
      this.#near += size;
      return;
    }
    const value = this.value + BigInt(size);
    const near = value % BigInt(this.#unit);
    this.#near = Number(near);
    this.#far = value - near;
  }
};

// src/convert/tar/device-number.ts
var MAJOR_FIELD = 329;
var MINOR_FIELD = 337;
var MAX_MAJOR = 4095;
var MAX_MINOR = 1048575;
function deviceFields(block) {
  const major = number(block, MAJOR_FIELD, 8);
  const minor = number(block, MINOR_FIELD, 8);
  if (major === void 0 || minor === void 0) return void 0;
  const deviceFits = major >= 0 && major <= MAX_MAJOR && minor >= 0 && minor <= MAX_MINOR;
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

// src/convert/tar/header.ts
var TAR_BLOCK = 512;
function newHeaderBlock() {
  const bytes = Buffer.from(new ArrayBuffer(TAR_BLOCK));
  return { bytes, words: new Uint32Array(bytes.buffer) };
}
function blockKind({ bytes, words }) {
  const checksum = octal(bytes, 148, 8);
  if (checksum === void 0) return bytes[0] === 0 ? "zero" : "bad checksum field";
  const stored = checksum >>> 0;
  const sum = 8 * 32 + byteSum(words, 0, 148) + byteSum(words, 156, 500);
  if (stored === sum) return "header";
  const negative = signBits(words, 0, 148) + signBits(words, 156, 500);
  if (stored === sum - 256 * negative >>> 0) return "header";
  return bytes[0] === 0 ? "zero" : "bad checksum";
}
function byteSum(words, start, end) {
  let pairs = 0;
  for (let at = start >>> 2; at < end >>> 2; at++) {
    const word = words[at];
    pairs = pairs + (word & 16711935) + (word >>> 8 & 16711935) | 0;
  }
  return (pairs & 65535) + (pairs >>> 16);
}
function signBits(words, start, end) {
  let count = 0;
  for (let at = start >>> 2; at < end >>> 2; at++) {
    for (let bits = words[at] & 2155905152; bits !== 0; bits &= bits - 1) count += 1;
  }
  return count;
}
function isUstar(block) {
  return block[257] === 117 && block[258] === 115 && block[259] === 116 && block[260] === 97 && block[261] === 114;
}
function textField(block, start, length) {
  let end = start;
  while (end < start + length && block[end] !== 0) end += 1;
  return end === start ? "" : block.toString("latin1", start, end);
}
function headerPath(block) {
  const name = textField(block, 0, 100);
  if (block[345] === 0) return name;
  const prefix = textField(block, 345, 155);
  return prefix.endsWith("/") ? prefix + name : `${prefix}/${name}`;
}

// src/convert/tar/pax/text-copy.ts
var reused = Buffer.alloc(0);
function scratch(size) {
  if (size > reused.length) reused = Buffer.allocUnsafeSlow(Math.max(size, 2 * reused.length));
  return reused;
}
function joined(...parts) {
  const into = scratch(parts.reduce((sum, { length }) => sum + length, 0));
  let size = 0;
  for (const part of parts) size += into.write(part, size, "latin1");
  return into.toString("latin1", 0, size);
}

// src/convert/tar/pax/mkfs-base64.ts
var ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
var NONE = 255;
var SEXTETS = new Uint8Array(256).fill(NONE);
for (const [value, letter] of [...ALPHABET].entries()) SEXTETS[letter.charCodeAt(0)] = value;
function decodeBase64(text) {
  return decode(text, "high");
}
function decodeBase64Reversed(text) {
  return decode(text, "low");
}
function decode(text, from) {
  const whole = text.length > 0 && text.length % 4 === 0;
  const length = whole ? text.length - paddingOf(text) : text.length;
  const out = scratch(Math.ceil(length * 6 / 8));
  let size = 0;
  let value = 0;
  let bits = 0;
  for (let at = 0; at < length; at++) {
    const sextet = SEXTETS[text.charCodeAt(at)];
    if (sextet === NONE) return void 0;
    value = from === "high" ? (value << 6 | sextet) & 65535 : value + (sextet << bits);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    if (from === "high") {
      out[size++] = value >> bits & 255;
    } else {
      out[size++] = value & 255;
      value >>= 8;
    }
  }
  const left = from === "high" ? value & (1 << bits) - 1 : value;
  if (left !== 0) {
    if (whole || left > 255) return void 0;
    out[size++] = left;
  }
  return out.toString("latin1", 0, size);
}
function paddingOf(text) {
  if (!text.endsWith("=")) return 0;
  return text.endsWith("==") ? 2 : 1;
}
function decodePercent(text) {
  const end = text.indexOf("\0");
  const name = end === -1 ? text : text.slice(0, end);
  if (!name.includes("%")) return name;
  const out = scratch(name.length);
  out.write(name, "latin1");
  let size = 0;
  for (let at = 0; at < name.length; at++) {
    const byte = out[at];
    const [high, low] = byte === PERCENT && at + 2 < name.length ? [hexOf(out[at + 1]), hexOf(out[at + 2])] : [NONE, NONE];
    if (high !== NONE && low !== NONE) {
      out[size++] = high * 16 + low;
      at += 2;
    } else {
      out[size++] = byte;
    }
  }
  return out.toString("latin1", 0, size);
}
var PERCENT = 37;
function hexOf(byte = 0) {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : NONE;
}

// src/convert/tar/pax/time.ts
function scanTime(text) {
  const whole = scanDecimal(text, 0);
  if (whole === void 0) return void 0;
  const { value: seconds, end } = whole;
  if (end === text.length) return { seconds, nanoseconds: 0 };
  const nanoseconds = text[end] === "." ? fractionFrom(text, end + 1) : void 0;
  if (nanoseconds === void 0) return void 0;
  if (nanoseconds === 0 || !text.startsWith("-")) return { seconds, nanoseconds };
  if (seconds === -(1n << 63n)) return void 0;
  return { seconds: narrowed(BigInt(seconds) - 1n), nanoseconds: 1e9 - nanoseconds };
}
function fractionFrom(text, start) {
  let nanoseconds = 0;
  let unit = 1e8;
  for (let at = start; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return void 0;
    nanoseconds += digit * unit;
    unit = Math.floor(unit / 10);
  }
  return start < text.length ? nanoseconds : void 0;
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
    if ((into.size ?? 0) < 0) {
      reject(unsupported("it has a negative size in a PAX header"), ({ negativeSizes }) => negativeSizes);
      throw malformed("a negative size in a PAX header");
    }
  } else if (key === "uid" || key === "gid") {
    const id = readNumber(text, reject);
    into[key] = id === void 0 ? void 0 : toUint(id);
  } else if (key.startsWith(SCHILY)) {
    const xattr = pair(key.slice(SCHILY.length), value);
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
  return { pair: joined(name, "=", value), nameLength: name.length };
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
    throw tooManyXattrs();
  }
}
function tooManyXattrs() {
  return unsupported("it has too many extended attributes, or too large ones");
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
  let hash2 = seed + P5 | 0;
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
    hash2 = rotate(first, 1) + rotate(second, 7) + rotate(third, 12) + rotate(fourth, 18) | 0;
  }
  hash2 = hash2 + end - start | 0;
  for (; at + 4 <= end; at += 4) {
    hash2 = Math.imul(rotate(hash2 + Math.imul(bytes.readUInt32LE(at), P3) | 0, 17), P4);
  }
  for (; at < end; at++) {
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
    const hash2 = xxh32(
      xattrs.page(position),
      start + length,
      start + xattrs.nameLength(position),
      FILTER_SEED + index
    );
    used |= 1 << (hash2 & 31);
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
var MAX_ITEMS = 65536;
var MAX_BYTES = 24 * 1024 * 1024;
var MAX_STEPS = 4e6;
var STEP = 64;
var XattrSteps = class {
  #left = MAX_STEPS;
  /** False if too many have been taken. */
  take(steps) {
    this.#left -= steps;
    return this.#left >= 0;
  }
};
var NONE2 = /* @__PURE__ */ new Set();
var XattrList = class _XattrList {
  #steps;
  #items = [];
  /** Undefined while there is none, as in most entries: a map for each would be slow. */
  #byName;
  /** Some name contains a `=` or NUL, and may match a part of another name or value. */
  #ambiguous = false;
  #overflown = false;
  #damaged;
  #storedSize = 0;
  /** Bytes of all pairs. */
  #bytes = 0;
  constructor(steps) {
    this.#steps = steps;
  }
  get size() {
    return this.#items.length;
  }
  /** The attributes that mkfs.erofs damages. */
  get damaged() {
    return this.#damaged ?? NONE2;
  }
  /** Bytes of all attributes in an inode. */
  get storedSize() {
    return this.#storedSize;
  }
  has(name) {
    return this.#byName?.has(name) ?? false;
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
    const compared = this.#ambiguous ? this.#items.length * Math.ceil(pair2.length / STEP) : 0;
    if (this.#overflown || !this.#steps.take(1 + compared)) return this.#overflow();
    const found6 = this.#ambiguous ? this.#findAmbiguous(pair2, nameLength + 1) : this.#byName?.get(name);
    if (found6 === void 0) {
      this.#bytes += pair2.length;
      if (this.#items.length === MAX_ITEMS || this.#bytes > MAX_BYTES) return this.#overflow();
      const item = { pair: pair2, nameLength };
      this.#items.push(item);
      this.#byName ??= /* @__PURE__ */ new Map();
      this.#byName.set(name, item);
      this.#examine(item);
    } else if (!keep) {
      this.#storedSize -= storedSizeOf(found6);
      this.#bytes -= found6.pair.length;
      found6.pair = this.#ambiguous ? joined(found6.pair.slice(0, nameLength), pair2.slice(nameLength)) : pair2;
      this.#bytes += found6.pair.length;
      if (this.#bytes > MAX_BYTES) return this.#overflow();
      this.#examine(found6);
      if (found6.pair.length <= found6.nameLength) return "undefined result";
    }
    return "set";
  }
  copy() {
    const list = new _XattrList(this.#steps);
    const copies = /* @__PURE__ */ new Map();
    for (const item of this.#items) {
      const copy = { ...item };
      copies.set(item, copy);
      list.#items.push(copy);
    }
    const copyOf = (item) => copies.get(item) ?? item;
    list.#byName = this.#byName && new Map([...this.#byName].map(([name, item]) => [name, copyOf(item)]));
    list.#damaged = this.#damaged && new Set([...this.#damaged].map(copyOf));
    list.#ambiguous = this.#ambiguous;
    list.#overflown = this.#overflown;
    list.#storedSize = this.#storedSize;
    list.#bytes = this.#bytes;
    return list;
  }
  #examine(item) {
    this.#storedSize += storedSizeOf(item);
    if (damageOf(item) === void 0) {
      this.#damaged?.delete(item);
    } else {
      this.#damaged ??= /* @__PURE__ */ new Set();
      this.#damaged.add(item);
    }
  }
  #overflow() {
    this.#overflown = true;
    return "too many";
  }
  /** The first attribute that `strncmp` over `length` bytes finds equal to `pair`. */
  #findAmbiguous(pair2, length) {
    const nul = pair2.indexOf("\0");
    const start = pair2.slice(0, nul !== -1 && nul < length ? nul + 1 : length);
    const whole = start.endsWith("\0") ? start.length - 1 : -1;
    return this.#items.find(
      (item) => item.pair.startsWith(start) || item.pair.length === whole && start.startsWith(item.pair)
    );
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
var NO_XATTRS = new XattrList(new XattrSteps());
function readEntry(block, context, reject) {
  const { flag, path, size, dataOffset, overrides } = context;
  const permissions = octal(block, 100, 8);
  if (permissions === void 0) throw malformed("a mode that is not a number");
  const uid = overrides.uid ?? ownerField(block, UID_FIELD);
  const gid = overrides.gid ?? ownerField(block, GID_FIELD);
  const timed = overrides.mtime !== void 0 || overrides.oldMtime !== void 0;
  const seconds = timed ? 0 : number(block, TIME_FIELD, 12);
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
  const { xattrs, reversedXattrs } = xattrsOf(context);
  return {
    path,
    oldPath: overrides.emptyPath && overrides.path === void 0 ? "" : path,
    hardLink: flag === "1",
    target,
    oldTarget: overrides.emptyLink && overrides.link === void 0 ? "" : target,
    mode: typeOf(flag) | permissions & 4095,
    size,
    uid,
    gid,
    mtime: overrides.mtime ?? headerTime,
    oldMtime: overrides.oldMtime ?? headerTime,
    major: device.major,
    minor: device.minor,
    deviceFits: device.deviceFits,
    dataOffset,
    xattrs,
    reversedXattrs,
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
      for (const xattr of global) if (own.set(xattr, true) === "too many") throw tooManyXattrs();
      return own[Symbol.iterator]();
    }
  };
}

// src/convert/tar/losses.ts
var MAX_XATTRS = 4 * 65534;
var NAMELESS = /(^|\/)\.wh\.$/;
var DOTS = /(^|\/)\.wh\.\.{1,2}$/;
var NONE3 = [];
function lossesOf(entry, own, global) {
  const role = roleOf(entry.path);
  if (role === "opaque marker") return NONE3;
  if (entry.hardLink && role === "ordinary") return NONE3;
  const found6 = role === "whiteout" ? whiteoutLosses(entry) : ordinaryLosses(entry);
  if (entry.hardLink || own.size === 0 && global.size === 0) return found6;
  const damage = xattrDamage(own, global);
  return damage === void 0 ? found6 : [...found6, damage];
}
function whiteoutLosses({ path, size, hardLink }) {
  if (NAMELESS.test(path)) return ["whiteout without a name: its directory is unreadable"];
  if (DOTS.test(path)) return ["whiteout of . or ..: dropped"];
  if (hardLink) return ["hard link named like a whiteout: hides nothing"];
  return size > 0 ? ["whiteout with data: hides nothing"] : NONE3;
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
  return NONE3;
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
function noOverrides(steps) {
  const xattrs = new XattrList(steps);
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
  #steps = new XattrSteps();
  global = noOverrides(this.#steps);
  current = noOverrides(this.#steps);
  /** `current` may differ from the global values. */
  #changed = false;
  /**
   * Applies the data of an extended header with typeflag `x`, `g`, `L` or `K`.
   * @throws VeritySignError 'image' for data that every release refuses
   * [erofs-utils, lib/tar.c, tarerofs_parse_tar]
   */
  apply(flag, data, reject) {
    this.#changed = true;
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
  /** The next entry begins with the global values. */
  endEntry() {
    if (!this.#changed && this.global.xattrs.size === 0 && this.global.reversedXattrs.size === 0) return;
    this.#changed = false;
    const { xattrs, reversedXattrs } = noOverrides(this.#steps);
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
var SMALL_EXTENSION = 1024;
var MAX_EXTENSIONS = 160 * 1024 * 1024;
var MAX_PAX = 4294967295;
var MAX_NAME2 = 4096;
var MAX_OLD_PAX = 32768;
var SIZE_FIELD = 124;
var TYPE_FIELD = 156;
var TarReader = class {
  #handler;
  #overrides = new OverrideState();
  #state = "header";
  /** Offset in the tar, by the declared sizes. */
  #position = new Offset(TAR_BLOCK);
  /** Where mkfs.erofs stopped reading, if it did so before the end of the tar. */
  #stoppedAt;
  /** Bytes to skip before the next header. */
  #padding = 0;
  #block = newHeaderBlock();
  #filled = 0;
  /** A first zero block has come since the last entry. */
  #zeroBlock = false;
  /** The typeflag of the extended header whose data is being read, and that data; '' if it is skipped. */
  #flag = "";
  #data = new ReusedBuffer();
  /** Bytes of extended headers so far, without the first {@link SMALL_EXTENSION} of each. */
  #extensions = 0;
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
    return this.#stoppedAt ?? this.#position.value;
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
    if (this.#state === "ignored" && this.#position.padding > 0) {
      throw malformed("the last entry is cut");
    }
    if (this.#padding > 0) throw malformed("the padding behind a file is cut");
    if (this.#block.bytes.subarray(0, this.#filled).some((byte) => byte !== 0)) {
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
    const end = Math.min(chunk.length, start + TAR_BLOCK - this.#filled);
    chunk.copy(this.#block.bytes, this.#filled, start, end);
    this.#filled += end - start;
    if (this.#filled === TAR_BLOCK) {
      this.#filled = 0;
      this.#header();
    }
    return end;
  }
  #header() {
    const block = this.#block.bytes;
    this.#handler.header?.(block);
    this.#position.add(TAR_BLOCK);
    const kind = blockKind(this.#block);
    if (kind === "zero") {
      if (this.#zeroBlock) this.#state = "end";
      this.#zeroBlock = true;
      return;
    }
    if (kind !== "header") throw malformed(`a header with a ${kind}`);
    const flag = String.fromCharCode(block[TYPE_FIELD]);
    if (flag === "V") {
      this.#handler.volumeName(block.subarray(0, 16));
      return;
    }
    if (!isUstar(block)) throw malformed("a header that is not ustar");
    const exactSize = this.#overrides.current.size ?? this.#sizeField(block);
    if (exactSize < 0) {
      this.#handler.reject(unsupported("it has a negative size"), ({ negativeSizes }) => negativeSizes);
      throw malformed("a negative size");
    }
    const dataOffset = this.#position.nearest;
    this.#position.add(exactSize);
    const size = Number(exactSize);
    if (flag >= "0" && flag <= "7") this.#entry(block, flag, size, dataOffset);
    else if (flag === "x" || flag === "g" || flag === "L" || flag === "K") this.#extend(flag, size);
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
    const tooLarge2 = size > MAX_EXTENSION;
    if (tooLarge2)
      reject(unsupported(`it has an extended header of more than ${MAX_EXTENSION} bytes`), everyRelease);
    this.#extensions += Math.max(0, size - SMALL_EXTENSION);
    const tooMuch = this.#extensions > MAX_EXTENSIONS;
    if (tooMuch)
      reject(unsupported(`it has extended headers of more than ${MAX_EXTENSIONS} bytes`), everyRelease);
    this.#flag = tooLarge2 || tooMuch ? "" : flag;
    this.#data.clear();
    this.#expect("extension", size);
  }
  /** Skips an entry that mkfs.erofs does not store. */
  #ignore(name, size, what) {
    this.#handler.dropped(name, what);
    this.#handler.content?.(name, size + this.#position.padding);
    this.#endEntry();
    this.#expect("ignored", size);
  }
  #entry(block, flag, size, dataOffset) {
    const path = this.#path(block);
    const { current: overrides, global } = this.#overrides;
    const entry = readEntry(block, { flag, path, size, dataOffset, overrides, global }, this.#handler.reject);
    if (entry === void 0) {
      const end = this.#position.value;
      this.#ignore(this.#nameOf(block), size, "invalid device number: dropped with all that follows");
      this.#stop(end);
      return;
    }
    const nul = overrides.nulInPath ? ["NUL in its PAX path: the rest of the name is undefined"] : [];
    const losses = lossesOf(entry, overrides.xattrs, global.xattrs);
    if (nul.length + losses.length > 0)
      this.#handler.dropped(entry.sparsePath ?? path, [...nul, ...losses].join("; "));
    this.#name = entry.sparsePath ?? path;
    const consumes = this.#handler.entry(entry);
    this.#handler.content?.(path, (consumes ? size : 0) + this.#position.padding);
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
    this.#wanted = size;
    this.#left = size;
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
    this.#padding = this.#position.padding;
    this.#position.add(this.#padding);
  }
  #apply(data) {
    this.#handler.header?.(data);
    if (this.#flag !== "") this.#overrides.apply(this.#flag, data, this.#handler.reject);
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

// builtin:node:timers/promises of conversion
var found4;
var all4 = () => found4 ??= load("node:timers/promises");
var one3 = (name) => all4()[name];
var setImmediate2 = /* @__PURE__ */ one3("setImmediate");

// src/convert/blob/pieces.ts
var PIECE = 256 * 1024;
async function* pieces(chunk) {
  if (chunk.length <= PIECE) {
    yield chunk;
    return;
  }
  for (let from = 0; from < chunk.length; from += PIECE) {
    await setImmediate2();
    yield chunk.subarray(from, from + PIECE);
  }
}

// src/convert/blob/sniff.ts
var SNIFF_LENGTH = 512;
function sniffCompression(firstBytes) {
  if (startsWith2(firstBytes, [31, 139])) return "gzip";
  if (startsWith2(firstBytes, [40, 181, 47, 253])) return "zstd";
  const first = firstBytes[0] ?? 0;
  if (first >= 80 && first <= 95 && startsWith2(firstBytes.subarray(1), [42, 77, 24])) return "zstd";
  return "none";
}
function looksLikeTar(firstBytes) {
  return ascii(firstBytes.subarray(257, 262)) === "ustar";
}
function describeBytes(firstBytes) {
  if (firstBytes.length === 0) return "nothing (the blob is empty)";
  if (looksLikeTar(firstBytes)) return "a plain tar";
  const compression = sniffCompression(firstBytes);
  if (compression !== "none") return compression;
  if (startsWith2(firstBytes, [253, 55, 122, 88, 90])) return "xz";
  if (ascii(firstBytes.subarray(0, 3)) === "BZh") return "bzip2";
  if (startsWith2(firstBytes, [80, 75, 3, 4])) return "zip";
  const text = ascii(firstBytes.subarray(0, 64)).trimStart();
  if (text.startsWith("{") || text.startsWith("[")) return "JSON";
  if (/^<(!doctype|html|\?xml)/i.test(text)) return "HTML or XML";
  if (firstBytes.every((byte) => byte === 0)) return "zero bytes";
  return "an unknown format";
}
function startsWith2(bytes, magic) {
  return magic.every((byte, at) => bytes[at] === byte);
}
function ascii(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

// src/convert/blob/layer-tar.ts
function readLayer(blob, expected, options, consume) {
  const chunks = checkedBlob(blob, expected, options.onProgress);
  return pumpUntilAborted(blob, chunks, expected, options, consume);
}
function readCheckedLayer(blob, expected, options, consume) {
  return pumpUntilAborted(blob, chunksOf(blob), expected, options, consume);
}
async function* chunksOf(blob) {
  yield* blob;
}
async function pumpUntilAborted(blob, chunks, expected, options, consume) {
  let release = () => void 0;
  try {
    if (options.signal?.aborted) throw stopped();
    release = onAbort(options.signal, () => void blob.destroy(stopped()));
    return await pump(chunks, expected, options, consume);
  } finally {
    release();
    blob.destroy();
  }
}
function openLayerTar(blob, expected, options) {
  const tar = new PassThrough({ highWaterMark: 2 * 1024 * 1024 });
  const release = onAbort(options.signal, () => void tar.destroy(stopped()));
  tar.once("close", () => {
    release();
    blob.destroy();
  });
  const consume = async (chunk) => {
    if (tar.destroyed) throw new UnreadError();
    if (!tar.write(chunk)) await drained(tar);
  };
  const facts = readLayer(blob, expected, options, consume).then(
    (read) => {
      tar.end();
      return read;
    },
    (error) => {
      const reason = tar.destroyed ? tar.errored ?? new UnreadError() : error;
      tar.destroy(reason);
      throw reason;
    }
  );
  facts.catch(() => void 0);
  tar.on("error", () => void 0);
  return { tar, facts };
}
async function pump(checked, expected, { maxTarSize, signal, skipTarFacts = false }, consume) {
  const { format = "tar", compression, digest, size } = expected;
  const diffHash = startHash(expected.diffId, "diffID");
  const digestTwice = compression !== "none" || digest.slice(0, 6) !== expected.diffId.slice(0, 6);
  const observer2 = new TarFactsObserver();
  let tarSize = 0;
  let anyByte = false;
  try {
    for await (const chunk of decompress(sniffed(checked, format, compression), compression)) {
      tarSize += chunk.length;
      anyByte ||= tarSize < TAR_BLOCK && chunk.some((byte) => byte !== 0);
      if (tarSize > maxTarSize) throw tooLarge(maxTarSize);
      if (digestTwice) for await (const piece of pieces(chunk)) diffHash.update(piece);
      if (!skipTarFacts) observer2.push(chunk);
      if (signal?.aborted) throw stopped();
      await consume(chunk);
    }
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== "image") throw error;
    if (error instanceof TooLargeError) throw error;
    await readRest(checked);
    throw error;
  }
  await readRest(checked);
  if (format === "tar" && anyByte && tarSize < TAR_BLOCK) throw noTar(tarSize);
  const diffId = digestTwice ? digestText(expected.diffId, diffHash) : digest;
  if (diffId !== expected.diffId) {
    throw new VeritySignError(
      "image",
      `the uncompressed layer has the digest ${diffId}, the image config says ${expected.diffId}`,
      { remedy: "Build and push the image again: its config does not match its layers" }
    );
  }
  return { digest, size, diffId, tarSize, ...observer2.result() };
}
async function readRest(checked) {
  while (!(await checked.next()).done) ;
}
async function* sniffed(chunks, format, compression) {
  let head = Buffer.alloc(0);
  let result = await chunks.next();
  for (; !result.done && head.length < SNIFF_LENGTH; result = await chunks.next()) {
    head = head.length === 0 ? result.value : Buffer.concat([head, result.value]);
    if (head.length >= SNIFF_LENGTH) break;
  }
  const found6 = sniffCompression(head);
  const unlike = found6 !== "none" && format === "tar" && !looksLikeTar(head);
  const wrong = compression === "none" ? unlike : found6 !== compression;
  if (wrong) {
    const declared = compression === "none" ? "an uncompressed tar" : compression;
    throw new VeritySignError(
      "image",
      `the media type says ${declared}, but the blob is ${describeBytes(head)}`,
      {
        remedy: "Build the image again with media types that match its layers"
      }
    );
  }
  if (head.length > 0) yield head;
  for (result = await chunks.next(); !result.done; result = await chunks.next()) yield result.value;
}
var UnreadError = class extends VeritySignError {
  constructor() {
    super("cancelled", "the layer was not read completely");
  }
};
function stopped() {
  return new VeritySignError("cancelled", "reading the layer was stopped");
}
var TooLargeError = class extends VeritySignError {
};
function noTar(size) {
  return new VeritySignError(
    "image",
    `the layer is no tar: it has ${size} bytes, and a tar has blocks of ${TAR_BLOCK}`,
    { remedy: "Check that the file or blob is a layer, and push the image again from its source" }
  );
}
function tooLarge(limit) {
  return new TooLargeError("image", `the uncompressed layer is larger than ${limit} bytes`, {
    remedy: "Raise max-layer-size if this size is intended"
  });
}

// src/convert/erofs/mkfs/mkfs-options.ts
var ALLOWED_SHORT = "CELTdmxz";
var WITH_ARGUMENT = /* @__PURE__ */ new Set([
  "exclude-path",
  "exclude-regex",
  "file-contexts",
  "force-uid",
  "force-gid",
  "max-extent-bytes",
  "compress-hints",
  "chunksize",
  "uid-offset",
  "gid-offset",
  "mount-point",
  "workers",
  "zfeature-bits",
  "root-xattr-isize",
  "sort",
  "dsunit",
  "async-queue-limit",
  "fsalignblks",
  "xattr-prefix"
]);
var REFUSED_LONG = [
  "tar",
  "aufs",
  "quiet",
  "offset",
  "blobdev",
  "vmdk-desc",
  "clean",
  "incremental",
  "gzip",
  "ungzip",
  "gzinfo",
  "unlzma",
  "unxz",
  "s3",
  "oci",
  "version",
  "help",
  "random-pclusterblks",
  "random-algorithms"
];
function parseMkfsOptions(text) {
  const words = text.split(/[\s\0]+/).filter((word) => word !== "");
  let argumentOf;
  for (const word of words) {
    if (argumentOf !== void 0) argumentOf = void 0;
    else argumentOf = checkOption(word);
  }
  if (argumentOf !== void 0) throw refused(argumentOf, "lacks its argument");
  if (!words.some((word) => word.startsWith("-T"))) {
    throw new VeritySignError(
      "usage",
      "mkfs-options has no -T: every conversion would have another root hash",
      {
        remedy: "Configure the node with -T0 --mkfs-time, and use the same options here"
      }
    );
  }
  return words;
}
function compressionIn(words) {
  const at = words.findIndex((word) => word.startsWith("-z"));
  const option = words[at];
  return option === "-z" ? `-z${words[at + 1] ?? ""}` : option;
}
function checkOption(word) {
  if (word.startsWith("--")) {
    const [name = "", value] = word.slice(2).split("=", 2);
    if (name === "" || REFUSED_LONG.some((long) => long.startsWith(name))) {
      throw refused(word, "cannot be set here");
    }
    return value === void 0 && WITH_ARGUMENT.has(name) ? word : void 0;
  }
  const letter = word[1];
  if (!word.startsWith("-") || letter === void 0) throw refused(word, "is not an option");
  if (!ALLOWED_SHORT.includes(letter)) throw refused(word, "cannot be set here");
  return word.length === 2 ? word : void 0;
}
function refused(word, why) {
  return new VeritySignError("usage", `mkfs-options: ${JSON.stringify(word)} ${why}`, {
    remedy: "Use exactly the mkfs_options of the node's erofs differ"
  });
}

// src/convert/erofs/profile.ts
var FULL_OPTIONS = ["-T0", "--mkfs-time", "--sort=none"];
var PROFILES = {
  containerd: {
    name: "containerd",
    uuidSource: "digest",
    blockSize: 4096,
    appendsTar: false,
    defaultOptions: FULL_OPTIONS
  },
  "containerd-cache": {
    name: "containerd-cache",
    uuidSource: "diffId",
    blockSize: 4096,
    appendsTar: false,
    defaultOptions: FULL_OPTIONS
  },
  "containerd-tar-index": {
    name: "containerd-tar-index",
    uuidSource: "digest",
    blockSize: 512,
    appendsTar: true,
    // A tar index has no file data to sort.
    defaultOptions: ["-T0", "--mkfs-time"]
  },
  tardev: {
    name: "tardev",
    uuidSource: "fixed",
    blockSize: 512,
    appendsTar: true,
    defaultOptions: ["-T0", "--mkfs-time"]
  }
};
function mkfsArguments(profile, options, uuid) {
  const mode = PROFILES[profile].appendsTar ? ["--tar=i"] : ["--tar=f"];
  const data = PROFILES[profile].appendsTar ? [] : ["-Enoinline_data"];
  const blocks = profile === "tardev" ? [] : ["-b4096"];
  return [...mode, "--aufs", "--quiet", ...data, ...blocks, ...options, "-U", uuid];
}
function mkfsOptionsFor(profile, text) {
  return text === void 0 ? PROFILES[profile].defaultOptions : parseMkfsOptions(text);
}

// src/convert/erofs/native/known-options.ts
function knowsOptions(request) {
  const { appendsTar, defaultOptions } = PROFILES[request.profile];
  const sorted = (options) => options.toSorted().join(" ");
  const known = appendsTar ? [defaultOptions, PROFILES.containerd.defaultOptions] : [defaultOptions];
  return known.some((options) => sorted(options) === sorted(request.mkfsOptions));
}

// src/convert/verity/params.ts
var ALGORITHM = "sha256";
var DIGEST_SIZE = 32;
var SALT = Buffer.alloc(32);

// src/convert/verity/block-digester.ts
var BlockDigester = class {
  /** The caller writes the bytes to digest here. */
  data;
  #blockSize;
  /** Each block with the 32 bytes before it. */
  #salted;
  /** The 32 bytes before each block: the end of the preceding one. */
  #before;
  #saved = Buffer.alloc(SALT.length);
  /**
   * @param blockSize bytes, a multiple of the digest size
   * @param blocks maximum number of blocks at a time
   * @throws RangeError for another block size
   */
  constructor(blockSize, blocks) {
    if (!Number.isInteger(blockSize) || blockSize < 2 * DIGEST_SIZE || blockSize % DIGEST_SIZE !== 0) {
      throw new RangeError(`${blockSize} is not a block size`);
    }
    const memory = Buffer.alloc(SALT.length + blockSize * blocks);
    this.data = memory.subarray(SALT.length);
    this.#blockSize = blockSize;
    const starts = Array.from({ length: blocks }, (_, block) => block * blockSize);
    this.#salted = starts.map((start) => memory.subarray(start, start + SALT.length + blockSize));
    this.#before = starts.map((start) => memory.subarray(start, start + SALT.length));
  }
  /**
   * Writes the digests of the first `length` bytes of `data` to `out` from `at`; the last block is
   * padded with zeros in `data`. Returns the bytes written.
   */
  digest(length, out, at) {
    const blocks = Math.ceil(length / this.#blockSize);
    this.data.fill(0, length, blocks * this.#blockSize);
    for (let block = blocks - 1; block >= 0; block--) {
      const before = this.#before[block];
      this.#saved.set(before);
      before.set(SALT);
      const digest = hash(ALGORITHM, this.#salted[block], "binary");
      out.write(digest, at + block * DIGEST_SIZE, DIGEST_SIZE, "binary");
      before.set(this.#saved);
    }
    return blocks * DIGEST_SIZE;
  }
};

// src/convert/verity/hash-tree.ts
var STEP2 = 1024 * 1024;
function fanOutOf(blockSize) {
  return blockSize / DIGEST_SIZE;
}
function levelAbove(level, blockSize) {
  const step = Math.max(blockSize, Math.min(STEP2, Math.ceil(level.length / blockSize) * blockSize));
  const digester = new BlockDigester(blockSize, step / blockSize);
  const above = Buffer.allocUnsafe(Math.ceil(level.length / blockSize) * DIGEST_SIZE);
  for (let from = 0, to = 0; from < level.length; from += step) {
    const length = level.copy(digester.data, 0, from, Math.min(from + step, level.length));
    to += digester.digest(length, above, to);
  }
  return above;
}
function rootOf(level, blockSize) {
  if (level.length === 0) throw new RangeError("no data");
  let digests = level;
  while (digests.length > DIGEST_SIZE) digests = levelAbove(digests, blockSize);
  return digests.toString("hex");
}

// src/convert/verity-file/layout.ts
function fileLayout(imageSize, blockSize) {
  const dataBlocks = Math.ceil(imageSize / blockSize);
  const counts = [];
  for (let blocks = dataBlocks; blocks > 1; ) {
    blocks = Math.ceil(blocks / fanOutOf(blockSize));
    counts.push(blocks);
  }
  const hashOffset = dataBlocks * blockSize;
  let end = hashOffset + blockSize;
  const fromTop = counts.toReversed().map((blocks) => {
    const offset = end;
    end += blocks * blockSize;
    return { offset, blocks };
  });
  return { dataBlocks, hashOffset, levels: fromTop.toReversed(), size: end };
}

// src/convert/verity-file/superblock.ts
var SUPERBLOCK_SIZE = 512;
var SIGNATURE = Buffer.from("verity\0\0", "latin1");
var VERSION = 1;
var HASH_TYPE = 1;
function veritySuperblock({ uuid, blockSize, dataBlocks }) {
  const bytes = Buffer.alloc(SUPERBLOCK_SIZE);
  SIGNATURE.copy(bytes, 0);
  bytes.writeUInt32LE(VERSION, 8);
  bytes.writeUInt32LE(HASH_TYPE, 12);
  Buffer.from(uuid.replaceAll("-", ""), "hex").copy(bytes, UUID_AT);
  bytes.write(ALGORITHM, 32, "latin1");
  bytes.writeUInt32LE(blockSize, 64);
  bytes.writeUInt32LE(blockSize, 68);
  bytes.writeBigUInt64LE(BigInt(dataBlocks), 72);
  bytes.writeUInt16LE(SALT.length, 80);
  SALT.copy(bytes, 88);
  return bytes;
}
var UUID_AT = 16;
var UUID_END = 32;
function hasParameters(superblock, fields) {
  const expected = veritySuperblock({ ...fields, uuid: superblock.toString("hex", UUID_AT, UUID_END) });
  return superblock.equals(expected);
}

// builtin:node:fs of conversion
var found5;
var all5 = () => found5 ??= load("node:fs");
var one4 = (name) => all5()[name];
var write2 = /* @__PURE__ */ one4("write");

// src/lib/process/fd-sink.ts
var FdSink = class {
  #fd;
  #pending = Promise.resolve();
  #failure;
  #broken = false;
  /** The caller closes the descriptor, after `idle`. */
  constructor(fd) {
    this.#fd = fd;
  }
  /** Resolves when the previous chunk is written; throws the error of that write. */
  async write(chunk) {
    await this.#pending;
    if (this.#failure !== void 0) throw this.#failure;
    if (!this.#broken && chunk.length > 0) this.#pending = this.#writeAll(chunk);
  }
  /** Resolves when everything is written; throws the error of a failed write. */
  async flush() {
    await this.#pending;
    if (this.#failure !== void 0) throw this.#failure;
  }
  /** Resolves when no write is running, whether the last one succeeded or failed. */
  idle() {
    return this.#pending;
  }
  #writeAll(chunk) {
    return new Promise((resolve) => {
      const step = (at) => {
        write2(this.#fd, chunk, at, chunk.length - at, null, (error, written) => {
          if (error === null && at + written < chunk.length) return step(at + written);
          if (error !== null) this.#broken = true;
          if (error !== null && error.code !== "EPIPE") this.#failure = error;
          resolve();
        });
      };
      step(0);
    });
  }
};

// src/convert/worker/process-in-place.ts
function processInPlace(blob, { expected, maxTarSize, sinks }, signal, onProgress, consumer = new SinkConsumer(sinks), read = readLayer) {
  const skipTarFacts = consumer.reportsTarFacts;
  const options = { maxTarSize, signal, skipTarFacts, ...onProgress === void 0 ? {} : { onProgress } };
  const processed = read(blob, expected, options, (chunk) => consumer.consume(chunk)).then(
    async (facts2) => ({ ...facts2, ...await consumer.end() })
  );
  const { promise: aborted, reject } = Promise.withResolvers();
  const release = onAbort(
    signal,
    () => reject(new VeritySignError("cancelled", "reading the layer was stopped"))
  );
  const facts = Promise.race([processed, aborted]).finally(release);
  facts.catch(() => void 0);
  const idle = processed.then(
    () => void 0,
    () => consumer.stop()
  );
  return { facts, idle };
}
var SinkConsumer = class {
  reportsTarFacts = false;
  #targets;
  constructor(sinks) {
    this.#targets = sinks.map((fd) => new FdSink(fd));
  }
  async consume(chunk) {
    await Promise.all(this.#targets.map((target) => target.write(chunk)));
  }
  async end() {
    await Promise.all(this.#targets.map((target) => target.flush()));
    return {};
  }
  async stop() {
    await Promise.all(this.#targets.map((target) => target.idle()));
  }
};

// src/convert/worker/protocol.ts
var SourceBroke = class extends Error {
};
function toFailure(error) {
  if (error instanceof SourceBroke) return { kind: "source" };
  if (error instanceof VeritySignError) {
    const { code: code2, message: message2, remedy } = error;
    return { kind: "ours", code: code2, message: message2, remedy };
  }
  const { code, message, stack } = error;
  return { kind: "other", code, message: message ?? String(error), stack };
}
function fromFailure(failure, sourceError) {
  switch (failure.kind) {
    case "source":
      return sourceError;
    case "ours": {
      const { code, message, remedy } = failure;
      return new VeritySignError(code, message, remedy === void 0 ? {} : { remedy });
    }
    case "other": {
      const { code, message, stack } = failure;
      return Object.assign(new Error(message), { code, stack });
    }
  }
}

// src/convert/worker/tar-consumer.ts
function consumerFor({ expected, sinks, native, erofs }) {
  if (expected.format === "erofs") {
    if (erofs === void 0) throw new TypeError("nothing is to be made of an EROFS image");
    return new LazyConsumer(async () => new (await import("./convert.worker.erofs-consumer.js")).ErofsConsumer(erofs));
  }
  if (native === void 0) return new SinkConsumer(sinks);
  return new LazyConsumer(async () => new (await import("./convert.worker.native-consumer.js")).NativeConsumer(native));
}
var LazyConsumer = class {
  reportsTarFacts = true;
  #loaded;
  constructor(load2) {
    this.#loaded = load2();
    this.#loaded.catch(() => void 0);
  }
  async consume(chunk) {
    await (await this.#loaded).consume(chunk);
  }
  async end() {
    return (await this.#loaded).end();
  }
  async stop() {
    await (await this.#loaded).stop();
  }
};

export {
  markOwned,
  releaseOwned,
  checkedBlob,
  decompress,
  onAbort,
  within,
  alongside,
  mapConcurrently,
  firstErrorInOrder,
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
  pieces,
  SNIFF_LENGTH,
  sniffCompression,
  describeBytes,
  readCheckedLayer,
  openLayerTar,
  parseMkfsOptions,
  compressionIn,
  PROFILES,
  mkfsArguments,
  mkfsOptionsFor,
  knowsOptions,
  ALGORITHM,
  DIGEST_SIZE,
  SALT,
  BlockDigester,
  fanOutOf,
  levelAbove,
  rootOf,
  fileLayout,
  SUPERBLOCK_SIZE,
  veritySuperblock,
  hasParameters,
  FdSink,
  processInPlace,
  SourceBroke,
  toFailure,
  fromFailure,
  consumerFor
};
