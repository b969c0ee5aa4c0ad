import { availableParallelism } from 'node:os';
import { VeritySignError } from '../errors.ts';
import { freeDescriptors, freeThreads } from '../lib/process/free-resources.ts';

/** Threads per layer: one decompresses, others write its tar to one or two images. */
const PER_LAYER = 5;
/** libuv starts all threads at once, and a container may limit their number. */
const MOST = 128;

/** Node's own default. */
const LEAST = 4;
/** What a run needs at least: the threads of the pool and a few of its own, and their descriptors. */
const NEEDED_THREADS = LEAST + 4;
const NEEDED_DESCRIPTORS = 12;

/**
 * Refuses a run for which the system has too few threads or descriptors left. Node would abort without a message
 * later: libuv ends the process if a thread of its pool cannot be started.
 * @throws VeritySignError 'environment'
 */
export function requireResources(): void {
  for (const [what, free, needed, option] of [
    ['open files', freeDescriptors(), NEEDED_DESCRIPTORS, '-n'],
    ['processes and threads', freeThreads(), NEEDED_THREADS, '-u, or the pids limit of the container'],
  ] as const) {
    if (free >= needed) continue;
    throw new VeritySignError(
      'environment',
      `the limit on ${what} leaves ${Math.max(0, free)} for this process, which needs at least ${needed}`,
      { remedy: `Raise the limit (ulimit ${option})` },
    );
  }
}

/**
 * Sets the size of Node's thread pool so that layers converted concurrently do not wait for one another, as far
 * as the limits on threads allow.
 * Call it before anything uses the pool. A size that the user has set is kept.
 */
export function widenThreadPool(env: NodeJS.ProcessEnv = process.env): void {
  if (env.UV_THREADPOOL_SIZE !== undefined) return;
  const wanted = Math.min(MOST, LEAST + PER_LAYER * availableParallelism());
  // The other half is for layers' threads and outside programs.
  env.UV_THREADPOOL_SIZE = `${Math.max(LEAST, Math.min(wanted, Math.floor(freeThreads() / 2)))}`;
}
