import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { formatBytes } from './format-bytes.ts';

const CHUNK = 64 * 1024;
/** Bytes: more than any list of certificates, credentials or settings has. */
const MOST = 16 * 1024 * 1024;

/**
 * Reads a file that a user names. It may be a pipe, such as `<(command)` in a shell. No size that the system states
 * is believed: of a pipe or a device it is 0.
 * @param mostBytes more than what is expected there
 * @throws ErrnoException whose `code` says why: the system's, or `larger than 16.8 MB`
 */
export async function readGiven(path: string, mostBytes = MOST): Promise<Buffer> {
  const file = await open(path);
  try {
    return await readUpTo(file, mostBytes, largerThan(mostBytes));
  } finally {
    await file.close();
  }
}

/** As {@link readGiven}, before there is anything to wait for. */
export function readGivenSync(path: string, mostBytes = MOST): Buffer {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; ; ) {
      const chunk = Buffer.alloc(CHUNK);
      const bytes = readSync(file, chunk, 0, CHUNK, null);
      if (bytes === 0) return Buffer.concat(chunks);
      size = withinLimit(size + bytes, mostBytes, largerThan(mostBytes));
      chunks.push(chunk.subarray(0, bytes));
    }
  } finally {
    closeSync(file);
  }
}

/**
 * The rest of an open file.
 * @param tooLarge the `code` if there is more
 * @throws ErrnoException
 */
export async function readUpTo(file: FileHandle, mostBytes: number, tooLarge: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    size = withinLimit(size + bytesRead, mostBytes, tooLarge);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function largerThan(bytes: number): string {
  return `larger than ${formatBytes(bytes)}`;
}

function withinLimit(size: number, most: number, code: string): number {
  if (size > most) throw Object.assign(new Error(code), { code });
  return size;
}
