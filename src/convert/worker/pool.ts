import { WorkerPool } from '../../lib/process/worker-pool.ts';

/** More than the number of layers converted at a time; threads are started when they are needed. */
const MAX_THREADS = 64;

export const LAYER_WORKERS = new WorkerPool('layer-worker', import.meta.url, MAX_THREADS);

/** Bytes: a smaller blob is processed by the main thread, since handing it to a worker takes longer. */
export const SMALL_BLOB = 1024 * 1024;
