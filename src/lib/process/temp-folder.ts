import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { VeritySignError } from '../../errors.ts';

/**
 * Runs `work` with a new folder that only this user can enter, and removes it afterwards, even after
 * an error. `parent` defaults to the system's temporary folder.
 */
export async function withTempFolder<T>(
  parent: string | undefined,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const path = await create(resolve(parent ?? tmpdir()));
  try {
    return await work(path);
  } finally {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function create(parent: string): Promise<string> {
  try {
    const path = await mkdtemp(join(parent, 'verity-sign-'));
    // mkdtemp applies the umask to 0700, and the umask may be anything.
    await chmod(path, 0o700);
    return path;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).message;
    throw new VeritySignError('environment', `cannot create a temporary folder (${reason})`, {
      remedy: 'Set temp-dir to a folder with enough space that this user may write to',
      cause: error,
    });
  }
}
