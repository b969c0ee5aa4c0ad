import { totalmem } from 'node:os';

/** Size of libuv's thread pool unless UV_THREADPOOL_SIZE is set. */
const DEFAULT_POOL = 4;
/** Threads of the pool that are kept free for other work. */
const SPARE = 2;
/** Bytes that a layer needs while it is processed: its thread, buffers, and garbage. */
const PER_LAYER = 48 * 1024 * 1024;
/** Share of the memory that layers may use. */
const USABLE = 1 / 8;

/** How many layers with `images` images each are processed at a time, if the user wants `wanted`. */
export function layersAtOnce(wanted: number, images: number): number {
  return Math.min(wanted, maxConcurrentLayers(images));
}

/**
 * Maximum number of layers to process concurrently, with `images` images each. A layer occupies one thread of the
 * pool to decompress, and up to two for each image, which may block on a pipe or the disk: a pool full of
 * blocked threads would be a deadlock.
 * @param pool threads
 * @param memory bytes
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

/** Bytes of memory of the container, if it is limited, else of the machine. */
function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
