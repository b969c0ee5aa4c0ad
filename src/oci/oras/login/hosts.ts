/** Names under which the credentials of Docker Hub are kept. */
const HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** Every name of a registry in files with credentials, in lower case. @param registry host and optional port */
export function namesOf(registry: string): readonly string[] {
  const host = registry.toLowerCase();
  return HUB.includes(host) ? HUB : [host];
}

/** Whether both name the same registry. */
export function isSameRegistry(one: string, other: string): boolean {
  return namesOf(one).includes(other.toLowerCase());
}

/** The key of Docker Hub in docker's files and for its helpers; any other registry is its own. */
export function serverAddress(registry: string): string {
  return namesOf(registry) === HUB ? 'https://index.docker.io/v1/' : registry;
}
