import { fixedEnvironment, pathFolders } from '../../lib/process/environment.ts';
import { findProgram } from '../../lib/process/find-program.ts';
import { run } from '../../lib/process/run.ts';
import { findVersion } from '../../tools/versions.ts';
import type { FoundVersion } from './check.ts';
import type { NodeFiles } from './node-files.ts';

/** Milliseconds. */
const TIMEOUT = 10_000;
const DPKG = '/var/lib/dpkg/status';

/**
 * Path of a program in the folders of the system, where containerd, as a service, looks for it. The caller's PATH may
 * lead to another one.
 */
export function systemProgram(name: string): string | undefined {
  return findProgram(name, pathFolders(fixedEnvironment().PATH));
}

/** The version that a program of this machine prints. */
export async function askVersion(program: string, signal: AbortSignal): Promise<FoundVersion> {
  const path = systemProgram(program);
  if (path === undefined) return { unknown: `${program} is not in the system's folders` };
  try {
    const { stdout } = await run([path, '--version'], {
      env: fixedEnvironment(),
      timeout: TIMEOUT,
      signal,
      maxOutput: 64 * 1024,
    });
    const version = findVersion(stdout.toString('utf8').replace(/^\S+ /, ''));
    return version === undefined
      ? { unknown: `${path} --version prints no version` }
      : { version, from: path };
  } catch (error) {
    if (signal.aborted) throw error;
    return { unknown: `${path} --version failed` };
  }
}

/** The version of a package, in the records of dpkg. */
export async function packageVersion(files: NodeFiles, names: readonly string[]): Promise<FoundVersion> {
  const status = await files.read(DPKG);
  if (status.state === 'absent') return { unknown: 'there are no records of dpkg' };
  if (status.state === 'unreadable') return { unknown: `${DPKG} cannot be read (${status.reason})` };
  for (const record of status.bytes.toString('utf8').split('\n\n')) {
    const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(record)?.[1];
    const name = field('Package') ?? '';
    if (!names.includes(name) || !field('Status')?.endsWith(' installed')) continue;
    const version = findVersion((field('Version') ?? '').replace(/^\d+:/, ''));
    if (version !== undefined) return { version, from: `package ${name} ${field('Version')}` };
  }
  return { unknown: `the package ${names.join(' or ')} is not installed` };
}
