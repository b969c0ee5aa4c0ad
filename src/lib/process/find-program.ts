import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Absolute path of the first program of this name in `folders`. */
export function findProgram(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => resolve(join(folder, name))).find(isProgram);
}

/** Whether `path` is a file that this user may run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
