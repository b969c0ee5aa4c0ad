import { availableParallelism } from 'node:os';

/** Blob read, decompressed, and its tar written to up to three images: each waits in a thread of its own. */
const PER_LAYER = 5;

/**
 * Asks for enough threads in Node's pool that layers converted side by side do not wait for one another.
 * Must come before anything that uses the pool; what the user has set stays.
 */
export function widenThreadPool(env: NodeJS.ProcessEnv = process.env): void {
  env.UV_THREADPOOL_SIZE ??= `${Math.min(1024, 4 + PER_LAYER * availableParallelism())}`;
}
