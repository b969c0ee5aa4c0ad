import { VeritySignError } from '../../errors.ts';
import { run, ToolError } from '../../lib/process/run.ts';
import { FIRST_SAFE_ORAS } from '../../tools/versions.ts';
import { orasEnvironment } from './environment.ts';

export interface OrasVersion {
  major: number;
  minor: number;
  /** As oras prints it, such as `1.3.3`. */
  text: string;
}

export const REMEDY = `Install oras ${FIRST_SAFE_ORAS} or later, or set oras-path to one`;

/**
 * The version of a program. One below 1.3.3 is usable only without credentials: see CredentialGuard.
 * @throws VeritySignError 'environment' if it is not oras 1.2 or later
 */
export async function checkVersion(path: string, signal?: AbortSignal): Promise<OrasVersion> {
  const output = await ask(path, signal);
  const match = /^Version:\s*(?<text>(?<major>\d+)\.(?<minor>\d+)\.\S+)/m.exec(output);
  if (match?.groups === undefined) {
    throw new VeritySignError('environment', `${path} does not print a version of oras`, {
      remedy: REMEDY,
    });
  }
  const { text = '' } = match.groups;
  const version = { major: Number(match.groups.major), minor: Number(match.groups.minor), text };
  if (version.major < 1 || (version.major === 1 && version.minor < 2)) {
    throw new VeritySignError('environment', `oras ${text} is too old: 1.2 is the oldest supported version`, {
      remedy: REMEDY,
    });
  }
  return version;
}

async function ask(path: string, signal: AbortSignal | undefined): Promise<string> {
  const options = { env: orasEnvironment(), timeout: 30_000, ...(signal === undefined ? {} : { signal }) };
  try {
    const { stdout } = await run([path, 'version'], options);
    return stdout.toString('utf8');
  } catch (cause) {
    if (!(cause instanceof ToolError)) throw cause;
    throw new VeritySignError('environment', cause.message, { remedy: REMEDY, cause });
  }
}
