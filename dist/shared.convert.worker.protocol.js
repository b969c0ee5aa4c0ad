import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  drained
} from "./shared.lib.process.drained.js";
import {
  ownPiece,
  releasePiece
} from "./shared.convert.blob.buffer-ownership.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/lib/process/fd-sink.ts
import { write } from "node:fs";
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
        write(this.#fd, chunk, at, chunk.length - at, null, (error, written2) => {
          if (error === null && at + written2 < chunk.length) return step(at + written2);
          if (error !== null) this.#broken = true;
          if (error !== null && error.code !== "EPIPE") this.#failure = error;
          resolve();
        });
      };
      step(0);
    });
  }
};

// src/convert/blob/layer-tar.ts
import { createHash } from "node:crypto";
import { PassThrough } from "node:stream";

// src/convert/tar/blob-header.ts
var BLOCK = 512;
function parseHeader(block) {
  const checksum = octal(block, 148, 8);
  let sum = 8 * 32;
  let signed = 8 * 32;
  for (let at = 0; at < 500; at++) {
    if (at >= 148 && at < 156) continue;
    const byte = block[at] ?? 0;
    sum += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  if (checksum === void 0 || checksum !== sum && checksum !== signed) {
    return block[0] === 0 ? "zero" : void 0;
  }
  if (text(block, 257, 5) !== "ustar") return void 0;
  const prefix = text(block, 345, 155);
  const name = text(block, 0, 100);
  return {
    typeflag: block.toString("latin1", 156, 157),
    name: prefix === "" || prefix.endsWith("/") ? prefix + name : `${prefix}/${name}`,
    size: number(block, 124, 12),
    devmajor: number(block, 329, 8),
    devminor: number(block, 337, 8)
  };
}
function text(block, start, length) {
  const field = block.toString("latin1", start, start + length);
  const end = field.indexOf("\0");
  return end === -1 ? field : field.slice(0, end);
}
function number(block, start, length) {
  const first = block[start];
  if (first !== 128 && first !== 255) return octal(block, start, length);
  let value = 0n;
  for (let at = start + 1; at < start + length; at++) value = value << 8n | BigInt(block[at] ?? 0);
  return Number(BigInt.asIntN(64, value));
}
function octal(block, start, length) {
  const field = text(block, start, length);
  const match = /^([ \t-\r]*)([-+]?)([0-7]*)(?: |$)/.exec(field);
  if (match === null) return void 0;
  const [, blanks = "", sign = "", digits = ""] = match;
  if (digits === "") return blanks === "" ? void 0 : 0;
  const value = Number.parseInt(digits, 8);
  return sign === "-" ? -value : value;
}

// src/convert/tar/blob-pax-records.ts
function parsePaxRecords(data) {
  const records = [];
  let at = 0;
  while (at < data.length) {
    const space = data.indexOf(32, at);
    if (space === -1 || space - at > 12) break;
    const length = Number(data.toString("latin1", at, space));
    const equals = data.indexOf(61, space);
    const end = at + length;
    if (!Number.isInteger(length) || end > data.length || equals === -1 || equals >= end) break;
    records.push({
      key: data.toString("latin1", space + 1, equals),
      value: data.subarray(equals + 1, end - 1)
    });
    at = end;
  }
  return records;
}

// src/convert/tar/blob-dropped-entries.ts
var MOST_EXAMPLES = 10;
var MOST_EXTENDED = 1024 * 1024;
var KNOWN = "01234567";
var XATTR = "SCHILY.xattr.";
var DroppedEntryObserver = class {
  /** Bytes to pass over before the next block. */
  #skip = 0;
  #block = Buffer.alloc(BLOCK);
  #filled = 0;
  /** An `x`, `L` or `K` header's data on its way in. */
  #data;
  #extended = {};
  #zeroBlocks = 0;
  #finished = false;
  /** Set once mkfs.erofs has stopped reading without saying so. */
  #cutOff = false;
  #count = 0;
  #examples = [];
  push(chunk) {
    let at = 0;
    while (at < chunk.length && !this.#finished) {
      if (this.#data !== void 0) at += this.#keep(chunk, at);
      else if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - at);
        this.#skip -= step;
        at += step;
      } else {
        const step = Math.min(BLOCK - this.#filled, chunk.length - at);
        chunk.copy(this.#block, this.#filled, at, at + step);
        this.#filled += step;
        at += step;
        if (this.#filled === BLOCK) {
          this.#filled = 0;
          this.#header();
        }
      }
    }
  }
  /** To be called after the last piece. */
  result() {
    if (!this.#finished && this.#filled > 0 && this.#block.subarray(0, this.#filled).some((byte) => byte !== 0)) {
      this.#report("(the last header)", "incomplete: left out");
    }
    this.#finished = true;
    return { count: this.#count, examples: [...this.#examples] };
  }
  #header() {
    const header = parseHeader(this.#block);
    if (header === void 0) {
      this.#finished = true;
    } else if (header === "zero") {
      this.#zeroBlocks += 1;
      if (this.#zeroBlocks === 2) this.#finished = true;
    } else {
      this.#take(header);
    }
  }
  #take(header) {
    const flag = header.typeflag;
    if (flag === "V") return;
    const size = this.#extended.size ?? header.size;
    if (size === void 0 || size < 0 || size > Number.MAX_SAFE_INTEGER - BLOCK) {
      this.#finished = true;
      return;
    }
    const padding = (BLOCK - size % BLOCK) % BLOCK;
    if ("xgLK".includes(flag)) {
      this.#data = { flag, left: size, padding, pieces: [], kept: 0 };
      if (size === 0) this.#extend();
      return;
    }
    this.#judge(header, size);
    this.#skip = "125".includes(flag) ? 0 : size + padding;
    this.#extended = {};
    this.#zeroBlocks = 0;
  }
  #judge(header, size) {
    const flag = header.typeflag;
    const name = (this.#extended.path ?? header.name) || "(no name)";
    const device = flag === "3" || flag === "4";
    if (this.#cutOff) {
      this.#report(name, "after an invalid device number: left out");
    } else if (!KNOWN.includes(flag)) {
      this.#report(name, `typeflag ${flag === "\0" ? "NUL" : flag}: left out`);
    } else if (device && (header.devmajor === void 0 || header.devminor === void 0)) {
      this.#cutOff = true;
      this.#report(name, "invalid device number: left out with all that follows");
    } else if ((device || flag === "6") && size > 0) {
      this.#report(name, "device or FIFO with data: its device number is lost");
    } else if (this.#extended.sparse && (flag === "0" || flag === "7")) {
      this.#report(name, "PAX sparse file: stored with its sparse map, not expanded");
    } else if (this.#extended.xattrCut !== void 0) {
      this.#report(name, `extended attribute ${this.#extended.xattrCut}: too long, damaged`);
    }
  }
  #report(name, what) {
    this.#count += 1;
    if (this.#examples.length < MOST_EXAMPLES) this.#examples.push(`${printable(name)} (${what})`);
  }
  #keep(chunk, at) {
    const data = this.#data;
    if (data === void 0) return 0;
    const step = Math.min(data.left, chunk.length - at);
    const wanted = Math.min(step, MOST_EXTENDED - data.kept);
    if (wanted > 0) {
      data.pieces.push(Buffer.from(chunk.subarray(at, at + wanted)));
      data.kept += wanted;
    }
    data.left -= step;
    if (data.left === 0) this.#extend();
    return step;
  }
  #extend() {
    const data = this.#data;
    this.#data = void 0;
    if (data === void 0) return;
    this.#skip = data.padding;
    const bytes = Buffer.concat(data.pieces);
    if (data.flag === "L") {
      const end = bytes.indexOf(0);
      this.#extended.path = bytes.toString("latin1", 0, end === -1 ? bytes.length : end);
      return;
    }
    if (data.flag === "K") return;
    const records = parsePaxRecords(bytes);
    if (data.flag === "g") {
      if (records.some(({ key }) => key === "size")) this.#finished = true;
      return;
    }
    for (const { key, value } of records) {
      if (key === "path" && value.length > 0) this.#extended.path = value.toString("latin1");
      else if (key === "size" && value.length > 0) this.#extended.size = Number(value.toString("latin1"));
      else if (key.startsWith("GNU.sparse.")) this.#sparse(key, value);
      else if (key.startsWith(XATTR)) {
        const name = key.slice(XATTR.length);
        if (name.length > 255 || value.length > 65535) this.#extended.xattrCut = printable(name.slice(0, 80));
      }
    }
  }
  #sparse(key, value) {
    this.#extended.sparse = true;
    if (key === "GNU.sparse.name") this.#extended.path = value.toString("latin1");
  }
};
function printable(name) {
  const text2 = Buffer.from(name, "latin1").toString("utf8");
  return text2.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "�");
}

