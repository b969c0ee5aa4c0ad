import { availableParallelism } from 'node:os';

/** Threads per layer: one decompresses, others write its tar to one or two images. */
const PER_LAYER = 5;
/** libuv starts all threads at once, and a container may limit their number. */
const MOST = 128;

/**
 * Sets the size of Node's thread pool so that layers converted concurrently do not wait for one another.
 * Call it before anything uses the pool. A size that the user has set is kept.
 */
export function widenThreadPool(env: NodeJS.ProcessEnv = process.env): void {
  env.UV_THREADPOOL_SIZE ??= `${Math.min(MOST, 4 + PER_LAYER * availableParallelism())}`;
}
