import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  SystemLimitError
} from "./shared.lib.process.system-limit.js";
import {
  freeDescriptors
} from "./shared.lib.process.free-resources.js";
import {
  consumerFor,
  fromFailure,
  processInPlace
} from "./shared.convert.worker.protocol.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/lib/process/worker-pool.ts
import { Worker } from "node:worker_threads";
var YOUNG_GENERATION = 4;
var NEEDED_DESCRIPTORS = 8;
var WorkerPool = class {
  #file;
  #waiting = [];
  /** Unreferenced: they do not keep the process alive. */
  #idle = [];
  #free;
  /**
   * @param name of the program without extension. It lies next to the calling file in the sources, and
   *   next to the bundles in `dist`
   * @param askedBy `import.meta.url` of the calling file
   * @param size maximum number of threads
   */
  constructor(name, askedBy, size) {
    this.#file = new URL(`./${name}.${askedBy.endsWith(".ts") ? "ts" : "js"}`, askedBy);
    this.#free = size;
  }
  /** Starts up to `count` threads before they are needed. */
  warmUp(count) {
    while (this.#idle.length < Math.min(count, this.#free)) {
      const worker = this.#start();
      worker.unref();
      this.#idle.push(worker);
    }
  }
  /**
   * Calls `use` with one thread, and with further free ones up to `most`. Waits while none is free.
   * `use` must remove its listeners from the thread. If it fails, its thread is terminated.
   */
  async with(most, use) {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise((resolve) => this.#waiting.push(resolve));
    let taken = 1;
    for (; taken < most && this.#free > 0; taken++) this.#free -= 1;
    const uses = await Promise.allSettled(Array.from({ length: taken }, () => this.#useOne(use)));
    return uses.map((settled) => {
      if (settled.status === "rejected") throw settled.reason;
      return settled.value;
    });
  }
  async #useOne(use) {
    try {
      const worker = this.#idle.pop() ?? this.#start();
      worker.ref();
      try {
        const result = await use(worker);
        worker.unref();
        this.#idle.push(worker);
        return result;
      } catch (error) {
        await worker.terminate();
        throw error;
      }
    } finally {
      const next = this.#waiting.shift();
      if (next === void 0) this.#free += 1;
      else next();
    }
  }
  /** @throws SystemLimitError before Node crashes because it lacks descriptors for a thread */
  #start() {
    if (freeDescriptors() < NEEDED_DESCRIPTORS) {
      throw new SystemLimitError("no more files can be opened", void 0);
    }
    const worker = new Worker(this.#file, {
      env: {},
      stdin: false,
      // Otherwise Node pipes them into those of the process, which belong to the caller of a library. The programs
      // print nothing: what fails in them comes as an event. Nobody reads the streams, for that would keep it alive.
      stdout: true,
      stderr: true,
      trackUnmanagedFds: false,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION }
    });
    const forget = () => {
      const at = this.#idle.indexOf(worker);
      if (at !== -1) this.#idle.splice(at, 1);
    };
    return worker.on("error", forget).on("exit", forget);
  }
};

// src/convert/worker/pool.ts
var MAX_THREADS = 64;
var LAYER_WORKERS = new WorkerPool("layer-worker", import.meta.url, MAX_THREADS);

// src/convert/worker/process-in-worker.ts
function processInWorker(threads, blob, options, signal, onProgress) {
  let settle = () => void 0;
  const facts = new Promise((resolve, reject) => {
    settle = (result) => "facts" in result ? resolve(result.facts) : reject(result.error);
  });
  facts.catch(() => void 0);
  const idle = threads.with(1, (worker) => processWith(worker, blob, options, signal, onProgress, settle)).then(
    () => void 0,
    (error) => settle({ error })
  );
  return { facts, idle };
}
function processWith(worker, blob, options, signal, onProgress, settle) {
  const send = (message, transfer = []) => worker.postMessage(message, transfer);
  const feeder = new Feeder(blob, send);
  const over = new AbortController();
  const onAbort = () => send({ stop: true });
  return new Promise((resolve, reject) => {
    const onMessage = (message) => {
      if ("want" in message) feeder.more();
      else if ("progress" in message) onProgress?.(message.progress);
      else if ("facts" in message) settle(message);
      else if ("failure" in message) settle({ error: fromFailure(message.failure, feeder.error) });
      else resolve();
    };
    const onExit = (status) => reject(new Error(`the layer's worker exited with status ${status}`));
    worker.on("message", onMessage).once("exit", onExit);
    over.signal.addEventListener("abort", () => worker.off("message", onMessage).off("exit", onExit));
    send({ start: options });
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  }).finally(() => {
    over.abort();
    signal.removeEventListener("abort", onAbort);
    feeder.stop();
    blob.destroy();
  });
}
var Feeder = class {
  /** The error that broke the blob. */
  error;
  #blob;
  #send;
  #wanted = 0;
  #ended = false;
  constructor(blob, send) {
    this.#blob = blob;
    this.#send = send;
    if (blob.destroyed) this.error = blob.errored ?? void 0;
    blob.on("readable", () => this.#sendWanted());
    blob.once("end", () => this.#end("well"));
    blob.once("error", (error) => {
      this.error = error;
      this.#end("broken");
    });
    const onClose = () => {
      this.error ??= new VeritySignError("cancelled", "reading the layer was stopped");
      this.#end("broken");
    };
    blob.once("close", onClose);
    if (blob.destroyed) queueMicrotask(onClose);
  }
  stop() {
    this.#ended = true;
  }
  more() {
    this.#wanted += 1;
    this.#sendWanted();
  }
  #sendWanted() {
    while (this.#wanted > 0 && !this.#ended) {
      const chunk = this.#blob.read();
      if (chunk === null) return;
      this.#wanted -= 1;
      const own = chunk.byteLength === chunk.buffer.byteLength ? chunk : new Uint8Array(chunk);
      this.#send({ chunk: own }, [own.buffer]);
    }
  }
  #end(how) {
    if (this.#ended) return;
    this.#ended = true;
    this.#send({ end: how });
  }
};

// src/convert/worker/process-layer.ts
var SMALL_BLOB = 256 * 1024;
function processLayer(blob, into, { layer, maxTarSize, onProgress }, signal) {
  const { diffId, format, compression } = layer;
  const { digest, size } = layer.descriptor;
  const options = { expected: { digest, size, diffId, format, compression }, maxTarSize, ...into };
  return size <= SMALL_BLOB ? processInPlace(blob, options, signal, onProgress, consumerFor(options)) : processInWorker(LAYER_WORKERS, blob, options, signal, onProgress);
}

// src/convert/builders/layer-builder.ts
function secondsSince(start) {
  return Math.round(performance.now() - start) / 1e3;
}

export {
  LAYER_WORKERS,
  processLayer,
  secondsSince
};
