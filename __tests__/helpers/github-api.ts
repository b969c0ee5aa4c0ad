/**
 * A strict stand-in of the parts of GitHub's REST API that this program uses. It refuses unknown routes, parameters
 * and fields, wrong headers, and bodies that the documented schema forbids; `problems` has what it refused.
 * [docs.github.com/rest: checks/runs, issues/comments, pulls; using the API: headers, rate limits]
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';

export interface CheckRun {
  id: number;
  name: string;
  head_sha: string;
  external_id: string;
  status: string;
  conclusion: string | null;
  details_url: string;
  output: { title: string; summary: string };
}

export interface Comment {
  id: number;
  body: string;
  user: { login: string; type: 'Bot' | 'User' };
}

/** An open pull request. */
export interface PullRequest {
  number: number;
  head: { label: string; sha: string };
}

/** A request as it came, with the route that it took. */
export interface ApiRequest {
  /** Such as `POST /repos/{owner}/{repo}/check-runs`. */
  route: string;
  url: string;
  body: unknown;
}

export interface ApiAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface GithubApiOptions {
  token: string;
  /** What the token may. Default: everything that is used. */
  permissions?: readonly ('checks' | 'pull-requests')[];
  /** `/api/v3` for a GitHub Enterprise Server. */
  prefix?: string;
  /** Commits of the repository. */
  commits: readonly string[];
  /** An answer in place of the usual one; `close` ends the connection after the work is done. */
  interfere?: (request: ApiRequest, count: number) => ApiAnswer | 'close' | undefined;
}

const REPOSITORY = 'owner/repository';
const text = (most: number) =>
  z
    .string()
    .min(1)
    .refine((value) => [...value].length <= most, `longer than ${most}`);
const output = z.strictObject({ title: text(255), summary: text(65_535) });
const finished = {
  name: text(255),
  status: z.literal('completed'),
  conclusion: z.enum([
    'success',
    'failure',
    'neutral',
    'cancelled',
    'skipped',
    'timed_out',
    'action_required',
  ]),
  external_id: text(255),
  details_url: z.url({ protocol: /^https?$/ }),
  output,
};
const comment = z.strictObject({ body: text(65_536) });
const page = {
  per_page: z.string().regex(/^(?:[1-9]\d?|100)$/),
  page: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
};

const ROUTES = {
  'GET /commits/{sha}/check-runs': {
    permission: 'checks',
    query: z.strictObject({ ...page, check_name: z.string(), filter: z.enum(['latest', 'all']) }),
  },
  'POST /check-runs': {
    permission: 'checks',
    body: z.strictObject({ ...finished, head_sha: z.string().regex(/^[0-9a-f]{40}$/) }),
  },
  'PATCH /check-runs/{id}': { permission: 'checks', body: z.strictObject(finished) },
  'GET /issues/{id}/comments': { permission: 'pull-requests', query: z.strictObject(page) },
  'POST /issues/{id}/comments': { permission: 'pull-requests', body: comment },
  'GET /pulls': {
    permission: 'pull-requests',
    query: z.strictObject({ ...page, state: z.literal('open'), head: z.string().regex(/^[^:]+:[^:]+$/) }),
  },
  'PATCH /issues/comments/{id}': { permission: 'pull-requests', body: comment },
} as const satisfies Record<string, { permission: string; query?: z.ZodType; body?: z.ZodType }>;
type Route = keyof typeof ROUTES;

export class GithubApi {
  readonly checks: CheckRun[] = [];
  readonly comments: Comment[] = [];
  readonly pulls: PullRequest[] = [];
  readonly requests: ApiRequest[] = [];
  /** What no client may send. Refusals for want of permission are not among them. */
  readonly problems: string[] = [];
  readonly #options: GithubApiOptions;
  readonly #server: Server;
  #ids = 1000;

