import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { networkEnvironment } from '../../lib/process/environment.ts';
import { run } from '../../lib/process/run.ts';
import { findVersion } from './versions.ts';

/** Absolute path of a program on PATH, as a shell would find it. */
export function findOnPath(program: string, path = process.env.PATH ?? ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (!folder.startsWith('/')) continue;
    const candidate = join(folder, program);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** The version that a program tells, or undefined if it does not run or tells none. */
export async function versionOf(argv: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(argv, { env: networkEnvironment(), timeout: 20_000, signal });
    return findVersion(`${stdout.toString('utf8')}\n${stderr}`);
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
