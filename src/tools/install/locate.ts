import { networkEnvironment, pathFolders } from '../../lib/process/environment.ts';
import { findProgram, programFolders } from '../../lib/process/find-program.ts';
import { run } from '../../lib/process/run.ts';
import { findVersion } from '../versions.ts';

/** Absolute path of a program that is run by its name. */
export function findOnPath(program: string): string | undefined {
  return findProgram(program, pathFolders());
}

/** Absolute path of a program that is run by its path: in PATH, and in the folders of the system. */
export function findInstalled(program: string): string | undefined {
  return findProgram(program, programFolders());
}

/** The version that a program prints; undefined if it does not run or prints none. */
export async function versionOf(argv: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(argv, { env: networkEnvironment(), timeout: 20_000, signal });
    return findVersion(`${stdout.toString('utf8')}\n${stderr}`);
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
