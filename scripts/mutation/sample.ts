import { createHash } from 'node:crypto';
import type { Mutant } from './mutants.ts';

/** The mutants in an order that depends on the seed and on nothing else in their files: the first are the sample. */
export function inSeededOrder(mutants: readonly Mutant[], seed: number): Mutant[] {
  const keys = new Map(mutants.map((mutant) => [mutant, keyOf(mutant, seed)]));
  return mutants.toSorted((a, b) => ((keys.get(a) ?? '') < (keys.get(b) ?? '') ? -1 : 1));
}

function keyOf({ file, kind, context, column, before, after }: Mutant, seed: number): string {
  return createHash('sha256')
    .update([seed, file, kind, context, column, before, after].join('\0'))
    .digest('hex');
}

/** Sizes of the samples of rooms with so many mutants: equal, as far as a room has enough. */
export function sampleSizes(available: readonly number[], total: number): number[] {
  const sizes = available.map(() => 0);
  let left = Math.min(
    total,
    available.reduce((sum, count) => sum + count, 0),
  );
  while (left > 0) {
    for (const [room, count] of available.entries()) {
      if (left === 0 || (sizes[room] ?? 0) === count) continue;
      sizes[room] = (sizes[room] ?? 0) + 1;
      left -= 1;
    }
  }
  return sizes;
}
