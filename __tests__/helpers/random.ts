/** A number from 0 to below `below`. */
export type Next = (below: number) => number;

/** xorshift32: the same mutants in every run of a seed, which is not 0. */
export function random(seed: number): Next {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
