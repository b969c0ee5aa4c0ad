import { VeritySignError } from '../../errors.ts';
import { authFiles, lookUp } from './login/auth-files.ts';
import { isSameRegistry } from './login/hosts.ts';
import type { RegistryCredentials } from './login/logins.ts';

/**
 * Where credentials for a registry come from, in words for a message; undefined if there are none. It
 * errs on the safe side: a helper counts without being asked, a file that cannot be understood counts, and
 * so does an entry for any repository of the registry.
 *
 * @param registry host and optional port, such as `docker.io`
 * @param given those of the user's inputs
 * @param env with the variables of docker's and podman's files
 */
export async function findCredentials(
  registry: string,
  given: readonly RegistryCredentials[] | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const own = given?.find((one) => isSameRegistry(one.registry, registry));
  if (own !== undefined) return own.input;
  for (const file of authFiles(env)) {
    try {
      const found = await lookUp(file, registry, undefined);
      if (found !== undefined) {
        return `${found.kind === 'helper' ? 'a credential helper' : 'an entry'} in ${file.path}`;
      }
    } catch (error) {
      if (!(error instanceof VeritySignError)) throw error;
      return `a file that cannot be read: ${file.path}`;
    }
  }
  return undefined;
}
