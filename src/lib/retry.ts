import { setTimeout as sleep } from 'node:timers/promises';

/** Attempts in all. Without advice from the service the waits between them add up to at most 15.5 s. */
const ATTEMPTS = 6;
const FIRST_WAIT = 500;
/** A longer wait than this is left to the user. */
const LONGEST_WAIT = 30_000;

/** Advice to repeat a failed request. */
export interface Retry {
  /** Milliseconds that the service wants to pass first. */
  after?: number | undefined;
}

/**
 * Makes a request up to six times, with waits that double, half of them at random, so that many
 * workers do not come back at the same moment.
 * @param retryOf Says of what `attempt` threw whether another attempt makes sense; `undefined`: it is thrown.
 * @throws What the last attempt threw, or the signal's reason.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  retryOf: (error: unknown) => Retry | undefined,
  signal: AbortSignal,
  attempts = ATTEMPTS,
): Promise<T> {
  for (let count = 1; ; count++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const retry = retryOf(error);
      if (retry === undefined || count === attempts) throw error;
      const wait = FIRST_WAIT * 2 ** (count - 1);
      const after = retry.after ?? wait / 2 + (Math.random() * wait) / 2;
      if (after > LONGEST_WAIT) throw error;
      await sleep(after, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}
