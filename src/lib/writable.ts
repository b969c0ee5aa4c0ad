import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Why this process cannot append to an existing file, such as `EACCES`; undefined if it can. */
export function whyNotWritable(file: string): string | undefined {
  return reasonOf(() => {
    const found = statSync(file);
    if (found.isDirectory()) return 'it is a folder';
    // Only a regular file: to open and close a pipe would end it for its reader.
    if (found.isFile()) closeSync(openSync(file, constants.O_WRONLY | constants.O_APPEND));
    else accessSync(file, constants.W_OK);
    return undefined;
  });
}

/** Why this process cannot create or replace a file; undefined if it can. Missing parent folders are created. */
export function whyNotCreatable(file: string): string | undefined {
  return reasonOf(() => {
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return whyNotWritable(file);
    createFolder(dirname(file));
    return whyNotFolder(dirname(file));
  });
}

/** Why this process cannot create files in a folder; undefined if it can. */
export function whyNotFolder(folder: string): string | undefined {
  return reasonOf(() => {
    if (!statSync(folder).isDirectory()) return 'it is not a folder';
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  });
}

/**
 * Creates a folder and those above it. Node's recursive mkdir does not end where the system has none, as in /proc.
 * @param leastMode permissions that each folder that is created has, whatever the umask
 */
export function createFolder(folder: string, leastMode = 0): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  if (dirname(folder) !== folder) createFolder(dirname(folder), leastMode);
  try {
    mkdirSync(folder);
    if (leastMode !== 0) chmodSync(folder, (statSync(folder).mode & 0o7777) | leastMode);
  } catch (error) {
    // Another process may be faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The folders of a path that do not exist yet, the deepest first. */
export function missingFolders(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined || dirname(folder) === folder) return [];
  return [folder, ...missingFolders(dirname(folder))];
}

/** Removes folders, the deepest first, unless something is in them. */
export function removeIfEmpty(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      // It is not there, or not empty.
    }
  }
}

function reasonOf(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
