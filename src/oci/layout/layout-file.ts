import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';

/**
 * Opens a regular file below a layout's folder for reading, and follows no symbolic link there. The caller closes
 * the file descriptor.
 *
 * Synchronous, as all of this module: a run opens hundreds of small files, and the way through the thread pool
 * takes longer than the calls themselves.
 * @param name relative path whose components have been checked
 * @throws VeritySignError 'image' for anything but a regular file, 'environment' if the system refuses it
 */
export function openLayoutFile(place: string, name: string): number {
  refuseSymlinks(place, name);
  let file: number;
  try {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    file = openSync(join(place, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new VeritySignError('image', `the layout lacks ${name}`, {
        remedy: 'Write the image to the layout again',
        cause,
      });
    }
    // A socket, or a file in the place of a folder.
    if (code === 'ENXIO' || code === 'ENOTDIR') throw notRegular(name);
    throw new VeritySignError('environment', `cannot open ${name} of the layout (${code})`, { cause });
  }
  let isRegular = false;
  try {
    isRegular = fstatSync(file).isFile();
    if (!isRegular) throw notRegular(name);
    return file;
  } finally {
    if (!isRegular) closeSync(file);
  }
}

/**
 * Reads and closes a file.
 * @param check called with the size of the file in bytes; what it throws ends the reading
 * @returns at most one byte more than that size: a file that grows meanwhile is cut there
 */
export function readLayoutFile(file: number, check: (size: number) => void): Buffer {
  try {
    const { size } = fstatSync(file);
    check(size);
    const bytes = Buffer.alloc(size + 1);
    let filled = 0;
    for (let read = -1; read !== 0 && filled < bytes.length; filled += read) {
      read = readSync(file, bytes, filled, bytes.length - filled, filled);
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}

/** @throws VeritySignError 'image' if a part of `name` below the folder is a symbolic link */
export function refuseSymlinks(place: string, name: string): void {
  const parts = name.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = parts.slice(0, depth).join('/');
    if (!isSymlink(join(place, part))) continue;
    throw new VeritySignError('image', `${part} of the layout is a symbolic link`, {
      remedy: 'Copy the layout with its links resolved (cp -rL)',
    });
  }
}

/** False also for what cannot be looked at: opening it says why. */
function isSymlink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false;
  }
}

function notRegular(name: string): VeritySignError {
  return new VeritySignError('image', `${name} of the layout is not a regular file`);
}
