import { Worker } from 'node:worker_threads';

/** Threads that run one program. They are kept, for starting one takes longer than most layers. */
export class WorkerPool {
  readonly #file: URL;
  readonly #waiting: (() => void)[] = [];
  /** They do not hold up the end of the process. */
  readonly #idle: Worker[] = [];
  #free: number;

  /**
   * @param name of the program without extension; it lies beside the code that asks for it in the
   *   sources, and beside the bundles in `dist`
   * @param askedBy `import.meta.url` of that code
   * @param size most threads at a time
   */
  constructor(name: string, askedBy: string, size: number) {
    this.#file = new URL(`./${name}.${askedBy.endsWith('.ts') ? 'ts' : 'js'}`, askedBy);
    this.#free = size;
  }

  /** Starts threads that are likely to be needed, while there is other work to wait for. */
  warmUp(count: number): void {
    while (this.#idle.length < Math.min(count, this.#free)) {
      const worker = this.#start();
      worker.unref();
      this.#idle.push(worker);
    }
  }

  /**
   * Gives each call of `use` a thread of its own, in which it leaves no listeners: one at least, after a
   * wait if need be, and no more than `most` or than are free. If a use fails its thread is ended.
   */
  async with<T>(most: number, use: (worker: Worker) => Promise<T>): Promise<T[]> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let taken = 1;
    for (; taken < most && this.#free > 0; taken++) this.#free -= 1;
    const uses = await Promise.allSettled(Array.from({ length: taken }, () => this.#useOne(use)));
    return uses.map((settled) => {
      if (settled.status === 'rejected') throw settled.reason;
      return settled.value;
    });
  }

  async #useOne<T>(use: (worker: Worker) => Promise<T>): Promise<T> {
    try {
      const worker = this.#idle.pop() ?? this.#start();
      worker.ref();
      try {
        const result = await use(worker);
        worker.unref();
        this.#idle.push(worker);
        return result;
      } catch (error) {
        await worker.terminate();
        throw error;
      }
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  #start(): Worker {
    // It is handed descriptors that others close.
    const worker = new Worker(this.#file, { env: {}, stdin: false, trackUnmanagedFds: false });
    const forget = (): void => {
      const at = this.#idle.indexOf(worker);
      if (at !== -1) this.#idle.splice(at, 1);
    };
    // It may also end by itself while nobody uses it.
    return worker.on('error', forget).on('exit', forget);
  }
}
