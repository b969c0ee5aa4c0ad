import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { readUpTo } from './read-given.ts';

/**
 * Reads a file whose place others can write to: a regular file of limited size, and never anything that waits for a
 * writer, as a FIFO does. A file of `/proc` counts as regular; it states no size.
 * @param mostBytes more than what is expected there
 * @throws ErrnoException whose `code` says why: the system's, `EISDIR`, `not a regular file` or `too large`
 */
export async function readRegular(path: string, mostBytes: number): Promise<Buffer> {
  const file = await openRegular(path);
  try {
    return await readUpTo(file, mostBytes, 'too large');
  } finally {
    await file.close();
  }
}

/**
 * Opens a regular file for reading, as {@link readRegular} does. The caller closes it.
 * @throws ErrnoException as there
 */
export async function openRegular(path: string): Promise<FileHandle> {
  // A FIFO opens at once, and a terminal does not become that of this process.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const found = await file.stat();
    if (found.isDirectory()) throw failure('EISDIR');
    if (!found.isFile()) throw failure('not a regular file');
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}
