import { getOctokit } from '@actions/github';
import { HttpClient, statusError } from '../../lib/http/client.ts';
import { TOOL } from '../../report/tool.ts';

export type Client = ReturnType<typeof getOctokit>;

/** Milliseconds for one request. */
const TIMEOUT = 30_000;
/** A page of comments has 100, each of 65,536 characters of up to four bytes, and what GitHub says of them. */
const MOST_BYTES = 64 * 1024 * 1024;
/** The version of GitHub's REST API. */
const VERSION = '2022-11-28';

/**
 * A client of GitHub's REST API whose requests go through our HTTP client: the same proxies, authorities and
 * limits as everything else.
 * @param api URL of the API
 */
export function githubClient(api: string, token: string, signal: AbortSignal): Client {
  const quiet = () => undefined;
  const octokit = getOctokit(token, {
    baseUrl: api,
    userAgent: `${TOOL.name}/${TOOL.version}`,
    request: { fetch: fetchWith(new HttpClient(), signal) },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  octokit.hook.before('request', ({ headers }) => {
    headers.accept = 'application/vnd.github+json';
    headers['x-github-api-version'] = VERSION;
  });
  return octokit;
}

/** What octokit passes to a `fetch`. */
interface Init {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

function fetchWith(client: HttpClient, signal: AbortSignal): (url: string, init: Init) => Promise<Response> {
  return async (url, { method = 'GET', headers = {}, body }) => {
    const response = await client.send(new URL(url), {
      method: methodOf(method),
      headers,
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
      ...{ timeout: TIMEOUT, signal, maxBytes: MOST_BYTES, errorBody: true },
    });
    const { status } = response;
    // octokit would take a redirect for the answer.
    if (status >= 300 && status < 400) throw statusError(response);
    const answer = Object.entries(response.headers).map(([name, value]): [string, string] => [
      name,
      `${value}`,
    ]);
    return new Response(response.body.length === 0 ? null : new Uint8Array(response.body), {
      status,
      headers: answer,
    });
  };
}

function methodOf(method: string): 'GET' | 'POST' | 'PATCH' {
  if (method === 'GET' || method === 'POST' || method === 'PATCH') return method;
  throw new Error(`requests to GitHub are GET, POST and PATCH, not ${method}`);
}
