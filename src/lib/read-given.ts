import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { onAbort } from './concurrent.ts';
import { formatBytes } from './format-bytes.ts';

const CHUNK = 64 * 1024;
/** Bytes: more than any list of certificates, credentials or settings has. */
const MOST = 16 * 1024 * 1024;
/** Milliseconds between two attempts to end a wait for a pipe. */
const WAKE_INTERVAL = 50;

/**
 * Reads a file that a user names. It may be a pipe, such as `<(command)` in a shell. No size that the system states
 * is believed: of a pipe or a device it is 0.
 * @param mostBytes more than what is expected there
 * @param signal ends the wait for a pipe that nobody writes to
 * @throws ErrnoException whose `code` says why: the system's, or `larger than 16.8 MB`; the reason of the signal
 */
export async function readGiven(path: string, mostBytes = MOST, signal?: AbortSignal): Promise<Buffer> {
  signal?.throwIfAborted();
  const release = wakeOnAbort(path, signal);
  try {
    const file = await open(path);
    try {
      return await readUpTo(file, mostBytes, largerThan(mostBytes), signal);
    } finally {
      await file.close();
    }
  } finally {
    release();
  }
}

/**
 * A thread that waits for a pipe cannot be cancelled, and even process.exit() waits for it: it is given a byte to read.
 * Repeated, since the thread may begin to wait only after the abort.
 */
function wakeOnAbort(path: string, signal: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const release = onAbort(signal, () => {
    timer = setInterval(() => wakeReader(path), WAKE_INTERVAL);
    wakeReader(path);
  });
  return () => {
    release();
    clearInterval(timer);
  };
}

function wakeReader(path: string): void {
  try {
    if (!statSync(path).isFIFO()) return;
    const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      // Checked again: another kind of file may be there by now.
      if (fstatSync(writer).isFIFO()) writeSync(writer, '\n');
    } finally {
      closeSync(writer);
    }
  } catch {
    // No thread reads it yet, or this user may not write to it.
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
 * @throws ErrnoException, or the reason of the signal
 */
export async function readUpTo(
  file: FileHandle,
  mostBytes: number,
  tooLarge: string,
  signal?: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    signal?.throwIfAborted();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
    signal?.throwIfAborted();
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
