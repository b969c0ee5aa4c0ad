import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fixedEnvironment, pathFolders } from './environment.ts';

/** Absolute path of the first program of this name in `folders`. */
export function findProgram(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => resolve(join(folder, name))).find(isProgram);
}

/** These, then those of the system: a user's PATH may lack /usr/sbin, and a service's may be empty. */
export function programFolders(): string[] {
  return [...pathFolders(), ...pathFolders(fixedEnvironment().PATH)];
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
