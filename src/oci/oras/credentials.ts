import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Names under which the credentials of Docker Hub are kept. */
const HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/**
 * Where credentials for a registry come from, in words for a message; undefined if there are none. It
 * errs on the safe side: a helper counts without being asked, and a file that cannot be understood counts.
 *
 * oras itself reads only the username that it is given and docker's file. [oras-go
 * registry/remote/credentials, NewStoreFromDocker] Podman's files count as well: whether a run is safe
 * must not depend on which of the two files `login` wrote.
 *
 * @param registry host and optional port, such as `docker.io`
 * @param env the environment that oras gets
 */
export async function findCredentials(
  registry: string,
  username: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if ((username ?? '') !== '') return 'registry-username';
  for (const path of credentialFiles(env)) {
    const found = inFile(await textOf(path), registry);
    if (found !== undefined) return `${found} in ${path}`;
  }
  return undefined;
}

/** Docker's and podman's files. [containers-auth.json(5); docs.docker.com, docker login] */
function credentialFiles(env: Readonly<Record<string, string | undefined>>): string[] {
  const home = env.HOME || '/';
  const runtime = env.XDG_RUNTIME_DIR || undefined;
  return [
    join(env.DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
    ...(env.REGISTRY_AUTH_FILE ? [env.REGISTRY_AUTH_FILE] : []),
    runtime === undefined
      ? `/run/containers/${process.getuid?.() ?? 0}/auth.json`
      : join(runtime, 'containers/auth.json'),
    join(env.XDG_CONFIG_HOME || join(home, '.config'), 'containers/auth.json'),
  ];
}

/** A file that is absent, or that this user may not read, gives oras no credentials either. */
async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function inFile(text: string | undefined, registry: string): string | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    // Go's decoder stops after the first value, so that it may read what JSON.parse refuses.
    return 'text that is not JSON';
  }
  if (!isObject(config)) return undefined;
  const { auths, credHelpers, credsStore } = config;
  if (isObject(credHelpers) && hasEntry(credHelpers, registry)) return 'a credential helper';
  if (typeof credsStore === 'string' && credsStore !== '') return 'a credential helper';
  return isObject(auths) && hasEntry(auths, registry) ? 'an entry' : undefined;
}

/** Keys are hosts, with a scheme or a path in files of older dockers, with a repository in podman's. */
function hasEntry(entries: Readonly<Record<string, unknown>>, registry: string): boolean {
  const host = registry.toLowerCase();
  const names = HUB.includes(host) ? HUB : [host];
  return Object.entries(entries).some(([key, value]) => names.includes(hostOf(key)) && !isEmpty(value));
}

function hostOf(key: string): string {
  return key
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/s, '');
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return isObject(value) && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
