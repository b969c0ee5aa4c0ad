import { setImmediate } from 'node:timers/promises';

/** Bytes: about 0.2 ms of digesting. */
const PIECE = 256 * 1024;

/**
 * Cuts a chunk into pieces, before each of which the thread does what else is waiting. A decompressor in the
 * thread pool has to ask this thread for each of its chunks, and would stand still while a whole one is processed.
 */
export async function* pieces(chunk: Buffer): AsyncGenerator<Buffer> {
  if (chunk.length <= PIECE) {
    yield chunk;
    return;
  }
  for (let from = 0; from < chunk.length; from += PIECE) {
    await setImmediate();
    yield chunk.subarray(from, from + PIECE);
  }
}
