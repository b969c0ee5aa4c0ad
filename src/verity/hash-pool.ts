import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** The worker's file lies beside this one in the sources, and beside the bundle in `dist`. */
const FILE = new URL(`./hash-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/** As many workers at a time as there are CPUs. */
let free = availableParallelism();
const waiting: (() => void)[] = [];
/** Starting one takes longer than most layers: they are kept, and do not hold up the end of the process. */
const idle: Worker[] = [];

/** Gives `use` a worker of its own, with which it leaves no listeners. One whose use failed is ended. */
export async function withWorker<T>(use: (worker: Worker) => Promise<T>): Promise<T> {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    const worker = idle.pop() ?? start();
    worker.ref();
    try {
      const result = await use(worker);
      worker.unref();
      idle.push(worker);
      return result;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

function start(): Worker {
  const worker = new Worker(FILE, { env: {}, stdin: false });
  // It may also end by itself while nobody uses it.
  return worker.on('error', () => forget(worker)).on('exit', () => forget(worker));
}

function forget(worker: Worker): void {
  const at = idle.indexOf(worker);
  if (at !== -1) idle.splice(at, 1);
}
