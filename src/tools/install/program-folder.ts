import { rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new folder for installed programs, to which only this user can write. It is in the temporary folder
 * that the runner empties between jobs, and not in a cache: a program is installed anew in each run, and
 * removed when the process exits.
 */
export async function programFolder(): Promise<string> {
  const folder = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'verity-sign-tools-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // mkfs.erofs runs as another user where it is started by sudo.
  await chmod(folder, 0o755);
  return folder;
}
