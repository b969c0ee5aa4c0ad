import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { partialPath } from '../partial-file.ts';

/** What a folder without write access answers; any other failure is reported when something is written. */
const REFUSALS: readonly string[] = ['EACCES', 'EPERM', 'EROFS'];

/** A folder in which this user may not create files, and the code of the system's error. */
export interface ReadOnly {
  folder: string;
  code: string;
}

/**
 * The first folder of these files in which this user may not create others. It tries: permissions do not tell of a
 * read-only mount, and root passes them. What a killed run leaves is a partial file of the one that is named.
 */
export async function whyReadOnly(files: readonly string[]): Promise<ReadOnly | undefined> {
  for (const file of files) {
    const path = partialPath(file);
    try {
      await (await open(path, 'wx', 0o600)).close();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== undefined && REFUSALS.includes(code)) return { folder: dirname(file), code };
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }
  return undefined;
}
