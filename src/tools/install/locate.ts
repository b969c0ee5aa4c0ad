import { delimiter } from 'node:path';
import { networkEnvironment } from '../../lib/process/environment.ts';
import { findProgram } from '../../lib/process/find-program.ts';
import { run } from '../../lib/process/run.ts';
import { findVersion } from '../versions.ts';

/** Absolute path of a program in the absolute folders of PATH. */
export function findOnPath(program: string, path = process.env.PATH ?? ''): string | undefined {
  return findProgram(
    program,
    path.split(delimiter).filter((folder) => folder.startsWith('/')),
  );
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
