/** Timestamp queries over HTTP. [RFC 3161, 3.4] */
import { setTimeout as sleep } from 'node:timers/promises';
import { VeritySignError } from '../../../errors.ts';

const MAX_REPLY_BYTES = 1024 * 1024;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const REPLY_TYPE = 'application/timestamp-reply';
const REMEDY = 'Check the URL of the timestamping authority, and try again later';

export interface QueryOptions {
  url: string;
  signal: AbortSignal;
  /** Milliseconds for one request. */
  timeout: number;
}

/** A failure that another attempt may mend. */
class Passing extends Error {
  readonly pause: number | undefined;

  constructor(message: string, options: { pause?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.pause = options.pause;
  }
}

/**
 * Posts a query and returns the reply's bytes; tries thrice where the network, a limit of requests or the
 * server's state is in the way.
 * @throws VeritySignError 'usage', 'environment' or 'cancelled'
 */
export async function postQuery(query: Uint8Array, options: QueryOptions): Promise<Uint8Array> {
  const url = parseUrl(options.url);
  // Credentials and parameters of the URL stay out of messages.
  const name = `the timestamping authority ${url.origin}${url.pathname}`;
  for (let attempt = 1; ; attempt++) {
    try {
      return await post(url, query, options);
    } catch (cause) {
      if (options.signal.aborted) throw new VeritySignError('cancelled', 'the run was cancelled', { cause });
      if (!(cause instanceof Passing)) throw cause;
      if (attempt === ATTEMPTS) {
        throw new VeritySignError('environment', `${name} ${cause.message}`, { remedy: REMEDY, cause });
      }
      const pause = cause.pause ?? FIRST_PAUSE_MS * 2 ** (attempt - 1);
      await sleep(Math.min(pause, LONGEST_PAUSE_MS), undefined, { signal: options.signal }).catch(() => {});
    }
  }

  async function post(target: URL, body: Uint8Array, { signal, timeout }: QueryOptions): Promise<Uint8Array> {
    const deadline = AbortSignal.timeout(timeout);
    const refused = (what: string) =>
      new VeritySignError('environment', `${name} ${what}`, { remedy: REMEDY });
    let response: Response;
    try {
      response = await fetch(target, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/timestamp-query', accept: REPLY_TYPE },
        body: Buffer.from(body),
        signal: AbortSignal.any([signal, deadline]),
      });
    } catch (cause) {
      throw new Passing(deadline.aborted ? `did not answer in ${timeout} ms` : 'cannot be reached', {
        cause,
      });
    }
    if (response.status === 429 || response.status >= 500) {
      await response.body?.cancel();
      throw new Passing(`answered with status ${response.status}`, { pause: retryAfter(response) });
    }
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw refused('points to another address, which is not asked');
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      throw refused(`answered with status ${response.status}`);
    }
    const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
    if (type !== REPLY_TYPE) {
      await response.body?.cancel();
      throw refused('did not answer with a timestamp reply');
    }
    const reply = await readLimited(response).catch((cause: unknown) => {
      throw new Passing(deadline.aborted ? `did not answer in ${timeout} ms` : 'broke off its reply', {
        cause,
      });
    });
    if (reply === undefined) throw refused('sent a reply of more than 1 MiB');
    return reply;
  }
}

/** The body, or `undefined` if it is too long. */
async function readLimited(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the body.
    if (length > MAX_REPLY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Milliseconds; a date is not worth the trouble for pauses of seconds. */
function retryAfter(response: Response): number | undefined {
  const seconds = response.headers.get('retry-after');
  return seconds !== null && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '')
    return url;
  throw new VeritySignError('usage', 'the URL of the timestamping authority is not usable', {
    remedy: 'Give a URL that begins with http:// or https:// and holds no user name or password',
  });
}
