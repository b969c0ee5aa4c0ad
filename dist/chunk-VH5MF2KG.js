import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/pipeline/concurrent.ts
async function alongside(check, signal, work) {
  const stop = new AbortController();
  check.catch(() => stop.abort());
  const [checked, worked] = await Promise.allSettled([check, work(AbortSignal.any([signal, stop.signal]))]);
  if (checked.status === "rejected") throw checked.reason;
  if (worked.status === "rejected") throw worked.reason;
  return [checked.value, worked.value];
}
async function mapConcurrently(items, limit, signal, work) {
  const results = new Array(items.length);
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let next = 0;
  let failed = false;
  let failure;
  async function lane() {
    while (!failed && next < items.length) {
      const index = next++;
      try {
        results[index] = await work(items[index], both);
      } catch (error) {
        if (!failed) failure = error;
        failed = true;
        stop.abort();
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, lane));
  if (failed) throw failure;
  return results;
}

export {
  alongside,
  mapConcurrently
};
