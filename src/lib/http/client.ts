import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connections, TlsFiles } from './connection.ts';
import { Deadline } from './deadline.ts';
import { HttpError } from './errors.ts';
import { type Exchange, exchange, type HttpResponse, type OpenResponse, openExchange } from './exchange.ts';
import { retryAfter } from './retry-after.ts';
import { DIRECT } from './tunnel.ts';

export interface HttpClientOptions extends TlsFiles {
  /** Connections to one server that are kept for further requests. Default: each serves one request. */
  connections?: number;
  /** Where the proxy variables are. Default: the environment of the process. */
  env?: NodeJS.ProcessEnv;
}

export interface HttpRequest extends Omit<Exchange, 'method' | 'headers'> {
  /** Default: GET, or POST where there is a body. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  /** Milliseconds for everything, with redirects and the repetition. */
  timeout: number;
  signal: AbortSignal;
  /** Where a GET may be sent on to. Default: nowhere; the caller gets the redirect as the answer. */
  redirects?: Redirects;
  /**
   * Longest `Retry-After`, in milliseconds, after which a request that was answered with 429 or 503 is
   * repeated, once. Default: it is not repeated.
   */
  retryAfter?: number;
}

export interface Redirects {
  /** Most redirects in a row. */
  limit: number;
  /** Schemes that they may lead to. */
  protocols: readonly ('http:' | 'https:')[];
}

const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * HTTP with the limits that a request to a foreign server needs: time, bytes, redirects. It goes through the
 * proxy that the environment names (see proxyFor), does not decompress, and keeps nothing between requests
 * but, where asked for, connections.
 */
export class HttpClient {
  readonly #connections: Connections;
  readonly #env: NodeJS.ProcessEnv;

  constructor({ connections, env = process.env, ...tls }: HttpClientOptions = {}) {
    const kept = connections === undefined ? {} : { keepAlive: true, maxSockets: connections };
    const options = { ...kept, ...DIRECT };
    this.#connections = { http: new HttpAgent(options), https: new HttpsAgent(options), tls };
    this.#env = env;
  }

  /**
   * Sends a request and reads the answer, whatever its status.
   * @param url of `http:` or `https:`
   * @throws HttpError, or the reason of the signal
   */
  async send(url: URL, request: HttpRequest): Promise<HttpResponse> {
    const deadline = new Deadline(request.timeout, request.signal);
    const response = await this.#follow(url, request, deadline, exchange);
    const pause = pauseAfter(response, request.retryAfter);
    if (pause === undefined || pause >= deadline.remaining) return response;
    await sleep(pause, undefined, { signal: deadline.signal }).catch(() => deadline.throwIfOver(url));
    return this.#follow(url, request, deadline, exchange);
  }

  /**
   * As {@link send}, without repetition: the answer's body is a stream.
   * @param request its timeout holds until the body has ended
   */
  open(url: URL, request: Omit<HttpRequest, 'maxBytes' | 'retryAfter'>): Promise<OpenResponse> {
    const deadline = new Deadline(request.timeout, request.signal);
    return this.#follow(
      url,
      { ...request, maxBytes: 0 },
      deadline,
      async (place, asked, connections, context) => {
        const response = await openExchange(place, asked, connections, context);
        if (REDIRECTS.includes(response.status)) response.stream.destroy();
        return response;
      },
    );
  }

  async #follow<Response extends Omit<HttpResponse, 'body'>>(
    url: URL,
    request: HttpRequest,
    deadline: Deadline,
    perform: (...asked: Parameters<typeof exchange>) => Promise<Response>,
  ): Promise<Response> {
    const { body, redirects, headers = {} } = request;
    const { method = body === undefined ? 'GET' : 'POST' } = request;
    const context = { env: this.#env, deadline };
    const followed = method === 'GET' && redirects !== undefined ? redirects : undefined;
    let place = url;
    for (let count = 0; ; count++) {
      // What was meant for one server, such as a token, goes to no other.
      const sent = place.origin === url.origin ? headers : {};
      const asked = { ...request, method, headers: sent };
      const response = await perform(place, asked, this.#connections, context);
      if (followed === undefined || !REDIRECTS.includes(response.status)) return response;
      if (count === followed.limit) {
        throw new HttpError('redirect', `redirects more than ${followed.limit} times`, { url: place });
      }
      place = nextPlace(response, followed);
    }
  }
}

function nextPlace(
  { url, headers: { location } }: Omit<HttpResponse, 'body'>,
  { protocols }: Redirects,
): URL {
  const next = location === undefined ? null : URL.parse(location, url.href);
  if (next !== null && protocols.some((one) => one === next.protocol)) return next;
  const where = next === null ? 'to no usable address' : `to ${next.protocol}//, which is not permitted`;
  throw new HttpError('redirect', `redirects ${where}`, { url });
}

function pauseAfter({ status, headers }: HttpResponse, longest: number | undefined): number | undefined {
  if (longest === undefined || (status !== 429 && status !== 503)) return undefined;
  const pause = retryAfter(headers['retry-after']);
  return pause !== undefined && pause <= longest ? pause : undefined;
}

/** For a caller that has no use for the answer's status. */
export function statusError({ url, status, headers }: HttpResponse): HttpError {
  const what = REDIRECTS.includes(status)
    ? 'redirects to another address, which is not followed'
    : `answered with status ${status}`;
  return new HttpError('status', what, { url, status, after: retryAfter(headers['retry-after']) });
}
