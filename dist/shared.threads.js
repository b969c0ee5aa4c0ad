import {
  splitLocal
} from "./shared.inputs.js";
import {
  SystemLimitError,
  freeDescriptors,
  requireResources
} from "./shared.start.js";

// builtin-load:load of threads
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:worker_threads of threads
var found;
var all = () => found ??= load("node:worker_threads");
var one = (name) => all()[name];
var Worker = /* @__PURE__ */ one("Worker");

// src/lib/process/worker-pool.ts
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
      // What `node --import` loads is meant for the main thread, and may print.
      execArgv: [],
      stdin: false,
      // Otherwise Node pipes them into those of the process, which belong to the caller of a library. What fails in
      // a program comes as an event. Both reading the streams and text in them keep the process alive: nobody reads
      // them, and a program must discard what it prints.
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
var SMALL_BLOB = 1024 * 1024;

// builtin:node:fs of threads
var found2;
var all2 = () => found2 ??= load("node:fs");
var one2 = (name) => all2()[name];
var statSync = /* @__PURE__ */ one2("statSync");
var opendirSync = /* @__PURE__ */ one2("opendirSync");

// builtin:node:path of threads
var found3;
var all3 = () => found3 ??= load("node:path");
var one3 = (name) => all3()[name];
var join = /* @__PURE__ */ one3("join");

// src/frontend/early-start.ts
var LOOKED_AT = 100;
function startEarly(images, threads = LAYER_WORKERS) {
  try {
    requireResources();
    if (images.some(hasLargeBlob)) threads.warmUp(1);
  } catch {
  }
}
function hasLargeBlob(image) {
  const target = image.startsWith("oci:") ? splitLocal(image.slice("oci:".length), "folder") : "";
  if (typeof target === "string") return false;
  const folder = join(target.path, "blobs", "sha256");
  const blobs = opendirSync(folder);
  try {
    return someLarge(blobs, folder);
  } finally {
    blobs.closeSync();
  }
}
function someLarge(blobs, folder) {
  for (let count = 0; count < LOOKED_AT; count++) {
    const entry = blobs.readSync();
    if (entry === null) return false;
    if (entry.isFile() && statSync(join(folder, entry.name)).size > SMALL_BLOB) return true;
  }
  return false;
}

export {
  LAYER_WORKERS,
  SMALL_BLOB,
  startEarly
};
