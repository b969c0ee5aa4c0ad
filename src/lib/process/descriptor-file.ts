import { closeSync, openSync, readSync } from 'node:fs';

/** Paths by which a process names its own descriptors: `/dev/fd/63` is what `<(command)` becomes. */
const DESCRIPTOR = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/;

/** The descriptor of this process that a path names, or undefined. */
export function descriptorOf(path: string): number | undefined {
  if (path === '/dev/stdin') return 0;
  const number = DESCRIPTOR.exec(path)?.[1];
  return number === undefined ? undefined : Number(number);
}

/**
 * Reads the file, pipe or socket behind a descriptor, a file from its beginning, and closes the descriptor: children
 * inherit it, and other processes of the user can open it as /proc/PID/fd/N.
 *
 * @param path as `descriptorOf` takes it
 * @param limit bytes; of a longer file, the result has one byte more than that
 * @throws the error of the system
 */
export function takeDescriptor(path: string, limit: number): Buffer {
  const descriptor = descriptorOf(path);
  if (descriptor === undefined) throw new TypeError(`${path} is no descriptor`);
  const content = Buffer.alloc(limit + 1);
  let size = 0;
  const file = openAgain(path, descriptor);
  try {
    for (let read = -1; read !== 0 && size < content.length; size += read) {
      read = readSync(file, content, size, content.length - size, null);
    }
  } finally {
    if (file !== descriptor) closeSync(file);
  }
  closeSync(descriptor);
  // Descriptor 0 must stay in use, or the next file that is opened becomes standard input.
  if (descriptor === 0) openSync('/dev/null', 'r');
  return content.subarray(0, size);
}

/** A socket, such as a parent in Node gives for a pipe, cannot be opened by its path: the descriptor serves as it is. */
function openAgain(path: string, descriptor: number): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return descriptor;
    throw error;
  }
}
