/** Seconds per step of a run, for the report. */
export class Stopwatch {
  readonly #start = performance.now();
  readonly #steps = new Map<string, number>();

  /** Runs one step and adds its time to what the step has taken so far. */
  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#steps.set(step, this.#milliseconds(step) + performance.now() - start);
    }
  }

  /** Of one step, rounded to milliseconds. */
  of(step: string): number {
    return Math.round(this.#milliseconds(step)) / 1000;
  }

  /** Since the watch was made. */
  total(): number {
    return Math.round(performance.now() - this.#start) / 1000;
  }

  #milliseconds(step: string): number {
    return this.#steps.get(step) ?? 0;
  }
}
