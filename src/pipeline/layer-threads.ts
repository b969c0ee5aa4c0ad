import { WorkerPool } from '../tools/worker-pool.ts';

/** More than anybody converts layers at a time; threads are started as they are needed. */
const MOST = 64;

export const LAYER_THREADS = new WorkerPool('layer-thread', import.meta.url, MOST);
