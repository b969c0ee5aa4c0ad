import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { partialPath } from '../partial-file.ts';

/** What a folder without write access answers; any other failure is reported when something is written. */
const REFUSALS: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Whether this user may create files in all of these folders. It tries: permissions do not tell of a
 * read-only mount, and root passes them.
 */
export async function areWritable(folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    const path = partialPath(join(folder, 'write-test'));
    try {
      await (await open(path, 'wx', 0o600)).close();
    } catch (error) {
      if (REFUSALS.includes((error as NodeJS.ErrnoException).code)) return false;
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }
  return true;
}
