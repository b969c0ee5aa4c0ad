import { setTimeout } from 'node:timers/promises';
import { type RunOptions, run } from '../../lib/process/run.ts';
import { CredentialGuard } from './credential-guard.ts';
import { orasEnvironment } from './environment.ts';
import type { Access } from './failures/cause.ts';
import { isTransient, isUnauthorized, orasFailure } from './failures/failure.ts';
import { type Login, Logins, secretsOf } from './login/logins.ts';
import type { OrasOptions } from './options.ts';
import type { OrasVersion } from './version.ts';

/** Milliseconds before each further attempt after a broken connection. */
const RETRY_AFTER = [500, 2000];

/** Calls of the oras program, each with the credentials of its registry and no others. */
export class OrasCalls {
  readonly options: OrasOptions;
  readonly #guard: CredentialGuard;
  readonly #logins: Logins;

  constructor(options: OrasOptions, version: OrasVersion) {
    this.options = options;
    this.#guard = new CredentialGuard(version, options.credentials, options.log);
    const { credentials: given, env = process.env, signal } = options;
    this.#logins = new Logins({ given, env, signal });
  }

  /** See {@link Oras.requireSafe}. */
  async requireSafe(repository: string): Promise<Login | undefined> {
    const [registry = '', ...path] = repository.split('/');
    await this.#guard.check(registry);
    return path.length > 0 ? this.#logins.of(repository) : undefined;
  }

  /**
   * Standard output of a call.
   * @param target `REPOSITORY:TAG` or `REPOSITORY@DIGEST`
   * @param signal replaces the one for all calls
   * @param before words before those of oras
   */
  async output(
    argv: string[],
    access: Access,
    target: string,
    signal = this.options.signal,
    before: readonly string[] = [],
  ): Promise<Buffer> {
    const attempt = (login: Login | undefined) =>
      run([...before, ...this.argv(argv, login)], this.runOptions(login, signal));
    const { stdout } = await this.retrying(attempt, access, target, signal);
    return stdout;
  }

  /** Repeats a call after a broken connection, and once with other credentials of a helper. */
  async retrying<T>(
    attempt: (login: Login | undefined) => Promise<T>,
    access: Access,
    target: string,
    signal = this.options.signal,
  ): Promise<T> {
    await this.#guard.check(target.slice(0, target.indexOf('/')));
    const repository = target.replace(/(?:@.*|:[^/]*)$/, '');
    let login = await this.#logins.of(repository);
    let renewed = false;
    for (let tries = 0; ; tries++) {
      try {
        return await attempt(login);
      } catch (error) {
        if (!renewed && login?.from === 'helper' && isUnauthorized(error, access, target, login)) {
          // What a helper returns expires, in some clouds after an hour.
          renewed = true;
          this.#logins.forget(repository);
          login = await this.#logins.of(repository);
          continue;
        }
        const wait = RETRY_AFTER[tries];
        if (wait === undefined || !isTransient(error, access, target, login))
          throw orasFailure(error, access, target, login);
        await setTimeout(wait, undefined, { signal });
      }
    }
  }

  argv(argv: readonly string[], login: Login | undefined): string[] {
    return [this.options.path ?? 'oras', ...argv, ...loginOptions(login)];
  }

  /** The options for the connection. */
  remote(): string[] {
    const { plainHttp, caFile, clientCertificate: client } = this.options;
    return [
      ...(plainHttp === true ? ['--plain-http'] : []),
      ...(caFile === undefined ? [] : ['--ca-file', caFile]),
      ...(client === undefined ? [] : ['--cert-file', client.certificate, '--key-file', client.key]),
    ];
  }

  runOptions(login: Login | undefined, signal = this.options.signal): RunOptions {
    const { path = 'oras', timeout, certificates } = this.options;
    return {
      env: orasEnvironment(certificates),
      name: path,
      maxOutput: 8 * 1024 * 1024,
      ...(signal === undefined ? {} : { signal }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(login === undefined ? {} : { stdin: login.secret, secrets: secretsOf(login) }),
    };
  }
}

/** The password is sent through a pipe: an argument could be read in the process list. */
function loginOptions(login: Login | undefined): string[] {
  if (login === undefined) return [];
  return login.username === undefined
    ? ['--identity-token-stdin']
    : ['--username', login.username, '--password-stdin'];
}
