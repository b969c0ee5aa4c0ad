/** Reproducible pseudo-random numbers: xorshift32, the same on every machine. [Marsaglia, Xorshift RNGs] */
export class Random {
  #state: number;

  constructor(seed: number) {
    // The state must not be zero; the multiplication spreads seeds that lie close together.
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1;
    for (let round = 0; round < 8; round++) this.next();
  }

  /** 32 bits, signed. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x;
  }

  /** From 0 to `most` - 1; `most` at most 2^31. */
  below(most: number): number {
    return (this.next() >>> 0) % most;
  }
}
