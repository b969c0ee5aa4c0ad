import { HttpClient } from '../../../../lib/http/client.ts';
import { HttpError } from '../../../../lib/http/errors.ts';
import { isTransientStatus, retryAfter } from '../../../../lib/http/retry-after.ts';
import { type Retry, withRetries } from '../../../../lib/retry.ts';
import type { VaultSettings } from './vault-settings.ts';

/** No answer to these requests comes near it. */
const MAX_BYTES = 1024 * 1024;
/** Requests to Vault at a time. */
const CONNECTIONS = 16;
/** Codes of errors that need not last. */
const PASSING = /^(?:ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;

/** A replica does not have the latest writes yet. [Vault API, HTTP status codes] */
const LAGGING = 412;

/** An answer of Vault that reports a failure. */
export class VaultAnswer extends Error {
  readonly status: number;
  /** Its `errors` in one line, without the token. */
  readonly said: string;
  /** Milliseconds that Vault wants to pass before the next request. */
  readonly after: number | undefined;
  /** Scheme, host and port that a redirect leads to. */
  readonly redirect: string | undefined;

  constructor(status: number, said: string, more: { after?: number | undefined; redirect?: string } = {}) {
    super(`HTTP ${status}: ${said}`);
    this.status = status;
    this.said = said;
    this.after = more.after;
    this.redirect = more.redirect;
  }
}

/** Vault's HTTP API. Redirects are not followed, so that the token goes nowhere but to VAULT_ADDR. */
export class VaultClient {
  readonly settings: VaultSettings;
  readonly #http: HttpClient;
  readonly #timeout: number;
  readonly #signal: AbortSignal;

  /** @param timeout Milliseconds for one request. */
  constructor(settings: VaultSettings, { timeout, signal }: { timeout: number; signal: AbortSignal }) {
    this.settings = settings;
    this.#http = new HttpClient({ ca: settings.ca, connections: CONNECTIONS });
    this.#timeout = timeout;
    this.#signal = signal;
  }

  /**
   * Reads (GET) or, with a body, writes (POST) a path below `/v1/`; repeated while Vault is busy.
   * @returns `data` of the answer.
   * @throws VaultAnswer, HttpError, or the signal's reason.
   */
  call(path: string, body?: unknown): Promise<unknown> {
    return withRetries(() => this.#send(path, body), retryOf, this.#signal);
  }

  async #send(path: string, body: unknown): Promise<unknown> {
    const { address, token, namespace } = this.settings;
    const url = new URL(`${address.pathname.replace(/\/$/, '')}/v1/${path}`, address);
    const answer = await this.#http.send(url, {
      ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)) }),
      headers: {
        'x-vault-token': token,
        // Vault's proxies can demand it, so that no browser is made to use their token.
        'x-vault-request': 'true',
        ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...{ timeout: this.#timeout, signal: this.#signal, maxBytes: MAX_BYTES, errorBody: true },
    });
    const text = answer.body.toString('utf8');
    const { status, headers } = answer;
    if (status === 200) return readJson(text)?.data;
    // Without the token, should the server repeat it.
    const said = readErrors(text.replaceAll(token, '***'));
    if (status < 300 || status >= 400) {
      throw new VaultAnswer(status, said, { after: retryAfter(headers['retry-after']) });
    }
    const to = URL.parse(headers.location ?? '', url.href);
    throw new VaultAnswer(status, said, { redirect: to?.origin ?? 'another address' });
  }
}

/** A sealed Vault waits for people, so it is not asked again. */
function retryOf(error: unknown): Retry | undefined {
  if (error instanceof VaultAnswer) {
    const mayPass = isTransientStatus(error.status) || error.status === LAGGING;
    return mayPass && !isSealed(error) ? { after: error.after } : undefined;
  }
  return error instanceof HttpError && PASSING.test(error.code ?? '') ? {} : undefined;
}

export function isSealed({ status, said }: VaultAnswer): boolean {
  return status === 503 && /sealed/i.test(said);
}

function readJson(text: string): { data?: unknown; errors?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Vault's own errors, or the beginning of what a proxy before it says. */
function readErrors(text: string): string {
  const errors = readJson(text)?.errors;
  const said = Array.isArray(errors) ? errors.filter((one) => typeof one === 'string').join('; ') : text;
  return said.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}
