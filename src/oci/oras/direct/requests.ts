import { HttpClient, type HttpRequest, type Redirects } from '../../../lib/http/client.ts';
import type { HttpResponse, OpenResponse } from '../../../lib/http/exchange.ts';
import { readGiven } from '../../../lib/read-given.ts';
import { type Login, secretsOf } from '../login/logins.ts';
import { type Actions, Authorization } from './authorization.ts';
import { isPlainByItself, loopbackWithoutProxy, trustingTheSystem } from './reach.ts';

export interface DirectOptions {
  plainHttp: boolean;
  /** PEM file with authorities that are trusted instead of the system's and Node's. */
  caFile?: string | undefined;
  /** PEM files. */
  clientCertificate?: { certificate: string; key: string } | undefined;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Milliseconds for each request. */
  timeout: number;
}

/** A repository, and the credentials for it. */
export interface Place {
  /** `REGISTRY/PATH` */
  repository: string;
  login: Login | undefined;
}

/** The signal replaces the one for all requests. */
export type Asked = Pick<HttpRequest, 'method' | 'body' | 'headers'> & Partial<Pick<HttpRequest, 'signal'>>;

const MAX_BODY = 8 * 1024 * 1024;

/** Requests to registries with the credentials of each repository. */
export class Requests {
  readonly #options: DirectOptions;
  readonly #http: HttpClient;
  /** By repository and secret: a helper may return another one later. */
  readonly #authorizations = new Map<string, Authorization>();

  private constructor(options: DirectOptions, http: HttpClient) {
    this.#options = options;
    this.#http = http;
  }

  static async open(options: DirectOptions): Promise<Requests> {
    const { caFile, clientCertificate: client, env } = options;
    const pem = async (path: string) => (await readGiven(path)).toString();
    const own = {
      cert: client === undefined ? undefined : await pem(client.certificate),
      key: client === undefined ? undefined : await pem(client.key),
    };
    const tls =
      caFile === undefined ? { secureContext: trustingTheSystem(own) } : { ...own, ca: await pem(caFile) };
    return new Requests(options, new HttpClient({ ...tls, env: loopbackWithoutProxy(env) }));
  }

  /** @param path below the repository, such as `manifests/1.0` */
  url(repository: string, path: string): URL {
    const [registry = '', ...name] = repository.split('/');
    const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
    const isPlain = this.#options.plainHttp || isPlainByItself(registry);
    return new URL(`${isPlain ? 'http' : 'https'}://${host}/v2/${name.join('/')}/${path}`);
  }

  /**
   * The answer, whatever its status.
   * @throws HttpError, or the reason of the signal
   */
  send(place: Place, url: URL, asked: Asked = {}): Promise<HttpResponse> {
    const { timeout, signal } = this.#options;
    const request = {
      timeout,
      signal,
      ...asked,
      redirects: redirectsOf(url),
      maxBytes: MAX_BODY,
      errorBody: true,
    };
    return this.#authorized(place, url, actionsOf(asked), (authorization) =>
      this.#http.send(url, { ...request, headers: { ...asked.headers, ...authorization } }),
    );
  }

  /** As {@link send}, with the body as a stream. */
  stream(place: Place, url: URL, signal = this.#options.signal): Promise<OpenResponse> {
    const request = { timeout: this.#options.timeout, signal, redirects: redirectsOf(url) };
    return this.#authorized(place, url, 'pull', async (headers) => {
      const opened = await this.#http.open(url, { ...request, headers });
      // Nobody reads it, and an open connection would keep the process waiting.
      if (opened.status === 401) opened.stream.destroy();
      return opened;
    });
  }

  /** What requests to a repository are authorized with, in each form in which an answer may repeat it. */
  secretsOf({ login }: Place): string[] {
    const values = [...this.#authorizations.values()].flatMap(
      ({ value }) => value?.split(' ').slice(1) ?? [],
    );
    return [...secretsOf(login), ...values];
  }

  async #authorized<T extends Omit<HttpResponse, 'body'>>(
    { repository, login }: Place,
    { origin }: URL,
    actions: Actions,
    send: (headers: Record<string, string>) => Promise<T>,
  ): Promise<T> {
    const { timeout, signal } = this.#options;
    const key = JSON.stringify([repository, login?.username, login?.secret]);
    let own = this.#authorizations.get(key);
    if (own === undefined) {
      own = new Authorization(this.#http, login, { timeout, signal });
      this.#authorizations.set(key, own);
    }
    const path = repository.slice(repository.indexOf('/') + 1);
    for (let tries = 0; ; tries++) {
      const sent = own.value;
      const answer = await send(header(sent));
      // A host to which the registry redirects may not ask for the registry's credentials.
      if (answer.status !== 401 || answer.url.origin !== origin || tries === MOST_RENEWALS) return answer;
      if (!(await own.renew({ ...answer, sent }, path, actions))) return answer;
    }
  }
}

/** To plain HTTP only from there. */
function redirectsOf({ protocol }: URL): Redirects {
  return protocol === 'http:'
    ? { limit: 5, protocols: ['https:', 'http:'] }
    : { limit: 5, protocols: ['https:'] };
}

/** Two: the value that a request at the same time got may not do for this one. */
const MOST_RENEWALS = 2;

function actionsOf({ method = 'GET' }: Asked): Actions {
  if (method === 'GET') return 'pull';
  return method === 'DELETE' ? 'pull,delete' : 'pull,push';
}

function header(value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { authorization: value };
}
