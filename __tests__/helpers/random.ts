/** A number from 0 to `below` - 1. */
export type Next = (below: number) => number;

/** xorshift32: the same numbers in every run of a seed, which must not be 0. */
export function random(seed: number): Next {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
