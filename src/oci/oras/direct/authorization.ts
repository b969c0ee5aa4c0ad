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

/** The value of `authorization` for one repository, from the challenges of its registry. */
export class Authorization {
  readonly #http: HttpClient;
  readonly #login: Login | undefined;
  readonly #limits: Limits;
  /** The latest value. */
  value: string | undefined;

  constructor(http: HttpClient, login: Login | undefined, limits: Limits) {
    this.#http = http;
    this.#login = login;
    this.#limits = limits;
  }

  /**
   * Gets a new value for an answer of 401. False if there is none, or the same as was refused.
   * @param repository path without the registry's name
   * @throws VeritySignError 'registry' for a token server that answers otherwise, HttpError
   */
  async renew({ url, headers }: Pick<HttpResponse, 'url' | 'headers'>, repository: string): Promise<boolean> {
    const challenge = parseChallenge(headers['www-authenticate']);
    const before = this.value;
    if (challenge?.scheme === 'basic') this.value = this.#basic();
    else if (challenge !== undefined) this.value = await this.#token(challenge, url, repository);
    return this.value !== undefined && this.value !== before;
  }

  #basic(): string | undefined {
    const { username, secret } = this.#login ?? {};
    if (username === undefined) return undefined;
    return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
  }

  async #token(
    { realm, service, scope = '' }: Extract<Challenge, { scheme: 'bearer' }>,
    registry: URL,
    repository: string,
  ): Promise<string | undefined> {
    const url = URL.parse(realm);
    // A password never leaves by plain HTTP where the registry itself is reached by TLS.
    if (url === null || (url.protocol !== 'https:' && url.protocol !== registry.protocol)) {
      throw new VeritySignError('registry', `${registry.host} names no usable token server`, {
        remedy: 'Check the settings of the registry: its realm must be an https URL',
      });
    }
    // The scopes of a challenge are for one request; uploads need both.
    const scopes = new Set([...scope.split(' ').filter(Boolean), `repository:${repository}:pull,push`]);
    const answer = await this.#ask(url, service, [...scopes]);
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
    return `Bearer ${token ?? access_token ?? ''}`;
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
