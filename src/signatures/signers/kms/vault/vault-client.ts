import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isTransientStatus, type Retry, retryAfter, withRetries } from '../retry.ts';
import type { VaultSettings } from './vault-settings.ts';

/** No answer that is asked for here comes near it. */
const MAX_BYTES = 1024 * 1024;

/** An answer of Vault that is no success. */
export class VaultAnswer extends Error {
  readonly status: number;
  /** Its `errors` in one line, without the token. */
  readonly said: string;
  /** Milliseconds that it wants to pass before the next request. */
  readonly after: number | undefined;
  /** Of a redirect: scheme, host and port that it leads to. */
  readonly redirect: string | undefined;

  constructor(status: number, said: string, more: { after?: number | undefined; redirect?: string } = {}) {
    super(`HTTP ${status}: ${said}`);
    this.status = status;
    this.said = said;
    this.after = more.after;
    this.redirect = more.redirect;
  }
}

/**
 * Vault's HTTP API. Written with node:https, as fetch cannot be given a CA. Redirects are not followed,
 * so that the token goes nowhere but to VAULT_ADDR.
 */
export class VaultClient {
  readonly settings: VaultSettings;
  readonly #agent: HttpAgent;
  readonly #timeout: number;
  readonly #signal: AbortSignal;

  /** @param timeout Milliseconds for one request. */
  constructor(settings: VaultSettings, { timeout, signal }: { timeout: number; signal: AbortSignal }) {
    this.settings = settings;
    // HTTPS_PROXY, HTTP_PROXY and NO_PROXY; Node before 24.5 does not know them.
    const options = { keepAlive: true, maxSockets: 16, proxyEnv: process.env };
    this.#agent = settings.address.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
    this.#timeout = timeout;
    this.#signal = signal;
  }

  /**
   * Reads (GET) or, with a body, writes (POST) a path below `/v1/`; repeated while Vault is busy.
   * @returns `data` of the answer.
   * @throws VaultAnswer, the error of the connection, or the signal's reason.
   */
  call(path: string, body?: unknown): Promise<unknown> {
    return withRetries(() => this.#send(path, body), judge, this.#signal);
  }

  async #send(path: string, body: unknown): Promise<unknown> {
    const { address, token, namespace, ca } = this.settings;
    const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const url = new URL(`${address.pathname.replace(/\/$/, '')}/v1/${path}`, address);
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = start(url, {
      method: sent === undefined ? 'GET' : 'POST',
      headers: {
        'x-vault-token': token,
        // Vault's proxies can ask for it, so that no browser is made to use their token.
        'x-vault-request': 'true',
        ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
        ...(sent !== undefined && { 'content-type': 'application/json', 'content-length': sent.length }),
      },
      agent: this.#agent,
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(this.#timeout)]),
      ...(ca !== undefined && { ca }),
    });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', reject).end(sent);
    });
    const text = await read(response);
    const { statusCode: status = 0, headers } = response;
    if (status === 200) return readJson(text)?.data;
    // Without the token, should the server repeat it.
    const said = readErrors(text.replaceAll(token, '***'));
    if (status < 300 || status >= 400)
      throw new VaultAnswer(status, said, { after: retryAfter(headers['retry-after']) });
    const to = headers.location ?? '';
    const redirect = URL.canParse(to, url.href) ? new URL(to, url).origin : 'another address';
    throw new VaultAnswer(status, said, { redirect });
  }
}

/** Repeated is what may pass; a sealed Vault waits for people. */
function judge(error: unknown): Retry | undefined {
  if (error instanceof VaultAnswer) {
    return isTransientStatus(error.status) && !isSealed(error) ? { after: error.after } : undefined;
  }
  const { code } = error as NodeJS.ErrnoException;
  const passing = /^(?:ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;
  return code !== undefined && passing.test(code) ? {} : undefined;
}

export function isSealed({ status, said }: VaultAnswer): boolean {
  return status === 503 && /sealed/i.test(said);
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error('the answer is longer than 1 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readJson(text: string): { data?: unknown; errors?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A proxy in between answers in its own way. */
function readErrors(text: string): string {
  const errors = readJson(text)?.errors;
  const said = Array.isArray(errors) ? errors.filter((one) => typeof one === 'string').join('; ') : text;
  return said.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}
