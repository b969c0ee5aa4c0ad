import { setTimeout as sleep } from 'node:timers/promises';

/** Attempts in all, the first included. */
export const MAX_ATTEMPTS = 5;
/** A service that asks for more than this gets no further request. */
const LONGEST_WAIT = 30_000;
const FIRST_WAIT = 200;

/** That another attempt is worth it. */
export interface RetryAdvice {
  /** Milliseconds that the service asked to wait. */
  after?: number;
}

export interface RetryOptions {
  signal: AbortSignal;
  /** Judges a failed attempt; undefined: it is final. */
  advise(error: unknown): RetryAdvice | undefined;
}

/**
 * Repeats `attempt` while its failures are worth it, five times in all. Waits twice as long each time,
 * with jitter over the whole range so that calls side by side spread out, or as the service says.
 * The last failure is thrown as it came.
 */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let done = 1; ; done++) {
    try {
      return await attempt();
    } catch (error) {
      const advice = options.signal.aborted || done >= MAX_ATTEMPTS ? undefined : options.advise(error);
      const wait = advice?.after ?? FIRST_WAIT * 2 ** (done - 1) * (0.5 + Math.random());
      if (advice === undefined || wait > LONGEST_WAIT) throw error;
      await sleep(wait, undefined, { signal: options.signal });
    }
  }
}

/** HTTP status codes after which the same request may succeed. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** Milliseconds from a Retry-After header: seconds or an HTTP date. [RFC 9110, 10.2.3] */
export function parseRetryAfter(header: string | null | undefined, now = Date.now()): number | undefined {
  if (header === null || header === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const NETWORK_ERRORS: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The error code of a connection that failed in itself or in one of its causes; undefined for anything else. */
export function networkErrorCode(error: unknown): string | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 8; one = one.cause, depth++) {
    const { code } = one as NodeJS.ErrnoException;
    if (code !== undefined && NETWORK_ERRORS.has(code)) return code;
  }
  return undefined;
}
