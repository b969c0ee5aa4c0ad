import { networkEnvironment } from '../../lib/process/environment.ts';

/** A folder that does not exist, so that oras finds no file with credentials: Logins finds them. */
const NOWHERE = '/nonexistent';
const NOT_FOR_ORAS = ['REGISTRY_AUTH_FILE', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME'];

/**
 * The environment of oras: proxies and trusted certificates, and nothing that leads to credentials.
 * @param certificates PEM file with authorities that are trusted in addition to the system's folders
 */
export function orasEnvironment(certificates?: string): Record<string, string> {
  const env = { ...networkEnvironment(), DOCKER_CONFIG: NOWHERE };
  const kept = Object.entries(env).filter(([name]) => !NOT_FOR_ORAS.includes(name));
  return {
    ...Object.fromEntries(kept),
    ...(certificates === undefined ? {} : { SSL_CERT_FILE: certificates }),
  };
}
