import type { OrasCalls } from './calls.ts';
import type { DirectRegistry } from './direct/registry.ts';
import type { Place } from './direct/requests.ts';
import type { Access } from './failures/cause.ts';
import { getsNoAnswer, isNotFound } from './failures/failure.ts';
import { refusesHead } from './failures/refusal.ts';
import type { Login } from './login/logins.ts';

/** Milliseconds: the longest that a timer takes. */
const NO_TIMEOUT = 2 ** 31 - 1;

/** An operation by the client that needs less of a registry than oras. */
export type Directly<T> = (registry: DirectRegistry, place: Place) => Promise<T>;

/** Does without oras what oras cannot do with a registry, and remembers which registries these are. */
export class Fallback {
  readonly #calls: OrasCalls;
  /** Registries that have answered a HEAD request: what they say about others is true. */
  readonly #usual = new Set<string>();
  /** Registries that oras cannot use. */
  readonly #unusual = new Set<string>();
  #direct: Promise<DirectRegistry> | undefined;

  constructor(calls: OrasCalls) {
    this.#calls = calls;
  }

  /** Records that the registry of a reference has answered a HEAD request of oras. */
  answersHead(reference: string): void {
    this.#usual.add(registryOf(reference));
  }

  /** Whether oras was found to be unable to use the registry of a reference. */
  isNeededFor(reference: string): boolean {
    return this.#unusual.has(registryOf(reference));
  }

  /** By oras, or without it where oras cannot use the registry. */
  async either<T>(
    access: Access,
    target: string,
    byOras: () => Promise<T>,
    directly: Directly<T>,
  ): Promise<T> {
    const registry = registryOf(target);
    if (this.#unusual.has(registry)) return this.#directly(access, target, directly);
    try {
      return await byOras();
    } catch (error) {
      // "Not found" is no answer where none of the HEAD requests was ever answered otherwise.
      const isDoubtful = access === 'pull' && isNotFound(error) && !this.#usual.has(registry);
      if (!isDoubtful && !refusesHead(error)) throw error;
      const result = await this.#directly(access, target, directly).catch((other: unknown) => {
        const isUnanswered = isDoubtful && getsNoAnswer(other);
        // This client reaches fewer servers than oras: what oras is told is all that can be known.
        if (isUnanswered) this.#usual.add(registry);
        throw isUnanswered || (isDoubtful && isNotFound(other)) ? error : other;
      });
      this.#unusual.add(registry);
      return result;
    }
  }

  #directly<T>(access: Access, target: string, work: Directly<T>): Promise<T> {
    const repository = target.replace(/(?:@.*|:[^/]*)$/, '');
    const attempt = async (login: Login | undefined) => work(await this.#openDirect(), { repository, login });
    return this.#calls.retrying(attempt, access, target);
  }

  /** Lazy import: few registries need it. */
  #openDirect(): Promise<DirectRegistry> {
    this.#direct ??= import('./direct/registry.ts').then(({ DirectRegistry }) => {
      const {
        plainHttp = false,
        caFile,
        clientCertificate,
        env = process.env,
        ...more
      } = this.#calls.options;
      const { timeout = NO_TIMEOUT, signal = new AbortController().signal } = more;
      return DirectRegistry.open({ plainHttp, caFile, clientCertificate, env, timeout, signal });
    });
    return this.#direct;
  }
}

/** Host and optional port of a reference. */
function registryOf(reference: string): string {
  return reference.slice(0, reference.indexOf('/'));
}
