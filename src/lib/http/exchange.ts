import { once } from 'node:events';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Connections, direct, forwarded, tunnelled } from './connection.ts';
import type { Deadline } from './deadline.ts';
import type { HttpError } from './errors.ts';
import { proxyFailure, proxyRefusal, serverFailure } from './failures.ts';
import { type HttpProxy, proxyFor } from './proxy.ts';
import { interrupted, readBody } from './read-body.ts';
import { openTunnel } from './tunnel.ts';

export interface HttpResponse {
  /** The address that answered, after redirects. */
  url: URL;
  status: number;
  headers: IncomingHttpHeaders;
  /** Empty for a status other than 2xx, unless `errorBody` was set. */
  body: Buffer;
}

/**
 * The head of an answer, and its body as a stream, which the caller reads to its end or destroys. It fails with
 * HttpError, or the reason of the caller's signal.
 */
export interface OpenResponse extends Omit<HttpResponse, 'body'> {
  stream: Readable;
}

/** A body that is not held in memory. */
export interface BodySource {
  /** Bytes. */
  size: number;
  open(): Readable;
}

export interface Exchange {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers: Readonly<Record<string, string>>;
  body?: Uint8Array | BodySource | undefined;
  /** Most bytes of the answer's body. */
  maxBytes: number;
  /** Read the body of an answer other than 2xx too. */
  errorBody?: boolean | undefined;
}

/**
 * One request and its answer, whatever its status. Compressed answers are not asked for and not read.
 * @throws HttpError, or the reason of the caller's signal
 */
export async function exchange(
  url: URL,
  request: Exchange,
  connections: Connections,
  { env, deadline }: { env: NodeJS.ProcessEnv; deadline: Deadline },
): Promise<HttpResponse> {
  const proxy = proxyFor(url, env);
  try {
    const response = await ask(url, request, proxy, connections, deadline.signal);
    try {
      return await read(response, url, request, proxy);
    } finally {
      response.destroy();
    }
  } catch (error) {
    deadline.throwIfOver(url, proxy);
    throw error;
  }
}

/**
 * As {@link exchange}; the deadline holds until the body has ended.
 * @throws HttpError, or the reason of the caller's signal
 */
export async function openExchange(
  url: URL,
  request: Omit<Exchange, 'maxBytes'>,
  connections: Connections,
  { env, deadline }: { env: NodeJS.ProcessEnv; deadline: Deadline },
): Promise<OpenResponse> {
  const proxy = proxyFor(url, env);
  try {
    const response = await ask(url, request, proxy, connections, deadline.signal);
    const { statusCode: status = 0, headers } = response;
    if (status !== 407 || proxy === undefined) {
      return { url, status, headers, stream: explained(response, url, deadline, proxy) };
    }
    response.destroy();
    throw proxyRefusal(status, url, proxy);
  } catch (error) {
    deadline.throwIfOver(url, proxy);
    throw error;
  }
}

/** The body of an answer, with errors that say what Node's do not. */
function explained(
  response: IncomingMessage,
  url: URL,
  deadline: Deadline,
  proxy: HttpProxy | undefined,
): Readable {
  const out = new PassThrough();
  response.on('error', (cause) => {
    try {
      deadline.throwIfOver(url, proxy);
      out.destroy(interrupted(cause, url));
    } catch (error) {
      out.destroy(error as Error);
    }
  });
  out.once('close', () => response.destroy());
  return response.pipe(out);
}

async function ask(
  url: URL,
  { method, headers, body }: Omit<Exchange, 'maxBytes'>,
  proxy: HttpProxy | undefined,
  connections: Connections,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const length = body !== undefined && { 'content-length': `${'size' in body ? body.size : body.length}` };
  const head = { method, signal, headers: { 'accept-encoding': 'identity', ...headers, ...length } };
  if (proxy === undefined) return answerTo(direct(url, head, connections), body, signal, toServer);
  if (url.protocol === 'https:') {
    const socket = await openTunnel(url, proxy, signal);
    return answerTo(tunnelled(url, socket, head, connections.tls), body, signal, toServer);
  }
  return answerTo(forwarded(url, proxy, head, connections), body, signal, toProxy);

  function toServer(error: unknown): HttpError {
    return serverFailure(error, url);
  }
  function toProxy(error: unknown): HttpError {
    return proxy === undefined ? toServer(error) : proxyFailure(error, url, proxy);
  }
}

/** Sends the body and waits for the answer's head. */
async function answerTo(
  request: ClientRequest,
  body: Uint8Array | BodySource | undefined,
  signal: AbortSignal,
  explain: (error: unknown) => HttpError,
): Promise<IncomingMessage> {
  // An error may come after the answer, and then has no other listener.
  request.on('error', () => undefined);
  // A server may answer before it has the whole body, and the answer says more than the broken upload.
  if (body !== undefined && 'size' in body) pipeline(body.open(), request).catch(() => undefined);
  else request.end(body);
  try {
    // A request that waits for a free connection does not heed its own signal.
    const [response] = await once(request, 'response', { signal });
    return response as IncomingMessage;
  } catch (error) {
    throw explain(error);
  }
}

async function read(
  response: IncomingMessage,
  url: URL,
  { maxBytes, errorBody }: Exchange,
  proxy: HttpProxy | undefined,
): Promise<HttpResponse> {
  const { statusCode: status = 0, headers } = response;
  if (status === 407 && proxy !== undefined) throw proxyRefusal(status, url, proxy);
  const wanted = (status >= 200 && status < 300) || errorBody === true;
  const body = wanted ? await readBody(response, url, maxBytes) : Buffer.alloc(0);
  return { url, status, headers, body };
}
