import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  harmless
} from "./shared.frontend.hide-environment.js";

// src/frontend/output/stray-errors.ts
function handleStrayErrors(fail) {
  process.on("uncaughtException", (error) => process.exit(fail(error)));
  if (process.listenerCount("warning") === 0) return;
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => {
    process.stderr.write(`${harmless(`${name}: ${message}`)}
`);
  });
}

// src/frontend/thread-pool.ts
import { availableParallelism } from "node:os";
var PER_LAYER = 5;
var MOST = 128;
function widenThreadPool(env = process.env) {
  env.UV_THREADPOOL_SIZE ??= `${Math.min(MOST, 4 + PER_LAYER * availableParallelism())}`;
}

export {
  handleStrayErrors,
  widenThreadPool
};
