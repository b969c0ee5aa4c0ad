import { setTimeout as sleep } from 'node:timers/promises';

/** Attempts in all. With nothing from the service, the waits between them add up to at most 15.5 s. */
const ATTEMPTS = 6;
const FIRST_WAIT = 500;
/** A service that wants more patience than this is told to the user instead. */
const LONGEST_WAIT = 30_000;

/** That a failed request may be repeated, and the milliseconds the service wants to pass before. */
export interface Retry {
  after?: number | undefined;
}

/** Throttled, or a failure of the service that need not last. */
export function isTransientStatus(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

/** Milliseconds in a `Retry-After` header: seconds or a date. [RFC 9110, 10.2.3] */
export function retryAfter(header: string | null | undefined, now = Date.now()): number | undefined {
  if (header == null || header.trim() === '') return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * Makes a request up to six times, with waits that double, half of them at random, so that many
 * workers do not come back at the same moment.
 * @param judge Says of what `attempt` threw whether another attempt makes sense; without, it is thrown.
 * @throws What the last attempt threw, or the signal's reason.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  judge: (error: unknown) => Retry | undefined,
  signal: AbortSignal,
): Promise<T> {
  for (let count = 1; ; count++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const retry = judge(error);
      if (retry === undefined || count === ATTEMPTS) throw error;
      const wait = FIRST_WAIT * 2 ** (count - 1);
      const after = retry.after ?? wait / 2 + (Math.random() * wait) / 2;
      if (after > LONGEST_WAIT) throw error;
      await sleep(after, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}
