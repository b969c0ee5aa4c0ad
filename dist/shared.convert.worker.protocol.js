import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  SNIFF_LENGTH,
  describeBytes,
  looksLikeTar,
  sniffCompression
} from "./shared.convert.blob.sniff.js";
import {
  TAR_BLOCK,
  TarFactsObserver
} from "./shared.convert.tar.facts.js";
import {
  markOwned,
  releaseOwned
} from "./shared.convert.blob.buffer-ownership.js";
import {
  drained
} from "./shared.lib.process.drained.js";
import {
  isDigest,
  splitDigest
} from "./shared.formats.digest-grammar.js";
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
        write(this.#fd, chunk, at, chunk.length - at, null, (error, written) => {
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

// src/convert/blob/layer-tar.ts
import { createHash } from "node:crypto";
import { PassThrough } from "node:stream";

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
    await write2(engine, chunk);
    const left = written - engine.bytesWritten;
    if (left > 0) return chunk.subarray(chunk.length - left);
    if (engine.destroyed) return void 0;
    releaseOwned(chunk);
  }
  engine.end();
  return void 0;
}
function write2(engine, chunk) {
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

// src/convert/blob/layer-tar.ts
async function readLayer(blob, expected, options, consume) {
  const { signal } = options;
  const onAbort = () => void blob.destroy(stopped());
  try {
    if (signal?.aborted) throw stopped();
    signal?.addEventListener("abort", onAbort, { once: true });
    return await pump(blob, expected, options, consume);
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
async function pump(blob, expected, { maxTarSize, signal, skipTarFacts = false, onProgress }, consume) {
  const { format = "tar", compression, digest, size } = expected;
  const checked = checkedBlob(blob, expected, onProgress);
  const diffHash = startHash(expected.diffId, "diffID");
  const digestTwice = compression !== "none" || digest.slice(0, 6) !== expected.diffId.slice(0, 6);
  const observer = new TarFactsObserver();
  let tarSize = 0;
  let anyByte = false;
  try {
    for await (const chunk of decompress(sniffed(checked, format, compression), compression)) {
      tarSize += chunk.length;
      anyByte ||= tarSize < TAR_BLOCK && chunk.some((byte) => byte !== 0);
      if (tarSize > maxTarSize) throw tooLarge(maxTarSize);
      if (digestTwice) diffHash.update(chunk);
      if (!skipTarFacts) observer.push(chunk);
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
  return { digest, size, diffId, tarSize, ...observer.result() };
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
    throw new VeritySignError(
      "image",
      `the blob has the digest ${digest}, but the image names ${expected.digest}`,
      {
        remedy: "Fetch the image again; if that does not help, repair the registry or layout"
      }
    );
  }
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
  const found = sniffCompression(head);
  const unlike = found !== "none" && format === "tar" && !looksLikeTar(head);
  const wrong = compression === "none" ? unlike : found !== compression;
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
function sizeDiffers(found, expected) {
  return new VeritySignError("image", `the blob has ${found}, but its descriptor says ${expected}`, {
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
function digestText(like, hash) {
  return `${splitDigest(like).algorithm}:${hash.digest("hex")}`;
}

// src/convert/worker/process-in-place.ts
function processInPlace(blob, { expected, maxTarSize, sinks }, signal, onProgress, consumer = new SinkConsumer(sinks)) {
  const skipTarFacts = consumer.reportsTarFacts;
  const options = { maxTarSize, signal, skipTarFacts, ...onProgress === void 0 ? {} : { onProgress } };
  const processed = readLayer(blob, expected, options, (chunk) => consumer.consume(chunk)).then(
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
function rejectedBy(signal) {
  return new Promise((_resolve, reject) => {
    const onAbort = () => reject(new VeritySignError("cancelled", "reading the layer was stopped"));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
  });
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
  constructor(load) {
    this.#loaded = load();
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
  decompress,
  openLayerTar,
  processInPlace,
  SourceBroke,
  toFailure,
  fromFailure,
  consumerFor
};
