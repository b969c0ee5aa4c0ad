import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/signatures/signers/kms/retry.ts
import { setTimeout as sleep } from "node:timers/promises";
var ATTEMPTS = 6;
var FIRST_WAIT = 500;
var LONGEST_WAIT = 3e4;
function isTransientStatus(status) {
  return [408, 429, 500, 502, 503, 504].includes(status);
}
function retryAfter(header, now = Date.now()) {
  if (header == null || header.trim() === "") return void 0;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1e3;
  const date = Date.parse(header);
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}
async function withRetries(attempt, judge, signal) {
  for (let count = 1; ; count++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const retry = judge(error);
      if (retry === void 0 || count === ATTEMPTS) throw error;
      const wait = FIRST_WAIT * 2 ** (count - 1);
      const after = retry.after ?? wait / 2 + Math.random() * wait / 2;
      if (after > LONGEST_WAIT) throw error;
      await sleep(after, void 0, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

export {
  isTransientStatus,
  retryAfter,
  withRetries
};
