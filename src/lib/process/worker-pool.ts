import { Worker } from 'node:worker_threads';
import { freeDescriptors } from './free-resources.ts';
import { SystemLimitError } from './system-limit.ts';

/** MiB for objects that live for moments; the default holds 50 MB more in each thread and is no faster here. */
const YOUNG_GENERATION = 4;

/** File descriptors that a new thread takes. */
const NEEDED_DESCRIPTORS = 8;

/** Worker threads that run one program. They are reused: starting one takes longer than most layers. */
export class WorkerPool {
  readonly #file: URL;
  readonly #waiting: (() => void)[] = [];
  /** Unreferenced: they do not keep the process alive. */
  readonly #idle: Worker[] = [];
  #free: number;

  /**
   * @param name of the program without extension. It lies next to the calling file in the sources, and
   *   next to the bundles in `dist`
   * @param askedBy `import.meta.url` of the calling file
   * @param size maximum number of threads
   */
  constructor(name: string, askedBy: string, size: number) {
    this.#file = new URL(`./${name}.${askedBy.endsWith('.ts') ? 'ts' : 'js'}`, askedBy);
    this.#free = size;
  }

  /** Starts up to `count` threads before they are needed. */
  warmUp(count: number): void {
    while (this.#idle.length < Math.min(count, this.#free)) {
      const worker = this.#start();
      worker.unref();
      this.#idle.push(worker);
    }
  }

  /**
   * Calls `use` with one thread, and with further free ones up to `most`. Waits while none is free.
   * `use` must remove its listeners from the thread. If it fails, its thread is terminated.
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

  /** @throws SystemLimitError before Node crashes because it lacks descriptors for a thread */
  #start(): Worker {
    if (freeDescriptors() < NEEDED_DESCRIPTORS) {
      throw new SystemLimitError('no more files can be opened', undefined);
    }
    // The thread gets file descriptors that the main thread closes.
    const worker = new Worker(this.#file, {
      env: {},
      // What `node --import` loads is meant for the main thread, and may print.
      execArgv: [],
      stdin: false,
      // Otherwise Node pipes them into those of the process, which belong to the caller of a library. What fails in
      // a program comes as an event. Both reading the streams and text in them keep the process alive: nobody reads
      // them, and a program must discard what it prints.
      stdout: true,
      stderr: true,
      trackUnmanagedFds: false,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
    });
    const forget = (): void => {
      const at = this.#idle.indexOf(worker);
      if (at !== -1) this.#idle.splice(at, 1);
    };
    // An idle thread may end by itself.
    return worker.on('error', forget).on('exit', forget);
  }
}
