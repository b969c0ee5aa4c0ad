import { VeritySignError } from '../../errors.ts';
import { fixedEnvironment } from './environment.ts';
import { run, ToolError } from './run.ts';

/** How a program is made to see uid 0 and gid 0. */
export type Privilege = 'root' | 'user-namespace' | 'sudo';

const PROBE_TIMEOUT = 10_000;
/** The words before a command that map this user to root in a user namespace. */
export const AS_MAPPED_ROOT = ['unshare', '--map-root-user', '--'] as const;
/** Seconds between SIGTERM and SIGKILL for a child that runs as root. */
const GRACE = 2;

/**
 * Finds a way to run programs as (mapped) root. Root's own processes inherit it; the other ways are
 * tried by running `id`.
 *
 * @throws VeritySignError 'environment' if none works, with the reason for each
 */
export async function findPrivilege(signal?: AbortSignal): Promise<Privilege> {
  const refused: string[] = [];
  for (const privilege of ['root', 'user-namespace', 'sudo'] as const) {
    const reason = await whyNot(privilege, signal);
    if (reason === undefined) return privilege;
    refused.push(reason);
  }
  throw new VeritySignError(
    'environment',
    `mkfs.erofs must run as uid 0, as on the node: the owner of the root directory changes every root hash (${refused.join('; ')})`,
    { remedy: 'Run as root, allow unprivileged user namespaces, or allow sudo without a password' },
  );
}

/** Whether sudo works without a password. */
export async function hasSudo(signal?: AbortSignal): Promise<boolean> {
  return (await whyNot('sudo', signal)) === undefined;
}

/** The command line that runs `argv` as root with exactly `env`. `timeout` is in milliseconds. */
export function argvBySudo(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  timeout: number,
): string[] {
  // sudo and PAM may add variables, so env(1) starts empty. Only root may kill the child: timeout(1) does.
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const limit = ['timeout', `--kill-after=${GRACE}`, `${Math.ceil(timeout / 1000)}`];
  return ['sudo', '-n', '--', 'env', '-i', ...variables, ...limit, ...argv];
}

/** Ends a command of `argvBySudo`: sudo forwards the signal to timeout(1), which ends the program. */
export function endAsRoot(pid: number): void {
  void run(['sudo', '-n', '--', 'kill', '-TERM', `${pid}`], {
    env: fixedEnvironment(),
    timeout: PROBE_TIMEOUT,
  }).catch(() => undefined);
}

/** Removes a folder in which files of root may be. */
export async function removeAsRoot(folder: string): Promise<void> {
  const env = fixedEnvironment();
  const argv = argvBySudo(['rm', '-rf', '--one-file-system', '--', folder], env, PROBE_TIMEOUT);
  await run(argv, { env, timeout: PROBE_TIMEOUT });
}

/** Children inherit the user of this process. */
function whyNotRoot(): string | undefined {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  return uid === 0 && gid === 0 ? undefined : `the user is uid ${uid}, gid ${gid}`;
}

async function whyNot(privilege: Privilege, signal: AbortSignal | undefined): Promise<string | undefined> {
  if (privilege === 'root') return whyNotRoot();
  const env = fixedEnvironment();
  try {
    for (const option of ['-u', '-g']) {
      const id = ['id', option];
      const argv = privilege === 'sudo' ? argvBySudo(id, env, PROBE_TIMEOUT) : [...AS_MAPPED_ROOT, ...id];
      const options = { env, timeout: PROBE_TIMEOUT, ...(signal === undefined ? {} : { signal }) };
      const printed = (await run(argv, options)).stdout.toString().trim();
      if (printed !== '0') return `${privilege}: id ${option} prints ${printed}`;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const detail = error.message.replaceAll(/\s*\n\s*/g, ' ').slice(0, 200);
    return privilege === 'user-namespace' ? `no user namespace: ${detail}` : `${privilege}: ${detail}`;
  }
}
