import type { Stats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { type ErrorCode, VeritySignError } from '../errors.ts';

/** There is no file, and for the last two there cannot be one. Any other code says nothing about that. */
const NOT_THERE: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'];

/**
 * What is at a path; undefined only if nothing is there.
 * @param code of the error
 * @throws VeritySignError if the system does not tell, as in a folder that this user may not enter
 */
export function statIfThere(path: string, code?: ErrorCode): Promise<Stats | undefined> {
  return ifThere(path, () => stat(path), code);
}

/** As {@link statIfThere}, and a symbolic link is what it is. */
export function lstatIfThere(path: string, code?: ErrorCode): Promise<Stats | undefined> {
  return ifThere(path, () => lstat(path), code);
}

/** As {@link statIfThere}: the path without symbolic links. */
export function realpathIfThere(path: string, code?: ErrorCode): Promise<string | undefined> {
  return ifThere(path, () => realpath(path), code);
}

/** As {@link statIfThere}, for another way to look at the path. */
export async function ifThere<T>(
  path: string,
  look: () => Promise<T>,
  code?: ErrorCode,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (NOT_THERE.includes((error as NodeJS.ErrnoException).code)) return undefined;
    throw unreadable(path, error, code);
  }
}

/**
 * The error for a file or folder that is there, or may be, and that the system keeps from this process.
 * @param cause the system's error
 */
export function unreadable(path: string, cause: unknown, code: ErrorCode = 'environment'): VeritySignError {
  const { code: errno, message } = cause as NodeJS.ErrnoException;
  const remedy =
    errno === 'ELOOP'
      ? 'A symbolic link there leads to itself: replace it'
      : 'Let this user read it, and enter the folders above it';
  return new VeritySignError(code, `${path} cannot be read (${errno ?? message})`, { remedy, cause });
}
