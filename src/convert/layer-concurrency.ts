import { totalmem } from 'node:os';

/** Node's own, unless the environment says otherwise. */
const DEFAULT_POOL = 4;
/** Threads of the pool that are kept for whatever else waits in it. */
const SPARE = 2;
/** Bytes that a layer on its way takes: its thread, buffers, and what the collector has not got to. */
const PER_LAYER = 48 * 1024 * 1024;
/** Of the memory that there is. */
const USABLE = 1 / 8;

/**
 * How many layers may be on their way at a time, each becoming `images` images. Each has a thread of the
 * pool that decompresses, and up to two for each image that may wait for a pipe or the disk: a pool full
 * of those that wait would stop everything.
 */
export function maxConcurrentLayers(
  images: number,
  pool = Number(process.env.UV_THREADPOOL_SIZE) || DEFAULT_POOL,
  memory = usableMemory(),
): number {
  const byThreads = Math.floor((pool - SPARE) / (1 + 2 * images));
  const byMemory = Math.floor((memory * USABLE) / PER_LAYER);
  return Math.max(1, Math.min(byThreads, byMemory));
}

/** Bytes: of the container, if it is limited, else of the machine. */
function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
