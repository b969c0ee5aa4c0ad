import { userInfo } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The environments of children are short lists of names: secrets and INPUT_* variables never reach them. */

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** For tools whose output must not depend on the caller: SOURCE_DATE_EPOCH, TZ or LANG would change it. */
export function fixedEnvironment(): Record<string, string> {
  return { PATH: SYSTEM_PATH, LC_ALL: 'C', TZ: 'UTC' };
}

/** The absolute folders of PATH: where a child process finds a program by its name. */
export function pathFolders(path = process.env.PATH): string[] {
  return path?.split(delimiter).filter(isAbsolute) ?? [];
}

/**
 * The environment without what makes a child process look for programs in its working folder: an empty entry of
 * PATH, or a relative one. What a workflow checks out may have a program of any name there.
 */
export function withAbsolutePath(env: Readonly<Record<string, string>>): Record<string, string> {
  return { ...env, PATH: pathFolders(env.PATH ?? '').join(delimiter) || SYSTEM_PATH };
}

/**
 * The user's home folder: HOME, else that of the password file, as docker, podman and vault find it, else the root.
 * It is absolute. An empty or relative HOME does not count: what a workflow checks out would be taken for the
 * settings of the user, with plugins that are started and certificates that are trusted.
 */
export function homeFolder(env: Environment = process.env): string {
  return absoluteOrNone(env.HOME) ?? absoluteOrNone(passwordFileHome()) ?? '/';
}

/**
 * The folder of the user's settings, absolute: XDG_CONFIG_HOME, else `.config` in the home folder.
 * [XDG Base Directory Specification 0.8: a relative path is invalid and is ignored]
 */
export function configFolder(env: Environment = process.env): string {
  return absoluteOrNone(env.XDG_CONFIG_HOME) ?? join(homeFolder(env), '.config');
}

/** Whether programs and packages that read HOME find the folder that {@link homeFolder} finds, or none. */
export function isHomeSettled({ HOME }: Environment = process.env): boolean {
  return HOME === undefined || isAbsolute(HOME);
}

function absoluteOrNone(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

function passwordFileHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    // The user has no entry.
    return undefined;
  }
}

/** By these a program finds credentials, proxies and certificates. */
const NETWORK_VARIABLES = [
  'PATH',
  'DOCKER_CONFIG',
  'REGISTRY_AUTH_FILE',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const;

/** By these the docker CLI finds its daemon. [docs.docker.com/reference/cli/docker, Environment variables] */
const DOCKER_VARIABLES = [
  'PATH',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_TLS',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
] as const;

/** Variables that name a file or folder. A program may run elsewhere, so it gets absolute paths. */
const PATHS: ReadonlySet<string> = new Set([
  'DOCKER_CONFIG',
  'DOCKER_CERT_PATH',
  'REGISTRY_AUTH_FILE',
  'SSL_CERT_FILE',
]);

/** The environment for programs that talk to a registry. */
export function networkEnvironment(from: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return chosenEnvironment(NETWORK_VARIABLES, from);
}

/** The environment for the docker CLI. */
export function dockerEnvironment(from: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return chosenEnvironment(DOCKER_VARIABLES, from);
}

function chosenEnvironment(names: readonly string[], from: NodeJS.ProcessEnv): Record<string, string> {
  // oras refuses to run without HOME, which containers and services often do not set.
  const env: Record<string, string> = { PATH: SYSTEM_PATH, LC_ALL: 'C', HOME: homeFolder(from) };
  for (const name of names) {
    const value = from[name];
    if (value === undefined || (name.startsWith('XDG_') && !isAbsolute(value))) continue;
    env[name] = absolute(name, value);
  }
  return env;
}

function absolute(name: string, value: string): string {
  if (value === '') return value;
  if (PATHS.has(name)) return resolve(value);
  if (name !== 'SSL_CERT_DIR') return value;
  return value
    .split(':')
    .map((folder) => folder && resolve(folder))
    .join(':');
}
