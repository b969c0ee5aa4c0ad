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

/** The mutants of a room in the order in which they are tried, and how many of them are wanted. */
export interface Queue {
  room: string;
  mutants: readonly Mutant[];
  wanted: number;
}

export interface Task {
  room: string;
  mutant: Mutant;
}

/** Hands out mutants, those of each room in turn, until enough of each room have been tested. */
export class Schedule {
  /** The room whose turn it is comes first. */
  readonly #queues: (Queue & { next: number })[];
  readonly total: number;
  readonly #end: number;

  /** @param seconds after which no further mutant is handed out */
  constructor(queues: readonly Queue[], seconds: number) {
    this.#end = performance.now() + seconds * 1000;
    this.#queues = queues.map((queue) => ({ ...queue, next: 0 }));
    this.total = queues.reduce((sum, { wanted }) => sum + wanted, 0);
  }

  take(): Task | undefined {
    const at = this.#queues.findIndex(({ wanted, next, mutants }) => wanted > 0 && next < mutants.length);
    const queue = this.#queues[at];
    const mutant = queue?.mutants[queue.next];
    if (queue === undefined || mutant === undefined || performance.now() > this.#end) return undefined;
    this.#queues.push(...this.#queues.splice(0, at + 1));
    queue.wanted -= 1;
    queue.next += 1;
    return { room: queue.room, mutant };
  }

  /** The mutant could not be tested: another takes its place. */
  replace({ room }: Task): void {
    const queue = this.#queues.find((one) => one.room === room);
    if (queue !== undefined) queue.wanted += 1;
  }
}
