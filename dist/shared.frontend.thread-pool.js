import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  freeDescriptors,
  freeThreads
} from "./shared.lib.process.free-resources.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/frontend/thread-pool.ts
import { availableParallelism } from "node:os";
var PER_LAYER = 5;
var MOST = 128;
var LEAST = 4;
var NEEDED_THREADS = LEAST + 4;
var NEEDED_DESCRIPTORS = 12;
function requireResources() {
  for (const [what, free, needed, option] of [
    ["open files", freeDescriptors(), NEEDED_DESCRIPTORS, "-n"],
    ["processes and threads", freeThreads(), NEEDED_THREADS, "-u, or the pids limit of the container"]
  ]) {
    if (free >= needed) continue;
    throw new VeritySignError(
      "environment",
      `the limit on ${what} leaves ${Math.max(0, free)} for this process, which needs at least ${needed}`,
      { remedy: `Raise the limit (ulimit ${option})` }
    );
  }
}
function widenThreadPool(env = process.env) {
  if (env.UV_THREADPOOL_SIZE !== void 0) return;
  const wanted = Math.min(MOST, LEAST + PER_LAYER * availableParallelism());
  env.UV_THREADPOOL_SIZE = `${Math.max(LEAST, Math.min(wanted, Math.floor(freeThreads() / 2)))}`;
}

export {
  requireResources,
  widenThreadPool
};