// src/convert/blob/decompress.ts
import { createGunzip, createZstdDecompress } from "node:zlib";
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
      ownPiece(chunk);
      yield chunk;
    }
    return await feeding;
  } finally {
    engine.destroy();
  }
}
async function feed(engine, first, blob) {
  let given = 0;
  for (let chunk = first; chunk !== void 0; chunk = await next(blob)) {
    const piece = chunk;
    given += piece.length;
    await written(engine, piece);
    const left = given - engine.bytesWritten;
    if (left > 0) return piece.subarray(piece.length - left);
    if (engine.destroyed) return void 0;
    releasePiece(piece);
  }
  engine.end();
  return void 0;
}
function written(engine, piece) {
  return new Promise((resolve) => {
    const done = () => {
      engine.off("close", done);
      resolve();
    };
    engine.once("close", done);
    engine.write(piece, done);
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
  return damaged(`there is garbage after the ${format} stream`, cause);
}

// src/convert/blob/sniff.ts
var SNIFF_LENGTH = 512;
function sniffCompression(firstBytes) {
  if (startsWith(firstBytes, [31, 139])) return "gzip";
  if (startsWith(firstBytes, [40, 181, 47, 253])) return "zstd";
  const first = firstBytes[0] ?? 0;
  if (first >= 80 && first <= 95 && startsWith(firstBytes.subarray(1), [42, 77, 24])) return "zstd";
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
  if (startsWith(firstBytes, [253, 55, 122, 88, 90])) return "xz";
  if (ascii(firstBytes.subarray(0, 3)) === "BZh") return "bzip2";
  if (startsWith(firstBytes, [80, 75, 3, 4])) return "zip";
  const text2 = ascii(firstBytes.subarray(0, 64)).trimStart();
  if (text2.startsWith("{") || text2.startsWith("[")) return "JSON";
  if (/^<(!doctype|html|\?xml)/i.test(text2)) return "HTML or XML";
  if (firstBytes.every((byte) => byte === 0)) return "zero bytes";
  return "an unknown format";
}
function startsWith(bytes, magic) {
  return magic.every((byte, at) => bytes[at] === byte);
}
function ascii(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

// src/convert/blob/layer-tar.ts
async function readLayer(blob, expected, options, take) {
  const { signal } = options;
  const onAbort = () => void blob.destroy(stopped());
  try {
    if (signal?.aborted) throw stopped();
    signal?.addEventListener("abort", onAbort, { once: true });
    return await pump(blob, expected, options, take);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    blob.destroy();
  }
}
function openLayerTar(blob, expected, options) {
  const tar = new PassThrough({ highWaterMark: 2 * 1024 * 1024 });
  const onAbort = () => void tar.destroy(stopped());
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  tar.once("close", () => {
    options.signal?.removeEventListener("abort", onAbort);
    blob.destroy();
  });
  const take = async (piece) => {
    if (tar.destroyed) throw new UnreadError();
    if (!tar.write(piece)) await drained(tar);
  };
  const facts = readLayer(blob, expected, options, take).then(
    (made) => {
      tar.end();
      return made;
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
async function pump(blob, expected, { maxTarSize, signal, skipDropped = false, onProgress }, take) {
  const { compression, digest, size } = expected;
  const checked = checkedBlob(blob, expected, onProgress);
  const diffHash = startHash(expected.diffId, "diffID");
  const digestTwice = compression !== "none" || digest.slice(0, 6) !== expected.diffId.slice(0, 6);
  const observer = new DroppedEntryObserver();
  let tarSize = 0;
  try {
    for await (const piece of decompress(sniffed(checked, compression), compression)) {
      tarSize += piece.length;
      if (tarSize > maxTarSize) throw tooLarge(maxTarSize);
      if (digestTwice) diffHash.update(piece);
      if (!skipDropped) observer.push(piece);
      if (signal?.aborted) throw stopped();
      await take(piece);
    }
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== "image") throw error;
    if (error instanceof TooLargeError) throw error;
    await readRest(checked);
    throw error;
  }
  await readRest(checked);
  const diffId = digestTwice ? digestText(expected.diffId, diffHash) : digest;
  if (diffId !== expected.diffId) {
    throw new VeritySignError(
      "image",
      `the uncompressed layer has the digest ${diffId}, the image config says ${expected.diffId}`,
      { remedy: "Build and push the image again: its config does not belong to its layers" }
    );
  }
  return { digest, size, diffId, tarSize, dropped: observer.result() };
}
async function* checkedBlob(blob, expected, onProgress) {
  const hash = startHash(expected.digest, "digest");
  let size = 0;
  for await (const chunk of blob) {
    size += chunk.length;
    if (size > expected.size) throw sizeDiffers(`more than ${expected.size} bytes`, expected.size);
    hash.update(chunk);
    onProgress?.(size);
    yield chunk;
  }
  if (size !== expected.size) throw sizeDiffers(`${size} bytes`, expected.size);
  const digest = digestText(expected.digest, hash);
  if (digest !== expected.digest) {
    throw new VeritySignError("image", `the blob has the digest ${digest}, not the one that names it`, {
      remedy: "Fetch the image again; if that does not help, the registry or layout is damaged"
    });
  }
}
async function readRest(checked) {
  while (!(await checked.next()).done) ;
}
async function* sniffed(pieces, compression) {
  let head = Buffer.alloc(0);
  let result = await pieces.next();
  for (; !result.done && head.length < SNIFF_LENGTH; result = await pieces.next()) {
    head = head.length === 0 ? result.value : Buffer.concat([head, result.value]);
    if (head.length >= SNIFF_LENGTH) break;
  }
  const found = sniffCompression(head);
  const wrong = compression === "none" ? found !== "none" && !looksLikeTar(head) : found !== compression;
  if (wrong) {
    const said = compression === "none" ? "an uncompressed tar" : compression;
    throw new VeritySignError(
      "image",
      `the media type says ${said}, but the blob is ${describeBytes(head)}`,
      {
        remedy: "Build the image again with the media type that fits its layers"
      }
    );
  }
  if (head.length > 0) yield head;
  for (result = await pieces.next(); !result.done; result = await pieces.next()) yield result.value;
}
var UnreadError = class extends VeritySignError {
  constructor() {
    super("cancelled", "the layer was not read to its end");
  }
};
function stopped() {
  return new VeritySignError("cancelled", "reading the layer was stopped");
}
var TooLargeError = class extends VeritySignError {
};
function tooLarge(limit) {
  return new TooLargeError("image", `the uncompressed layer is larger than ${limit} bytes`, {
    remedy: "Raise max-layer-size if this layer is meant to be so large"
  });
}
function sizeDiffers(found, expected) {
  return new VeritySignError("image", `the blob has ${found}, its descriptor says ${expected}`, {
    remedy: "Fetch the image again; if that does not help, the registry or layout is damaged"
  });
}
function startHash(digest, what) {
  const match = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.exec(digest);
  if (match === null) {
    throw new VeritySignError(
      "image",
      `the layer's ${what} ${JSON.stringify(digest)} is neither sha256 nor sha512`
    );
  }
  return createHash(digest.slice(0, 6));
}
function digestText(like, hash) {
  return `${like.slice(0, 6)}:${hash.digest("hex")}`;
}

// src/convert/worker/process-in-place.ts
function processInPlace(blob, { expected, maxTarSize, sinks }, signal, onProgress, consumer = new SinkConsumer(sinks)) {
  const skipDropped = consumer.reportsDropped;
  const options = { maxTarSize, signal, skipDropped, ...onProgress === void 0 ? {} : { onProgress } };
  const processed = readLayer(blob, expected, options, (piece) => consumer.take(piece)).then(
    async (facts2) => ({ ...facts2, ...await consumer.end() })
  );
  const facts = Promise.race([processed, rejectedBy(signal)]);
  facts.catch(() => void 0);
  const idle = processed.then(
    () => void 0,
    () => consumer.stop()
  );
  return { facts, idle };
}
var SinkConsumer = class {
  reportsDropped = false;
  #targets;
  constructor(sinks) {
    this.#targets = sinks.map((fd) => new FdSink(fd));
  }
  async take(piece) {
    await Promise.all(this.#targets.map((target) => target.write(piece)));
  }
  async end() {
    await Promise.all(this.#targets.map((target) => target.flush()));
    return {};
  }
  async stop() {
    await Promise.all(this.#targets.map((target) => target.idle()));
  }
};
function rejectedBy(signal) {
  return new Promise((_resolve, reject) => {
    const onAbort = () => reject(new VeritySignError("cancelled", "reading the layer was stopped"));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

// src/convert/worker/tar-consumer.ts
function consumerFor({ sinks, native }) {
  return native === void 0 ? new SinkConsumer(sinks) : new NativeWhenNeeded(native);
}
var NativeWhenNeeded = class {
  reportsDropped = true;
  #loaded;
  constructor(work) {
    this.#loaded = import("./convert.worker.native-consumer.js").then(({ NativeConsumer }) => new NativeConsumer(work));
    this.#loaded.catch(() => void 0);
  }
  async take(piece) {
    await (await this.#loaded).take(piece);
  }
  async end() {
    return (await this.#loaded).end();
  }
  async stop() {
    await (await this.#loaded).stop();
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

export {
  FdSink,
  BLOCK,
  parseHeader,
  parsePaxRecords,
  decompress,
  SNIFF_LENGTH,
  sniffCompression,
  openLayerTar,
  processInPlace,
  SourceBroke,
  toFailure,
  fromFailure,
  consumerFor
};
