import { VeritySignError } from '../../errors.ts';
import { networkEnvironment } from '../../lib/process/environment.ts';
import type { Logger } from '../../logger.ts';
import { leaksCredentials } from '../../tools/versions.ts';
import { findCredentials } from './credentials.ts';
import type { RegistryCredentials } from './login/logins.ts';
import { checkVersion, type OrasVersion, REMEDY } from './version.ts';

/** Credentials of the user's inputs. */
type Given = readonly RegistryCredentials[] | undefined;

const CAN_LEAK = 'to another host that the registry names (CVE-2026-50151)';

/** Keeps an oras that leaks credentials away from registries for which there are credentials. */
export class CredentialGuard {
  readonly #version: OrasVersion;
  readonly #given: Given;
  readonly #log: Logger | undefined;
  readonly #checked = new Map<string, Promise<void>>();

  constructor(version: OrasVersion, given: Given, log: Logger | undefined) {
    this.#version = version;
    this.#given = given;
    this.#log = log;
  }

  /**
   * Call it before each request to a registry. Without credentials, the first call for a registry warns.
   * @throws VeritySignError 'environment'
   */
  check(registry: string): Promise<void> {
    let check = this.#checked.get(registry);
    if (check === undefined) {
      check = this.#check(registry);
      this.#checked.set(registry, check);
    }
    return check;
  }

  async #check(registry: string): Promise<void> {
    await refuseLeak(this.#version, registry, this.#given);
    const { text } = this.#version;
    if (!leaksCredentials(text)) return;
    this.#log?.warn(
      `oras ${text} can send credentials ${CAN_LEAK}. It is used because there are none for ${registry}. ${REMEDY}`,
    );
  }
}

/**
 * checkVersion for a run that reaches these registries: it also refuses an oras that could send their
 * credentials elsewhere.
 */
export function checkVersionFor(
  registries: readonly string[],
  given: Given,
): (path: string, signal?: AbortSignal) => Promise<OrasVersion> {
  return async (path, signal) => {
    const version = await checkVersion(path, signal);
    for (const registry of registries) await refuseLeak(version, registry, given);
    return version;
  };
}

async function refuseLeak({ text }: OrasVersion, registry: string, given: Given): Promise<void> {
  if (!leaksCredentials(text)) return;
  const source = await findCredentials(registry, given, networkEnvironment());
  if (source === undefined) return;
  throw new VeritySignError(
    'environment',
    `oras ${text} can send the credentials for ${registry} (${source}) ${CAN_LEAK}`,
    { remedy: REMEDY },
  );
}
