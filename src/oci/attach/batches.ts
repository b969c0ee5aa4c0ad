/** Concurrent requests to a registry. */
export const BATCH = 4;

/**
 * Runs `work` for every item, a few concurrently, and returns the results in order. A failure is thrown
 * when the whole batch has ended, so that nothing uses the caller's files any more.
 */
export async function inBatches<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += BATCH) {
    const batch = items.slice(first, first + BATCH).map((item, offset) => work(item, first + offset));
    for (const result of await Promise.allSettled(batch)) {
      if (result.status === 'rejected') throw result.reason;
      results.push(result.value);
    }
  }
  return results;
}
