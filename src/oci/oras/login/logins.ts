import { networkEnvironment } from '../../../lib/process/environment.ts';
import { type AuthFile, authFiles, type Found, lookUp } from './auth-files.ts';
import { askHelper } from './helper.ts';
import { isSameRegistry } from './hosts.ts';

/** Credentials that the user gave for one registry. */
export interface RegistryCredentials {
  /** Host and optional port; no other registry gets them. */
  registry: string;
  username: string;
  password: string;
  /** The input that they come from, such as `registry-username`. */
  input: string;
}

/** What oras logs in with. */
export interface Login {
  /** Undefined for an identity token. */
  username: string | undefined;
  secret: string;
  /** Where it comes from, in words for a message. */
  source: string;
  /** `input`: the user gave it; `file`: a `login` command left it; `helper`: a program was asked for it. */
  from: 'input' | 'file' | 'helper';
}

/** All forms in which requests send a secret, and answers may repeat it. */
export function secretsOf(login: Login | undefined): string[] {
  if (login === undefined) return [];
  const { username = '', secret } = login;
  const basic = Buffer.from(`${username}:${secret}`).toString('base64');
  return [secret, basic, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

interface LoginOptions {
  given?: readonly RegistryCredentials[] | undefined;
  /** Where the variables of files and helpers are. */
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/**
 * The credentials of a run, each for its own registry. oras itself finds none: it would look in fewer places,
 * and would start helpers with the environment that it has.
 */
export class Logins {
  readonly #options: LoginOptions;
  readonly #found = new Map<string, Promise<Login | undefined>>();

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /**
   * The credentials for a repository, `REGISTRY/PATH`; undefined if there are none.
   * @throws VeritySignError 'environment' for a file or a helper that is at fault
   */
  of(repository: string): Promise<Login | undefined> {
    let found = this.#found.get(repository);
    if (found === undefined) {
      found = this.#find(repository);
      this.#found.set(repository, found);
    }
    return found;
  }

  /** Forgets credentials that a helper returned: it may return others when they have expired. */
  forget(repository: string): void {
    this.#found.delete(repository);
  }

  async #find(repository: string): Promise<Login | undefined> {
    const slash = repository.indexOf('/');
    const [registry, path] = [repository.slice(0, slash), repository.slice(slash + 1)];
    const { given = [], env } = this.#options;
    const own = given.find((one) => isSameRegistry(one.registry, registry));
    if (own !== undefined) {
      return { username: own.username, secret: own.password, source: own.input, from: 'input' };
    }
    for (const file of authFiles(networkEnvironment(env))) {
      for await (const found of lookUp(file, registry, path)) {
        const login = await this.#login(found, file, registry);
        if (login !== undefined) return login;
      }
    }
    return undefined;
  }

  async #login(found: Found, { path }: AuthFile, registry: string): Promise<Login | undefined> {
    if (found.kind !== 'helper') {
      return { ...usable(found), source: `the entry in ${path}`, from: 'file' };
    }
    const { env, signal } = this.#options;
    const { helper, addresses } = found;
    for (const address of addresses) {
      const answer = await askHelper({ helper, registry, address, file: path, env, signal });
      if (answer === undefined) continue;
      return { ...usable(answer), source: `docker-credential-${helper}`, from: 'helper' };
    }
    return undefined;
  }
}

function usable(found: Exclude<Found, { kind: 'helper' }>): Pick<Login, 'username' | 'secret'> {
  return { username: found.kind === 'password' ? found.username : undefined, secret: found.secret };
}
