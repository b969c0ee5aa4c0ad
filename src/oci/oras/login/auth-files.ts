import { join } from 'node:path';
import { VeritySignError } from '../../../errors.ts';
import { configFolder, homeFolder } from '../../../lib/process/environment.ts';
import { readGiven } from '../../../lib/read-given.ts';
import { namesOf } from './hosts.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A file in which `login` commands keep credentials. */
export interface AuthFile {
  path: string;
  /** Whether it is docker's file or a variable names it. Any other file that this user may not read counts as absent. */
  named: boolean;
}

/** What a file has for a repository. */
export type Found =
  | { kind: 'helper'; helper: string }
  | { kind: 'password'; username: string; secret: string }
  | { kind: 'identity token'; secret: string };

/**
 * Docker's and podman's files, in the order in which they are read: first the one that REGISTRY_AUTH_FILE
 * names, as for skopeo and podman, then docker's, as for crane and oras.
 * [containers-auth.json(5); docs.docker.com, docker login; go-containerregistry authn/keychain.go]
 *
 * @param env with absolute paths
 */
export function authFiles(env: Environment): AuthFile[] {
  const runtime = env.XDG_RUNTIME_DIR;
  return [
    ...(env.REGISTRY_AUTH_FILE ? [{ path: env.REGISTRY_AUTH_FILE, named: true }] : []),
    { path: join(env.DOCKER_CONFIG || join(homeFolder(env), '.docker'), 'config.json'), named: true },
    {
      path: join(
        runtime || `/run/containers/${process.getuid?.() ?? 0}`,
        runtime ? 'containers' : '',
        'auth.json',
      ),
      named: false,
    },
    { path: join(configFolder(env), 'containers/auth.json'), named: false },
  ];
}

/**
 * What the file has for a repository, one after the other: a helper, which may have nothing, then an entry.
 * @param path of the repository, without the registry; undefined for what it has for any repository
 * @throws VeritySignError 'environment' for a file that cannot be read or is damaged
 */
export async function* lookUp(
  file: AuthFile,
  registry: string,
  path: string | undefined,
): AsyncGenerator<Found, void, undefined> {
  const text = await textOf(file);
  if (text === undefined || text.trim() === '') return;
  const { auths, credHelpers, credsStore } = parse(text, file.path);
  const names = namesOf(registry);
  const helper = Object.entries(objectOf(credHelpers)).find(([key]) => names.includes(scopeOf(key)));
  const program = textIn(helper?.[1]) ?? textIn(credsStore);
  if (program !== undefined) yield { kind: 'helper', helper: program };
  const entry = mostSpecific(objectOf(auths), names, path);
  if (entry !== undefined) yield credentialsIn(entry, file.path, registry);
}

async function textOf({ path, named }: AuthFile): Promise<string | undefined> {
  try {
    return (await readGiven(path)).toString();
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || (!named && code === 'EACCES')) return undefined;
    throw new VeritySignError('environment', `${path} with registry credentials cannot be read (${code})`, {
      remedy: 'Let this user read the file, or name another one in DOCKER_CONFIG or REGISTRY_AUTH_FILE',
      cause,
    });
  }
}

/** The message has nothing of the text: it contains passwords. */
function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw damaged(path, 'is not complete JSON');
  }
  return objectOf(config);
}

function damaged(path: string, what: string): VeritySignError {
  return new VeritySignError('environment', `${path} with registry credentials ${what}`, {
    remedy: 'Repair the file, or remove it and log in again',
  });
}

/** The entry with the longest key that the repository lies in. Empty entries stand for helpers; they do not count. */
function mostSpecific(
  entries: Readonly<Record<string, unknown>>,
  names: readonly string[],
  path: string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const covers = (scope: string): boolean =>
    names.some((name) =>
      path === undefined ? `${scope}/`.startsWith(`${name}/`) : `${name}/${path}/`.startsWith(`${scope}/`),
    );
  return Object.entries(entries)
    .map(([key, value]) => ({ scope: scopeOf(key), entry: objectOf(value) }))
    .filter(({ scope, entry }) => covers(scope) && !isEmpty(entry))
    .sort((a, b) => b.scope.length - a.scope.length)[0]?.entry;
}

/**
 * The registry, or the part of it, for which a key stands. Files of older dockers have URLs, whose path is
 * that of the API. Podman's have repositories.
 */
function scopeOf(key: string): string {
  const url = /^https?:\/\//i.test(key);
  const [host = '', ...path] = key
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/');
  const isApi = url || (path.length === 1 && /^v[12]$/.test(path[0] ?? ''));
  return [host.toLowerCase(), ...(isApi ? [] : path)].join('/');
}

function isEmpty(entry: Readonly<Record<string, unknown>>): boolean {
  return !['auth', 'username', 'password', 'identitytoken', 'registrytoken'].some((name) =>
    textIn(entry[name]),
  );
}

function credentialsIn(entry: Readonly<Record<string, unknown>>, path: string, registry: string): Found {
  const token = textIn(entry.identitytoken);
  if (token !== undefined) return { kind: 'identity token', secret: token };
  const auth = textIn(entry.auth);
  const { username, secret } =
    auth === undefined
      ? { username: textIn(entry.username) ?? '', secret: textIn(entry.password) ?? '' }
      : decode(auth);
  if (username !== '' && secret !== '') return { kind: 'password', username, secret };
  const what =
    textIn(entry.registrytoken) === undefined ? 'no user name and password' : 'a registry token only';
  throw damaged(path, `has an entry for ${registry} with ${what}`);
}

/** `USER:PASSWORD` in base64; some programs end it with a NUL. */
function decode(auth: string): { username: string; secret: string } {
  const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = text.indexOf(':');
  return { username: text.slice(0, Math.max(colon, 0)), secret: text.slice(colon + 1) };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {};
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
