import { WorkerPool } from '../../lib/process/worker-pool.ts';

/** More than anybody converts layers at a time; threads are started as they are needed. */
const MOST = 64;

export const LAYER_WORKERS = new WorkerPool('layer-worker', import.meta.url, MOST);
