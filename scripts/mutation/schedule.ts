import type { Mutant } from './mutants.ts';

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
  readonly #queues: (Queue & { next: number })[];
  readonly total: number;

  constructor(queues: readonly Queue[]) {
    this.#queues = queues.map((queue) => ({ ...queue, next: 0 }));
    this.total = queues.reduce((sum, { wanted }) => sum + wanted, 0);
  }

  take(): Task | undefined {
    const queue = this.#queues.find(({ wanted, next, mutants }) => wanted > 0 && next < mutants.length);
    const mutant = queue?.mutants[queue.next];
    if (queue === undefined || mutant === undefined) return undefined;
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
