import { HttpError } from './errors.ts';
import { type HttpProxy, proxyName } from './proxy.ts';

/** The time that a request may take with all that belongs to it, and the signal of its caller. */
export class Deadline {
  /** Aborts at the end of the time, and with the caller's signal. */
  readonly signal: AbortSignal;
  readonly #caller: AbortSignal;
  readonly #timer: AbortSignal;
  readonly #milliseconds: number;
  readonly #end: number;

  constructor(milliseconds: number, caller: AbortSignal) {
    this.#milliseconds = milliseconds;
    this.#end = performance.now() + milliseconds;
    this.#caller = caller;
    this.#timer = AbortSignal.timeout(milliseconds);
    this.signal = AbortSignal.any([caller, this.#timer]);
  }

  /** Milliseconds that are left. */
  get remaining(): number {
    return this.#end - performance.now();
  }

  /** @throws the reason of the caller's signal, or HttpError 'timeout' */
  throwIfOver(url: URL, proxy?: HttpProxy): void {
    this.#caller.throwIfAborted();
    if (!this.#timer.aborted) return;
    const by = proxy === undefined ? '' : `, asked through ${proxyName(proxy)}`;
    throw new HttpError('timeout', `did not answer in ${this.#milliseconds} ms${by}`, { url });
  }
}
