import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  BlockDigester,
  DIGEST_SIZE,
  fanOutOf,
  levelAbove
} from "./shared.convert.verity.hash-tree.js";

// src/convert/verity/hash-job.ts
import { createHash } from "node:crypto";

// src/convert/verity/image-reader.ts
import { closeSync, openSync, readSync } from "node:fs";
var ImageReader = class {
  #parts = [];
  /** Opens the files. Only the given number of bytes of each belongs to the image. */
  constructor(files) {
    let start = 0;
    try {
      for (const { path, size } of files) {
        this.#parts.push({ fd: openSync(path, "r"), start, end: start + size });
        start += size;
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }
  /** Fills `target` from `position` of the image. Throws for an image that is shorter. */
  read(target, position) {
    for (const { fd, start, end } of this.#parts) {
      let from = Math.max(position, start);
      const to = Math.min(position + target.length, end);
      while (from < to) {
        const got = readSync(fd, target, from - position, to - from, from - start);
        if (got === 0) throw new Error("the file has become shorter");
        from += got;
      }
    }
  }
  close() {
    for (const { fd } of this.#parts) closeSync(fd);
    this.#parts.length = 0;
  }
};

// src/convert/verity/hash-job.ts
var SHARE = 1024 * 1024;
var NEXT = 0;
var STOP = 1;
var DIGEST_TAKEN = 2;
var DONE = 3;
function newHashJob(files, blockSize, imageDigest) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const blocks = Math.ceil(size / blockSize);
  return {
    files,
    size,
    blockSize,
    imageDigest,
    control: new SharedArrayBuffer(16),
    level: new SharedArrayBuffer(Math.ceil(blocks / fanOutOf(blockSize)) * DIGEST_SIZE)
  };
}
function stopHashJob({ control }) {
  Atomics.store(new Int32Array(control), STOP, 1);
}
function isComplete({ control, size }) {
  return Atomics.load(new Int32Array(control), DONE) === Math.ceil(size / SHARE);
}
var HashWork = class {
  result = {};
  #job;
  #control;
  #reader;
  #level;
  #digester;
  #leaves;
  /** Throws if a file cannot be opened. */
  constructor(job) {
    this.#job = job;
    this.#control = new Int32Array(job.control);
    this.#reader = new ImageReader(job.files);
    this.#level = Buffer.from(job.level);
    const blocks = Math.ceil(Math.min(SHARE, job.size) / job.blockSize);
    this.#digester = new BlockDigester(job.blockSize, blocks);
    this.#leaves = Buffer.alloc(blocks * DIGEST_SIZE);
  }
  /**
   * Computes the image's digest, which cannot be shared, if it is wanted and no other thread does. It blocks
   * the thread until it is done.
   */
  digestWhole() {
    if (!this.#job.imageDigest || Atomics.exchange(this.#control, DIGEST_TAKEN, 1) !== 0) return;
    const digesting = this.digestInSteps();
    while (!digesting.next().done) ;
  }
  /** The same in steps of one share each. */
  *digestInSteps() {
    const { size } = this.#job;
    const whole = createHash("sha256");
    const buffer = Buffer.alloc(Math.min(SHARE, size));
    for (let from = 0; from < size && Atomics.load(this.#control, STOP) === 0; from += buffer.length) {
      const chunk = buffer.subarray(0, Math.min(buffer.length, size - from));
      this.#reader.read(chunk, from);
      whole.update(chunk);
      yield;
    }
    this.result.imageSha256 = whole.digest("hex");
  }
  /**
   * Hashes the next free share. Returns false if there is none or the job is stopped; throws if a file cannot
   * be read.
   */
  takeShare() {
    const { size, blockSize } = this.#job;
    const share = Atomics.add(this.#control, NEXT, 1);
    const from = share * SHARE;
    if (from >= size || Atomics.load(this.#control, STOP) !== 0) return false;
    const length = Math.min(SHARE, size - from);
    this.#reader.read(this.#digester.data.subarray(0, length), from);
    const leaves = this.#leaves.subarray(0, this.#digester.digest(length, this.#leaves, 0));
    const above = size <= blockSize ? leaves : levelAbove(leaves, blockSize);
    this.#level.set(above, from / blockSize / fanOutOf(blockSize) * DIGEST_SIZE);
    Atomics.add(this.#control, DONE, 1);
    return true;
  }
  close() {
    this.#reader.close();
  }
};

// src/convert/verity/hash-request.ts
function runHashRequest({ hash }) {
  return { hashed: takePart(hash) };
}
function takePart(hash) {
  try {
    const work = new HashWork(hash);
    try {
      work.digestWhole();
      while (work.takeShare()) ;
      return work.result;
    } finally {
      work.close();
    }
  } catch (error) {
    return hashFailure(error);
  }
}
function hashFailure(error) {
  return { error: error instanceof Error ? error.message : String(error) };
}
function requestHash(worker, hash) {
  return new Promise((resolve, reject) => {
    const onMessage = (message) => {
      if (message.hashed === void 0) return;
      leave();
      resolve(message.hashed);
    };
    const onExit = (code) => {
      leave();
      reject(new Error(`the hashing thread exited with status ${code}`));
    };
    const leave = () => void worker.off("message", onMessage).off("exit", onExit);
    worker.on("message", onMessage).on("exit", onExit);
    worker.postMessage({ hash });
  });
}

export {
  ImageReader,
  SHARE,
  newHashJob,
  stopHashJob,
  isComplete,
  HashWork,
  runHashRequest,
  hashFailure,
  requestHash
};
