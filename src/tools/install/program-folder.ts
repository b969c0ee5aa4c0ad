import { rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';

/**
 * A new folder for installed programs, to which only this user can write. It is in the temporary folder
 * that the runner empties between jobs, and not in a cache: a program is installed anew in each run, and
 * removed when the process exits.
 */
export async function programFolder(): Promise<string> {
  const folder = await runnerFolder('verity-sign-tools-');
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // mkfs.erofs runs as another user where it is started by sudo.
  await chmod(folder, 0o755);
  return folder;
}

/**
 * A new folder in the temporary folder of the runner.
 * @throws VeritySignError 'environment' if it is not writable: in a container job it may be another user's
 */
export async function runnerFolder(prefix: string): Promise<string> {
  const parent = process.env.RUNNER_TEMP || tmpdir();
  try {
    return await mkdtemp(join(parent, prefix));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VeritySignError(
      'environment',
      `RUNNER_TEMP: no folder can be created in ${parent} (${reason})`,
      {
        remedy:
          "Run the job's container as the user to whom the runner's files belong (container: options: --user ID), or install the tools beforehand and set install to false",
        cause,
      },
    );
  }
}
