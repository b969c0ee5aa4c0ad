import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/frontend/thread-pool.ts
import { availableParallelism } from "node:os";
var PER_LAYER = 5;
var MOST = 128;
function widenThreadPool(env = process.env) {
  env.UV_THREADPOOL_SIZE ??= `${Math.min(MOST, 4 + PER_LAYER * availableParallelism())}`;
}

export {
  widenThreadPool
};
