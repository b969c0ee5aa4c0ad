/**
 * Calls `stop` once when `signal` aborts, and at once if it has aborted: a listener that is added later is never called.
 * @returns removes the listener; for a `finally`, since the signal may outlive the work
 */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal?.aborted === true) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  return () => signal?.removeEventListener('abort', stop);
}

/**
 * Settles as `work` does, or rejects when its time is over or `signal` aborts: for clients that take neither. What they
 * have begun goes on, and its outcome is ignored.
 * @param limits `timeout` in milliseconds; without it there is no time limit
 * @param work is given a signal for both
 * @throws the reason of `signal`, or a DOMException `TimeoutError`
 */
export async function within<T>(
  { signal, timeout }: { signal: AbortSignal; timeout?: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = timeout === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  either.throwIfAborted();
  const over = Promise.withResolvers<never>();
  // A client that knows the signal comes first: its error says more.
  const release = onAbort(either, () => setImmediate(() => over.reject(either.reason)));
  try {
    return await Promise.race([work(either), over.promise]);
  } finally {
    release();
  }
}

/** A check that runs in the background; its result is the verdict. */
export interface Check<C> {
  result: Promise<C>;
  stop(): Promise<void>;
  /** Whether an error of the work may come from what is checked: if the check fails as well, that says more. */
  explains?(error: unknown): boolean;
}

/**
 * Runs `work` while a check is running. If the check fails, the work is stopped by its signal, and then
 * the check's error is thrown. If the work fails, the check is stopped, or awaited if it may explain the failure: what
 * is reported does not depend on which of them fails first.
 */
export async function alongside<C, T>(
  check: Check<C>,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<[C, T]> {
  const stop = new AbortController();
  let checkFailed: { error: unknown } | undefined;
  const checked = check.result.catch((error: unknown) => {
    checkFailed = { error };
    stop.abort();
  });
  try {
    const done = await work(AbortSignal.any([signal, stop.signal]));
    await checked;
    return [await check.result, done];
  } catch (error) {
    if (check.explains?.(error)) await checked;
    if (checkFailed !== undefined) throw checkFailed.error;
    await check.stop();
    throw error;
  }
}

/**
 * Runs `work` for every item, at most `limit` concurrently, and returns the results in item order. The
 * first failure aborts the others' `signal`. It is thrown when all of them have stopped, so that
 * nothing is running when the caller cleans up.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let next = 0;
  let failed = false;
  let failure: unknown;

  async function worker(): Promise<void> {
    while (!failed && next < items.length) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T, both);
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

/**
 * The results of work that was started together. If several parts fail, the error is that of the first in this order,
 * whichever failed first.
 */
export async function firstErrorInOrder<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  const results: T[] = [];
  for (const one of work) results.push(await one);
  return results;
}
