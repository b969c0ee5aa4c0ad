import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/concurrent.ts
async function alongside(check, signal, work) {
  const stop = new AbortController();
  let checkFailed;
  const checked = check.result.catch((error) => {
    checkFailed = { error };
    stop.abort();
  });
  try {
    const done = await work(AbortSignal.any([signal, stop.signal]));
    await checked;
    return [await check.result, done];
  } catch (error) {
    if (checkFailed !== void 0) throw checkFailed.error;
    await check.stop();
    throw error;
  }
}
async function mapConcurrently(items, limit, signal, work) {
  const results = new Array(items.length);
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let next = 0;
  let failed = false;
  let failure;
  async function worker() {
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
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker));
  if (failed) throw failure;
  return results;
}

export {
  alongside,
  mapConcurrently
};
