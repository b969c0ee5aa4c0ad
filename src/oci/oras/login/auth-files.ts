import { join } from 'node:path';
import { VeritySignError } from '../../../errors.ts';
import { configFolder, homeFolder } from '../../../lib/process/environment.ts';
import { readGiven } from '../../../lib/read-given.ts';
import { helperAddresses, type NamesOf, namesOf, serverAddress } from './hosts.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A file in which `login` commands keep credentials. */
export interface AuthFile {
  path: string;
  /** Whether it is docker's file or a variable names it. Any other file that this user may not read counts as absent. */
  named: boolean;
  /** Whose name of Docker Hub counts most in it. */
  program: NamesOf;
}

/** What a file has for a repository. */
export type Found =
  | {
      kind: 'helper';
      helper: string;
      /** What to ask it for, one after the other. */
      addresses: readonly string[];
    }
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
  const podmans = (path: string, named = false): AuthFile => ({ path, named, program: 'podman' });
  return [
    ...(env.REGISTRY_AUTH_FILE ? [podmans(env.REGISTRY_AUTH_FILE, true)] : []),
    {
      path: join(env.DOCKER_CONFIG || join(homeFolder(env), '.docker'), 'config.json'),
      named: true,
      program: 'docker',
    },
    podmans(
      join(runtime || `/run/containers/${process.getuid?.() ?? 0}`, runtime ? 'containers' : '', 'auth.json'),
    ),
    podmans(join(configFolder(env), 'containers/auth.json')),
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
  const names = namesOf(registry, file.program);
  const [own] = ordered(objectOf(credHelpers), names).filter(({ scope }) => names.includes(scope));
  // An empty name stands for the file: credsStore is for registries without a name. [docker/cli configfile/file.go]
  const helper = textIn(own === undefined ? credsStore : own.value);
  if (helper !== undefined) {
    const addresses = own === undefined ? [serverAddress(registry)] : helperAddresses(registry, own.key);
    yield { kind: 'helper', helper, addresses };
  }
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

/** The most specific entry that the repository lies in. Empty entries stand for helpers; they do not count. */
function mostSpecific(
  entries: Readonly<Record<string, unknown>>,
  names: readonly string[],
  path: string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const covers = (scope: string): boolean =>
    names.some((name) =>
      path === undefined ? `${scope}/`.startsWith(`${name}/`) : `${name}/${path}/`.startsWith(`${scope}/`),
    );
  return ordered(entries, names)
    .map(({ scope, value }) => ({ scope, entry: objectOf(value) }))
    .find(({ scope, entry }) => covers(scope) && !isEmpty(entry))?.entry;
}

interface Keyed {
  key: string;
  scope: string;
  value: unknown;
}

/**
 * The members of an object with scopes as keys, the most specific first: by path components, then by the name of
 * the registry, then a key that programs write today before a URL of older ones, as crane and skopeo read them.
 *
 * @param names of the registry; keys of others are in no order
 */
function ordered(members: Readonly<Record<string, unknown>>, names: readonly string[]): Keyed[] {
  const rank = ({ key, scope }: Keyed): number[] => {
    const [host = '', ...path] = scope.split('/');
    const form = [serverAddress(host), scope].indexOf(key);
    return [-path.length, names.indexOf(host), form === -1 ? 2 : form];
  };
  return Object.entries(members)
    .map(([key, value]) => ({ key, scope: scopeOf(key), value }))
    .map((keyed) => ({ keyed, rank: rank(keyed) }))
    .sort((a, b) => a.rank.map((one, at) => one - (b.rank[at] ?? 0)).find((less) => less !== 0) ?? 0)
    .map(({ keyed }) => keyed);
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
