import { VeritySignError } from '../../../errors.ts';
import { getFrom, type HttpLimits, MAX_CRL_BYTES, postTo } from './http.ts';

export interface ServerLimits {
  /** Milliseconds of a run after which no request begins. */
  time: number;
  /** Bytes of the lists that are kept for other certificates. */
  keptBytes: number;
}

/** Two minutes suffice for 24 servers that never answer. */
const LIMITS: ServerLimits = { time: 120_000, keptBytes: 2 * MAX_CRL_BYTES };
const OCSP_ANSWER_LIMIT = 64 * 1024;
/** Milliseconds for one request; notation allows 2 s for OCSP, 5 s for lists. */
const TIMEOUT = 5000;

/** The requests of a run to revocation servers, which together are limited in time and memory. */
export class RevocationServers {
  /** By URL, the one that was needed last at the end. */
  readonly #lists = new Map<string, Promise<Uint8Array>>();
  /** Bytes of each list in `#lists` that has arrived. */
  readonly #sizes = new Map<string, number>();
  readonly #signal: AbortSignal;
  readonly #limits: ServerLimits;
  /** The sum of `#sizes`. */
  #kept = 0;
  /** Milliseconds that were used before `#since`. */
  #used = 0;
  #since = 0;
  #running = 0;

  constructor(signal: AbortSignal, limits: ServerLimits = LIMITS) {
    this.#signal = signal;
    this.#limits = limits;
  }

  /** Runs work that asks servers. Its time counts, once where several run at the same time. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running++ === 0) this.#since = performance.now();
    try {
      return await work();
    } finally {
      if (--this.#running === 0) this.#used += performance.now() - this.#since;
    }
  }

  /** @throws VeritySignError 'environment' or 'cancelled' */
  async askResponder(url: string, question: Uint8Array): Promise<Uint8Array> {
    const body = { bytes: question, type: 'application/ocsp-request' };
    return postTo(url, body, this.#request(OCSP_ANSWER_LIMIT));
  }

  /**
   * A revocation list, fetched again if too many others have been since.
   * @throws VeritySignError 'environment' or 'cancelled'
   */
  list(url: string): Promise<Uint8Array> {
    const list = this.#lists.get(url) ?? this.#fetch(url);
    this.#lists.delete(url);
    this.#lists.set(url, list);
    return list;
  }

  async #fetch(url: string): Promise<Uint8Array> {
    const bytes = await getFrom(url, this.#request(MAX_CRL_BYTES));
    this.#sizes.set(url, bytes.length);
    this.#kept += bytes.length;
    this.#dropOldest();
    return bytes;
  }

  #dropOldest(): void {
    for (const url of this.#lists.keys()) {
      if (this.#kept <= this.#limits.keptBytes) return;
      const size = this.#sizes.get(url);
      // It has not arrived, or failed.
      if (size === undefined) continue;
      this.#lists.delete(url);
      this.#sizes.delete(url);
      this.#kept -= size;
    }
  }

  #request(maxBytes: number): HttpLimits {
    const { time } = this.#limits;
    const used = this.#used + (this.#running === 0 ? 0 : performance.now() - this.#since);
    if (used < time) return { timeout: TIMEOUT, maxBytes, signal: this.#signal };
    throw new VeritySignError(
      'environment',
      `no more revocation servers are asked: those of this image took more than ${time / 1000} s`,
    );
  }
}
