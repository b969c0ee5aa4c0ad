/** Names under which the credentials of Docker Hub are kept, in the order of podman. */
const HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];
/** The key of Docker Hub in docker's files and for its helpers. [docker/cli, cli/config; moby, registry.IndexServer] */
const HUB_URL = 'https://index.docker.io/v1/';

/** Whose file has the names: each program stores Docker Hub under another one. */
export type NamesOf = 'docker' | 'podman';

/**
 * Every name of a registry in files with credentials, in lower case. The first is the one that counts most.
 * @param registry host and optional port
 */
export function namesOf(registry: string, program: NamesOf): readonly string[] {
  const host = registry.toLowerCase();
  if (!isHub(host)) return [host];
  const usual = program === 'docker' ? 'index.docker.io' : 'docker.io';
  return [...new Set([...(host === 'registry-1.docker.io' ? [host] : []), usual, ...HUB])];
}

/** Whether both name the same registry. */
export function isSameRegistry(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase() || (isHub(one) && isHub(other));
}

/** The key of Docker Hub in docker's files and for its helpers; any other registry is its own. */
export function serverAddress(registry: string): string {
  return isHub(registry) ? HUB_URL : registry;
}

/**
 * What to ask a helper for, one after the other, that a file names for one registry. Helpers have Docker Hub under the
 * name under which a program stored it: docker under its URL, podman under `docker.io`.
 * @param key of the registry in the file
 */
export function helperAddresses(registry: string, key: string): readonly string[] {
  return isHub(registry) ? [...new Set([key, HUB_URL, 'docker.io'])] : [registry];
}

function isHub(registry: string): boolean {
  return HUB.includes(registry.toLowerCase());
}
