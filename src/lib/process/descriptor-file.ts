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
 * Reads the file or pipe behind a descriptor from its beginning, and closes the descriptor: children inherit
 * it, and other processes of the user can open it as /proc/PID/fd/N.
 *
 * @param path as `descriptorOf` takes it
 * @param limit bytes; of a longer file, the result has one byte more than that
 * @throws the error of the system
 */
export function takeDescriptor(path: string, limit: number): Buffer {
  const content = Buffer.alloc(limit + 1);
  let size = 0;
  const file = openSync(path, 'r');
  try {
    for (let read = -1; read !== 0 && size < content.length; size += read) {
      read = readSync(file, content, size, content.length - size, null);
    }
  } finally {
    closeSync(file);
  }
  const descriptor = descriptorOf(path);
  if (descriptor === undefined) throw new TypeError(`${path} is no descriptor`);
  closeSync(descriptor);
  // Descriptor 0 must stay in use, or the next file that is opened becomes standard input.
  if (descriptor === 0) openSync('/dev/null', 'r');
  return content.subarray(0, size);
}
