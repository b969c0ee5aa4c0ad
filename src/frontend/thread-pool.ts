import { availableParallelism } from 'node:os';

/** Decompressed, and its tar written to one image or two, each in a thread; more images, fewer layers. */
const PER_LAYER = 5;
/** They are all started at once; a container may limit their number. */
const MOST = 128;

/**
 * Asks for enough threads in Node's pool that layers converted side by side do not wait for one another.
 * Must come before anything that uses the pool; what the user has set stays.
 */
export function widenThreadPool(env: NodeJS.ProcessEnv = process.env): void {
  env.UV_THREADPOOL_SIZE ??= `${Math.min(MOST, 4 + PER_LAYER * availableParallelism())}`;
}
