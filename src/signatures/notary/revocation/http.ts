import { VeritySignError } from '../../../errors.ts';
import { HttpClient, type HttpRequest, statusError } from '../../../lib/http/client.ts';
import { HttpError } from '../../../lib/http/errors.ts';

export interface HttpLimits {
  /** Milliseconds for the whole exchange. */
  timeout: number;
  /** Most bytes of the answer. */
  maxBytes: number;
  signal: AbortSignal;
}

/**
 * Most bytes of a revocation list, as for notation: the largest known ones have less than 16 MiB. A list of
 * 100,000 entries has 4 to 6 MB. [notation-core-go revocation/crl/fetcher.go]
 */
export const MAX_CRL_BYTES = 32 * 1024 * 1024;
/** Lists are often moved to other servers. More redirects than these lead in circles. */
const REDIRECTS = { limit: 3, protocols: ['http:'] } as const;
/** A server that is busy may ask for this many milliseconds before it is asked once more. */
const LONGEST_PAUSE = 2000;

/**
 * Gets a list from a server that a trusted certificate names, and follows a few redirects. Only plain
 * HTTP, at each of them, as notation: what comes back is signed, and the server's own certificate might
 * need the same check.
 * @throws VeritySignError 'environment' or 'cancelled'
 */
export function getFrom(url: string, limits: HttpLimits): Promise<Uint8Array> {
  return ask(url, { ...limits, redirects: REDIRECTS });
}

/**
 * The same for an answer to a question by POST, which is not sent on to any other server.
 * @throws VeritySignError 'environment' or 'cancelled'
 */
export function postTo(
  url: string,
  { bytes, type }: { bytes: Uint8Array; type: string },
  limits: HttpLimits,
): Promise<Uint8Array> {
  return ask(url, { ...limits, body: bytes, headers: { 'content-type': type } });
}

async function ask(url: string, request: HttpRequest): Promise<Uint8Array> {
  const target = URL.parse(url);
  if (target?.protocol !== 'http:') throw unusable(url, 'has no URL of http://');
  try {
    const response = await new HttpClient().send(target, { ...request, retryAfter: LONGEST_PAUSE });
    if (response.status !== 200) throw statusError(response);
    return response.body;
  } catch (cause) {
    if (request.signal.aborted) throw new VeritySignError('cancelled', 'the run was cancelled', { cause });
    if (!(cause instanceof HttpError)) throw cause;
    throw unusable(cause.url.href, cause.message, cause);
  }
}

function unusable(url: string, what: string, cause?: HttpError): VeritySignError {
  const shown = JSON.stringify(url.length > 200 ? `${url.slice(0, 200)}…` : url);
  return new VeritySignError('environment', `the revocation server ${shown} ${what}`, { cause });
}
