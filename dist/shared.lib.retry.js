import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/retry.ts
import { setTimeout as sleep } from "node:timers/promises";
var ATTEMPTS = 6;
var FIRST_WAIT = 500;
var LONGEST_WAIT = 3e4;
async function withRetries(attempt, retryOf, signal, attempts = ATTEMPTS) {
  for (let count = 1; ; count++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const retry = retryOf(error);
      if (retry === void 0 || count === attempts) throw error;
      const wait = FIRST_WAIT * 2 ** (count - 1);
      const after = retry.after ?? wait / 2 + Math.random() * wait / 2;
      if (after > LONGEST_WAIT) throw error;
      await sleep(after, void 0, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

export {
  withRetries
};
