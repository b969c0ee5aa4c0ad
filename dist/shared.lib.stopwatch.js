import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/stopwatch.ts
var Stopwatch = class {
  #start = performance.now();
  #steps = /* @__PURE__ */ new Map();
  /** Runs `work` and adds its time to that of the step. */
  async time(step, work) {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#steps.set(step, this.#milliseconds(step) + performance.now() - start);
    }
  }
  /** Seconds of one step, rounded to milliseconds. */
  of(step) {
    return Math.round(this.#milliseconds(step)) / 1e3;
  }
  /** Seconds since the stopwatch was created, rounded to milliseconds. */
  total() {
    return Math.round(performance.now() - this.#start) / 1e3;
  }
  #milliseconds(step) {
    return this.#steps.get(step) ?? 0;
  }
};

export {
  Stopwatch
};
