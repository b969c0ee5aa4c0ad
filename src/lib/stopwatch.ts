/** Measures the seconds that each step of a run takes, for the report. */
export class Stopwatch {
  readonly #start = performance.now();
  readonly #steps = new Map<string, number>();

  /** Runs `work` and adds its time to that of the step. */
  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#steps.set(step, this.#milliseconds(step) + performance.now() - start);
    }
  }

  /** Seconds of one step, rounded to milliseconds. */
  of(step: string): number {
    return Math.round(this.#milliseconds(step)) / 1000;
  }

  /** Seconds since the stopwatch was created, rounded to milliseconds. */
  total(): number {
    return Math.round(performance.now() - this.#start) / 1000;
  }

  #milliseconds(step: string): number {
    return this.#steps.get(step) ?? 0;
  }
}
