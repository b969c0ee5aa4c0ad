/** What kept an exchange from ending with an answer. */
export type HttpFailure =
  /** The variable of a proxy does not hold the URL of one. */
  | 'proxy-setting'
  /** The proxy cannot be reached, or refuses to pass the request on. */
  | 'proxy'
  /** No connection to the server. */
  | 'unreachable'
  /** The server's TLS certificate is not trusted, or not one for this host. */
  | 'certificate'
  | 'timeout'
  /** The connection ended before the answer did. */
  | 'interrupted'
  /** The answer is longer than the caller permits. */
  | 'too-large'
  /** The answer is compressed, although that was not asked for. */
  | 'encoding'
  /** A redirect that the caller does not permit, or one too many. */
  | 'redirect'
  /** A status that the caller has no use for; see statusError. */
  | 'status';

interface Details {
  /** The address that was asked, after redirects. */
  url: URL;
  /** The system's or OpenSSL's code, such as `ECONNREFUSED`. */
  code?: string | undefined;
  status?: number;
  /** Milliseconds that the server wants to pass before the next request. */
  after?: number | undefined;
  /** What the user can do, where that does not depend on the server that was asked. */
  remedy?: string;
  cause?: unknown;
}

/**
 * A failed exchange. The message completes "the server … "; like the cause, it has no part of a proxy's
 * credentials and nothing of the request.
 */
export class HttpError extends Error {
  readonly failure: HttpFailure;
  readonly url: URL;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly after: number | undefined;
  readonly remedy: string | undefined;

  constructor(failure: HttpFailure, message: string, details: Details) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'HttpError';
    this.failure = failure;
    this.url = details.url;
    this.code = details.code;
    this.status = details.status;
    this.after = details.after;
    this.remedy = details.remedy;
  }
}
