import { HttpError } from '../../lib/http/errors.ts';
import { retryAfter } from '../../lib/http/retry-after.ts';
import type { Retry } from '../../lib/retry.ts';
import type { Target } from './target.ts';

/** What octokit throws: an answer that is an error, or the reason why there is none. */
interface ApiError {
  status: number;
  message: string;
  cause?: unknown;
  response?: { headers: Readonly<Record<string, string | undefined>>; data?: unknown };
}

/**
 * Whether a failed request is worth another attempt: GitHub is busy or wants fewer requests.
 * [docs.github.com, Best practices for using the REST API: handle rate limit errors]
 */
export function retryOf(error: unknown): Retry | undefined {
  if (!isApiError(error)) return undefined;
  const after = limitOf(error);
  if (after !== undefined) return { after };
  const { cause, status, response } = error;
  if (cause instanceof HttpError) {
    return cause.failure === 'interrupted' || cause.failure === 'unreachable' ? {} : undefined;
  }
  return response !== undefined && status >= 500 ? {} : undefined;
}

/**
 * One sentence on why GitHub does not show something, and what to do.
 * @param permission that the token needs, such as `checks: write`
 */
export function whyNot(error: unknown, permission: string, { api, readOnly }: Target): string {
  const server = `GitHub's API ${api}`;
  if (isTimeout(error)) return `${server} takes too long. Run the job again later`;
  if (!isApiError(error)) {
    const reason = error instanceof Error ? error.message : String(error);
    return `${server} did not answer as it is documented: ${reason}`;
  }
  const { status, cause } = error;
  if (cause instanceof HttpError) {
    const { message, remedy } = cause;
    return `${server} ${message}${remedy === undefined ? '' : `. ${remedy}`}`;
  }
  const answer = `${server} answered with status ${status}: ${messageOf(error)}`;
  const after = limitOf(error);
  if (after !== undefined) {
    return `${answer}. GitHub limits requests: run the job again in ${Math.ceil(after / 1000)} s`;
  }
  const add = `Add ${permission} to the permissions of the job`;
  switch (status) {
    case 401:
      return `${answer}. github-token is not valid or has expired: set it to github.token`;
    case 403:
      if (/GitHub App/i.test(messageOf(error))) {
        return `${answer}. Only tokens of a GitHub App can do this: set github-token to github.token, and add ${permission} to the permissions of the job`;
      }
      return readOnly === undefined
        ? `${answer}. ${add}`
        : `${answer}. It needs ${permission}, but ${readOnly}`;
    case 404:
      return `${answer}. GitHub hides what a token may not see. ${readOnly === undefined ? add : `It needs ${permission}, but ${readOnly}`}`;
    default:
      return answer;
  }
}

/** Milliseconds that GitHub wants to pass; undefined if the request was not one too many. */
function limitOf({ status, response }: ApiError): number | undefined {
  if ((status !== 403 && status !== 429) || response === undefined) return undefined;
  const { headers } = response;
  const after = retryAfter(headers['retry-after']);
  if (after !== undefined) return after;
  if (headers['x-ratelimit-remaining'] === '0') {
    const reset = Number(headers['x-ratelimit-reset']) * 1000 - Date.now();
    return Number.isFinite(reset) ? Math.max(1000, reset) : 60_000;
  }
  // The least that GitHub asks for.
  return status === 429 ? 60_000 : undefined;
}

/** GitHub's own words, bounded: they may have any length. */
function messageOf({ message, response }: ApiError): string {
  const { data } = response ?? {};
  const said =
    typeof data === 'object' && data !== null && 'message' in data ? String(data.message) : message;
  return said.length > 300 ? `${said.slice(0, 300)}…` : said;
}

/** True if the time for everything that is sent to GitHub is over. */
function isTimeout(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, cause } = error as { name?: unknown; cause?: unknown };
  return name === 'TimeoutError' || isTimeout(cause);
}

function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}
