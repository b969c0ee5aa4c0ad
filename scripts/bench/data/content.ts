import type { Random } from './random.ts';

/** The kind of a file's bytes: prose and source code, machine code, or compressed data. */
export type Kind = 'text' | 'code' | 'packed';

const WORDS = 4096;
const LETTERS = 'etaoinshrdlucmfwypvbgkqjxz';

/** Fills buffers with generated file content; the same sequence for the same `random`. */
export class ContentMaker {
  readonly #random: Random;
  readonly #words: Uint8Array[];

  constructor(random: Random) {
    this.#random = random;
    this.#words = Array.from({ length: WORDS }, () => this.#word());
  }

  fill(target: Uint8Array, kind: Kind): void {
    if (kind === 'text') this.#text(target);
    else if (kind === 'code') this.#code(target);
    else this.#noise(target);
  }

  #word(): Uint8Array {
    const length = 2 + this.#random.below(5) + this.#random.below(5);
    return Uint8Array.from({ length }, () => LETTERS.charCodeAt(this.#skewed(LETTERS.length)));
  }

  /** Below `most`; small numbers are the more frequent ones, as words are in a language. */
  #skewed(most: number): number {
    return Math.floor((this.#random.below(most) * this.#random.below(65536)) / 65536);
  }

  #text(target: Uint8Array): void {
    for (let at = 0; at < target.length; ) {
      const dice = this.#random.below(24);
      if (dice === 0) {
        at = this.#again(target, at, 32 + this.#random.below(160));
        continue;
      }
      const word = this.#words[this.#skewed(WORDS)] as Uint8Array;
      for (let byte = 0; byte < word.length && at < target.length; byte++)
        target[at++] = word[byte] as number;
      if (at < target.length) target[at++] = dice < 3 ? 0x0a : dice < 6 ? 0x28 : 0x20;
    }
  }

  /** Four bytes at a time: a frequent operation with small operands, at times an address. */
  #code(target: Uint8Array): void {
    for (let at = 0; at < target.length; ) {
      const bits = this.#random.next();
      if ((bits & 0x0f) === 0) {
        at = this.#again(target, at, 16 + ((bits >>> 8) & 0x7f));
        continue;
      }
      const operation = ((bits >>> 5) & 0x1f) * ((bits >>> 10) & 0x1f);
      target[at++] = operation >>> 2;
      if (at < target.length) target[at++] = (bits >>> 15) & ((bits >>> 20) & 1 ? 0x0f : 0x77);
      if (at < target.length) target[at++] = (bits >>> 21) & 1 ? 0 : bits >>> 24;
      if (at < target.length) target[at++] = (bits >>> 22) & 3 ? 0x48 : 0xff;
    }
  }

  #noise(target: Uint8Array): void {
    for (let at = 0; at < target.length; ) {
      let bits = this.#random.next();
      for (let byte = 0; byte < 4 && at < target.length; byte++, bits >>>= 8) target[at++] = bits;
    }
  }

  /** Repeats bytes from up to 16 KiB earlier. */
  #again(target: Uint8Array, at: number, length: number): number {
    const back = 1 + this.#random.below(Math.max(1, Math.min(at, 16384)));
    const end = Math.min(at + length, target.length);
    if (at < back) {
      target.fill(0, at, end);
      return end;
    }
    for (let byte = at; byte < end; byte++) target[byte] = target[byte - back] as number;
    return end;
  }
}
