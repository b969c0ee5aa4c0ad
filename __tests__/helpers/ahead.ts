/** Work of tests that is done side by side, because it mostly waits for registries. */
export class Ahead {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param most how many at a time */
  constructor(most: number) {
    this.#most = most;
  }

  /** Starts the work as soon as there is room; a test awaits what is returned. */
  start<T>(work: () => Promise<T>): () => Promise<T> {
    const done = this.#run(work);
    // Its test says so, if it comes to that test.
    done.catch(() => undefined);
    return () => done;
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}
