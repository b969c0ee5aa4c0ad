import { VeritySignError } from '../../../errors.ts';

export interface HttpLimits {
  /** Milliseconds for the whole exchange. */
  timeout: number;
  /** Most bytes of the answer. */
  maxBytes: number;
  signal: AbortSignal;
}

/** Lists are often moved to other servers; more hops than these lead in circles. */
const MOST_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Gets a list from a server that a trusted certificate names, and follows a few redirects. Only plain
 * HTTP, at each of them, as notation: what comes back is signed, and the server's own certificate might
 * need the same check.
 * @throws VeritySignError 'environment' or 'cancelled'
 */
export function getFrom(url: string, limits: HttpLimits): Promise<Uint8Array> {
  return ask(url, undefined, MOST_REDIRECTS, limits);
}

/**
 * The same for an answer to a question by POST, which is not sent on to any other server.
 * @throws VeritySignError 'environment' or 'cancelled'
 */
export function postTo(
  url: string,
  body: { bytes: Uint8Array; type: string },
  limits: HttpLimits,
): Promise<Uint8Array> {
  return ask(url, body, 0, limits);
}

async function ask(
  url: string,
  body: { bytes: Uint8Array; type: string } | undefined,
  redirects: number,
  { timeout, maxBytes, signal }: HttpLimits,
): Promise<Uint8Array> {
  const deadline = AbortSignal.timeout(timeout);
  const request: RequestInit = {
    redirect: 'manual',
    signal: AbortSignal.any([signal, deadline]),
    ...(body === undefined
      ? {}
      : { method: 'POST', body: Buffer.from(body.bytes), headers: { 'content-type': body.type } }),
  };
  let place = url;
  try {
    for (let left = redirects; ; left--) {
      const response = await fetch(httpUrl(place), request);
      if (response.status === 200) return await readBody(response, place, maxBytes);
      await response.body?.cancel();
      const location = response.headers.get('location');
      if (!REDIRECTS.includes(response.status) || location === null) {
        throw unusable(place, `answered with status ${response.status}`);
      }
      if (left === 0) {
        throw unusable(place, redirects === 0 ? 'points to another address' : 'points on and on');
      }
      place = URL.parse(location, place)?.href ?? location;
    }
  } catch (cause) {
    if (cause instanceof VeritySignError) throw cause;
    if (signal.aborted) throw new VeritySignError('cancelled', 'the run was cancelled', { cause });
    throw unusable(place, deadline.aborted ? `did not answer in ${timeout} ms` : 'cannot be reached', cause);
  }
}

function httpUrl(url: string): URL {
  const target = URL.parse(url);
  if (target?.protocol !== 'http:') throw unusable(url, 'has no URL of http://');
  return target;
}

async function readBody(response: Response, url: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw unusable(url, `sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unusable(url: string, what: string, cause?: unknown): VeritySignError {
  const shown = JSON.stringify(url.length > 200 ? `${url.slice(0, 200)}…` : url);
  return new VeritySignError('environment', `the revocation server ${shown} ${what}`, { cause });
}
