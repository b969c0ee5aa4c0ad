/** Requests to a registry at the same time. */
const BATCH = 4;

/**
 * Runs `work` for every item, a few at a time, and gives the results in order. After a failure all of
 * the batch have ended before it is thrown, so that nothing still uses the caller's files.
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
