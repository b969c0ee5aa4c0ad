import * as z from 'zod';
import { VeritySignError } from '../../../errors.ts';
import { optionalText } from '../../../formats/go-types.ts';
import { parseMetadata } from '../../../formats/metadata.ts';
import type { HttpClient } from '../../../lib/http/client.ts';
import type { HttpResponse } from '../../../lib/http/exchange.ts';
import type { Login } from '../login/logins.ts';
import { type Challenge, parseChallenge } from './challenge.ts';

const tokenSchema = z.looseObject({ token: optionalText, access_token: optionalText });

const MAX_ANSWER = 256 * 1024;

interface Limits {
  timeout: number;
  signal: AbortSignal;
}

/** What requests do in a repository, as the scopes of tokens name it. */
export type Actions = 'pull' | 'pull,push' | 'pull,delete';

/** An answer of 401. */
export interface Unauthorized extends Pick<HttpResponse, 'url' | 'headers'> {
  /** The value that was sent and refused. */
  sent: string | undefined;
}

/** The value of `authorization` for one repository, from the challenges of its registry. */
export class Authorization {
  readonly #http: HttpClient;
  readonly #login: Login | undefined;
  readonly #limits: Limits;
  /** Actions by resource, of all requests so far: a new token replaces the one before. */
  readonly #scopes = new Map<string, Set<string>>();
  #renewal: Promise<void> | undefined;
  /** The latest value. */
  value: string | undefined;

  constructor(http: HttpClient, login: Login | undefined, limits: Limits) {
    this.#http = http;
    this.#login = login;
    this.#limits = limits;
  }

  /**
   * Gets a new value for an answer of 401 by the registry itself. False if there is none other than was refused.
   * Requests that are refused at the same time share one value.
   *
   * @param repository path without the registry's name
   * @param actions what the request does; nothing more is asked for, since that may be refused as a whole
   * @throws VeritySignError 'registry' for a token server that answers otherwise, HttpError
   */
  async renew(refused: Unauthorized, repository: string, actions: Actions): Promise<boolean> {
    if (this.value === refused.sent) {
      this.#renewal ??= this.#renew(refused, repository, actions).finally(() => {
        this.#renewal = undefined;
      });
      await this.#renewal;
    }
    return this.value !== undefined && this.value !== refused.sent;
  }

  async #renew({ url, headers }: Unauthorized, repository: string, actions: Actions): Promise<void> {
    const challenge = parseChallenge(headers['www-authenticate']);
    if (challenge?.scheme === 'basic') this.value = this.#basic();
    else if (challenge !== undefined) {
      const named = challenge.scope?.split(' ').filter(Boolean) ?? [];
      for (const scope of [...named, `repository:${repository}:${actions}`]) this.#need(scope);
      this.value = await this.#token(challenge, url);
    }
  }

  #need(scope: string): void {
    const colon = scope.lastIndexOf(':');
    const resource = scope.slice(0, colon);
    const known = this.#scopes.get(resource) ?? [];
    this.#scopes.set(resource, new Set([...known, ...scope.slice(colon + 1).split(',')]));
  }

  #basic(): string | undefined {
    const { username, secret } = this.#login ?? {};
    if (username === undefined) return undefined;
    return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
  }

  async #token(
    { realm, service }: Extract<Challenge, { scheme: 'bearer' }>,
    registry: URL,
  ): Promise<string | undefined> {
    const url = URL.parse(realm);
    // A password never leaves by plain HTTP where the registry itself is reached by TLS.
    if (url === null || (url.protocol !== 'https:' && url.protocol !== registry.protocol)) {
      throw new VeritySignError('registry', `${registry.host} names no usable token server`, {
        remedy: 'Check the settings of the registry: its realm must be an https URL',
      });
    }
    const scopes = [...this.#scopes].map(([resource, actions]) => `${resource}:${[...actions].join(',')}`);
    const answer = await this.#ask(url, service, scopes);
    if (answer.status === 401 || answer.status === 403) return undefined;
    if (answer.status !== 200) {
      throw new VeritySignError(
        'registry',
        `the token server of ${registry.host} answered ${answer.status}`,
        {
          remedy: 'Run again later, or look up that answer in the log of the token server',
        },
      );
    }
    const { token, access_token } = parseMetadata(tokenSchema, answer.body, 'the answer of the token server');
    const issued = token || access_token || '';
    // Nothing else can be sent in a header. [RFC 6750, 2.1]
    if (/^[\x21-\x7e]+$/.test(issued)) return `Bearer ${issued}`;
    throw new VeritySignError('registry', `the token server of ${registry.host} issued no usable token`, {
      remedy: 'Look up the request in the log of the token server, then run again',
    });
  }

  #ask(url: URL, service: string | undefined, scopes: readonly string[]): Promise<HttpResponse> {
    const named: [string, string][] = service === undefined ? [] : [['service', service]];
    const common = { ...this.#limits, maxBytes: MAX_ANSWER };
    const { username, secret } = this.#login ?? {};
    if (secret !== undefined && username === undefined) {
      const form: [string, string][] = [
        ['grant_type', 'refresh_token'],
        ['client_id', 'verity-sign'],
        ['refresh_token', secret],
      ];
      const body = Buffer.from(`${new URLSearchParams([...named, ...form, ['scope', scopes.join(' ')]])}`);
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return this.#http.send(url, { ...common, method: 'POST', headers, body });
    }
    const asked = new URL(url);
    for (const [name, value] of named) asked.searchParams.set(name, value);
    for (const scope of scopes) asked.searchParams.append('scope', scope);
    const basic = this.#basic();
    return this.#http.send(asked, {
      ...common,
      headers: basic === undefined ? {} : { authorization: basic },
    });
  }
}
