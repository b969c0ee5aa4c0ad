import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const CHUNK = 64 * 1024;

/**
 * Reads a file whose place others can write to: a regular file of limited size, and never anything that waits for a
 * writer, as a FIFO does. A file of `/proc` counts as regular; it states no size.
 * @param mostBytes more than what is expected there
 * @throws ErrnoException whose `code` says why: the system's, `EISDIR`, `not a regular file` or `too large`
 */
export async function readRegular(path: string, mostBytes: number): Promise<Buffer> {
  return readToEnd(await openRegular(path), mostBytes);
}

/**
 * Reads a file that the user names: a regular file, or a pipe such as `<(command)` of a shell. Of a pipe or a device
 * nobody knows the size before.
 * @throws ErrnoException whose `code` is the system's, or `too large`
 */
export async function readBounded(path: string, mostBytes: number): Promise<Buffer> {
  return readToEnd(await open(path), mostBytes);
}

async function readToEnd(file: FileHandle, mostBytes: number): Promise<Buffer> {
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; ; ) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) return Buffer.concat(chunks);
      size += bytesRead;
      if (size > mostBytes) throw failure('too large');
      chunks.push(buffer.subarray(0, bytesRead));
    }
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
