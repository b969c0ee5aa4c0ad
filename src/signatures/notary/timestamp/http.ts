/** Timestamp queries over HTTP. [RFC 3161, 3.4] */
import { VeritySignError } from '../../../errors.ts';
import { HttpClient, statusError } from '../../../lib/http/client.ts';
import { HttpError } from '../../../lib/http/errors.ts';
import { type Retry, withRetries } from '../../../lib/retry.ts';

const MAX_REPLY_BYTES = 1024 * 1024;
const ATTEMPTS = 3;
/** Milliseconds; an authority that wants more is asked again after these. */
const LONGEST_PAUSE = 10_000;
const REPLY_TYPE = 'application/timestamp-reply';
const REMEDY = 'Check the URL of the timestamping authority, and try again later';

export interface QueryOptions {
  url: string;
  signal: AbortSignal;
  /** Milliseconds for one request. */
  timeout: number;
}

/**
 * Posts a query and returns the reply's bytes. Failures of the network, of the server and of a rate limit
 * may pass: then it is asked three times in all. Redirects are not followed.
 * @throws VeritySignError 'usage', 'environment' or 'cancelled'
 */
export async function postQuery(query: Uint8Array, options: QueryOptions): Promise<Uint8Array> {
  const { signal } = options;
  const url = parseUrl(options.url);
  try {
    return await withRetries(() => post(url, query, options), retryOf, signal, ATTEMPTS);
  } catch (cause) {
    if (signal.aborted) throw new VeritySignError('cancelled', 'the run was cancelled', { cause });
    if (!(cause instanceof HttpError)) throw cause;
    // Parameters of the URL stay out of messages.
    const what = `the timestamping authority ${url.origin}${url.pathname} ${cause.message}`;
    throw new VeritySignError('environment', what, { remedy: remedyOf(cause), cause });
  }
}

async function post(url: URL, body: Uint8Array, { signal, timeout }: QueryOptions): Promise<Uint8Array> {
  const response = await new HttpClient().send(url, {
    ...{ body, signal, timeout, maxBytes: MAX_REPLY_BYTES },
    headers: { 'content-type': 'application/timestamp-query', accept: REPLY_TYPE },
  });
  if (response.status !== 200) throw statusError(response);
  const type = response.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === REPLY_TYPE) return response.body;
  throw new VeritySignError(
    'environment',
    `the timestamping authority ${url.origin}${url.pathname} did not answer with a timestamp reply`,
    { remedy: REMEDY },
  );
}

function retryOf(error: unknown): Retry | undefined {
  if (!(error instanceof HttpError)) return undefined;
  const { failure, status = 0, after } = error;
  const passing = failure === 'status' ? status === 429 || status >= 500 : PASSING.has(failure);
  return passing ? { after: after === undefined ? undefined : Math.min(after, LONGEST_PAUSE) } : undefined;
}

const PASSING: ReadonlySet<string> = new Set(['timeout', 'unreachable', 'interrupted', 'proxy']);

function remedyOf({ failure, remedy }: HttpError): string {
  if (remedy === undefined && failure === 'certificate') {
    return 'Set NODE_EXTRA_CA_CERTS or SSL_CERT_FILE to a PEM file with the certificate of the CA that issued it';
  }
  return remedy ?? REMEDY;
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') {
    return url;
  }
  throw new VeritySignError('usage', 'the URL of the timestamping authority is not usable', {
    remedy: 'Give a URL that begins with http:// or https:// and holds no user name or password',
  });
}
