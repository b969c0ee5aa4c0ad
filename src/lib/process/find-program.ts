import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { fixedEnvironment } from './environment.ts';

/** Absolute path of the first program of this name in `folders`. */
export function findProgram(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => resolve(join(folder, name))).find(isProgram);
}

/** The absolute folders of PATH: where a child process that has it finds a program by its name. */
export function pathFolders(path = process.env.PATH): string[] {
  return path?.split(delimiter).filter(isAbsolute) ?? [];
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