  private constructor(options: GithubApiOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(options: GithubApiOptions): Promise<GithubApi> {
    const api = new GithubApi(options);
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The value of GITHUB_API_URL. */
  get url(): string {
    return `http://127.0.0.1:${this.port}${this.#options.prefix ?? ''}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '' } = request;
    const [path = '', query = ''] = url.split('?');
    const own = `${this.#options.prefix ?? ''}/repos/${REPOSITORY}`;
    const inRepository = path.startsWith(own) ? path.slice(own.length) : 'elsewhere';
    const [route, id] = routeOf(method, inRepository);
    const sent = Buffer.concat(chunks).toString();
    const asked = { route, url, body: sent === '' ? undefined : (JSON.parse(sent) as unknown) };
    this.requests.push(asked);
    const usual = (): ApiAnswer => this.#answer(request, asked, id, new URLSearchParams(query));
    const other = this.#options.interfere?.(asked, this.requests.length);
    const { status, headers, body } = other === undefined || other === 'close' ? usual() : other;
    if (other === 'close') {
      request.socket.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body ?? {}));
  }

  #answer(
    { headers }: IncomingMessage,
    { route, body }: ApiRequest,
    id: string,
    query: URLSearchParams,
  ): ApiAnswer {
    const refuse = (status: number, message: string): ApiAnswer => {
      this.problems.push(`${route}: ${message}`);
      return { status, body: { message, documentation_url: 'https://docs.github.com/rest' } };
    };
    if (!isRoute(route)) return refuse(404, 'Not Found');
    const [scheme, token] = headers.authorization?.split(' ') ?? [];
    if (!/^(?:token|bearer)$/i.test(scheme ?? '') || token !== this.#options.token)
      return refuse(401, 'Bad credentials');
    if (!headers['user-agent']) return refuse(403, 'Request forbidden by administrative rules');
    if (headers.accept !== 'application/vnd.github+json') return refuse(415, `Accept is ${headers.accept}`);
    if (headers['x-github-api-version'] !== '2022-11-28') return refuse(400, 'wrong X-GitHub-Api-Version');
    const { permissions = ['checks', 'pull-requests'] } = this.#options;
    const rules: { permission: 'checks' | 'pull-requests'; query?: z.ZodType; body?: z.ZodType } =
      ROUTES[route];
    if (!permissions.includes(rules.permission)) return NOT_ACCESSIBLE;
    if (body !== undefined && !headers['content-type']?.startsWith('application/json'))
      return refuse(415, 'no JSON');
    for (const [schema, value] of [
      [rules.query ?? z.strictObject({}), Object.fromEntries(query)],
      [rules.body ?? z.undefined(), body],
    ] as const) {
      const { error } = schema.safeParse(value);
      if (error !== undefined) return refuse(422, `Validation Failed: ${z.prettifyError(error)}`);
    }
    return this.#handle(route, id, query, body as never) ?? refuse(404, 'Not Found');
  }

  #handle(route: Route, id: string, query: URLSearchParams, body: never): ApiAnswer | undefined {
    switch (route) {
      case 'GET /commits/{sha}/check-runs': {
        if (!this.#options.commits.includes(id))
          return { status: 422, body: { message: `No commit found for SHA: ${id}` } };
        const named = this.checks.filter(
          (one) => one.head_sha === id && one.name === query.get('check_name'),
        );
        return { status: 200, body: { total_count: named.length, check_runs: named.toReversed() } };
      }
      case 'POST /check-runs': {
        const { head_sha: sha } = body as CheckRun;
        if (!this.#options.commits.includes(sha))
          return { status: 422, body: { message: `No commit found for SHA: ${sha}` } };
        const created = { ...(body as CheckRun), id: this.#ids++ };
        this.checks.push(created);
        return { status: 201, body: created };
      }
      case 'PATCH /check-runs/{id}':
        return update(this.checks, id, body);
      case 'GET /issues/{id}/comments':
        return this.#page(id, query);
      case 'POST /issues/{id}/comments': {
        const user = { login: 'github-actions[bot]', type: 'Bot' as const };
        const created = { ...(body as Comment), id: this.#ids++, user };
        this.comments.push(created);
        return { status: 201, body: created };
      }
      case 'GET /pulls':
        return { status: 200, body: this.pulls.filter(({ head }) => head.label === query.get('head')) };
      case 'PATCH /issues/comments/{id}':
        return update(this.comments, id, body);
    }
  }

  /** One page, with the link to the next as GitHub gives it. */
  #page(id: string, query: URLSearchParams): ApiAnswer {
    const [size, number] = [Number(query.get('per_page')), Number(query.get('page') ?? 1)];
    const body = this.comments.slice(size * (number - 1), size * number);
    const next = `${this.url}/repos/${REPOSITORY}/issues/${id}/comments?per_page=${size}&page=${number + 1}`;
    const more = size * number < this.comments.length;
    return { status: 200, body, ...(more ? { headers: { link: `<${next}>; rel="next"` } } : {}) };
  }
}

/** What GitHub says to a token that lacks a permission. */
const NOT_ACCESSIBLE: ApiAnswer = {
  status: 403,
  body: {
    message: 'Resource not accessible by integration',
    documentation_url: 'https://docs.github.com/rest',
  },
};

function routeOf(method: string, path: string): [route: string, id: string] {
  const id = /^\/(?:commits|issues(?:\/comments)?|check-runs)\/([0-9a-f]+)(?=\/|$)/.exec(path)?.[1];
  const what = path.startsWith('/commits/') ? '{sha}' : '{id}';
  return [`${method} ${id === undefined ? path : path.replace(id, what)}`, id ?? ''];
}

function isRoute(route: string): route is Route {
  return route in ROUTES;
}

function update<T extends { id: number }>(
  items: T[],
  id: string,
  changes: Partial<T>,
): ApiAnswer | undefined {
  const known = items.find((one) => one.id === Number(id));
  if (known === undefined) return undefined;
  return { status: 200, body: Object.assign(known, changes) };
}
