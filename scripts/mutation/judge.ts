import type { Mutant } from './mutants.ts';
import type { Outcome } from './outcome.ts';
import { partOf, type Room } from './rooms.ts';
import { runSuite, type Suite } from './suites.ts';
import type { Tree } from './tree.ts';

/** Seconds that a run may take beyond three times what it takes without a mutant. */
const GRACE = 30;
/** Seconds for the first run of a suite, whose duration is not known. */
const FIRST = 900;

export const nameOf = ({ paths }: Suite): string => paths.join(' ');

/** Runs the tests of a mutant, those first that take least for each mutant that they noticed before. */
export class Judge {
  /** Seconds of each suite without a mutant. */
  readonly #durations = new Map<string, number>();
  readonly #noticed = new Map<string, number>();
  /** Suites that fail without a mutant. */
  readonly broken = new Set<string>();

  /** Runs a suite without a mutant. */
  async measure(tree: Tree, suite: Suite): Promise<number> {
    const started = performance.now();
    const result = await runSuite(tree, suite, FIRST);
    const seconds = (performance.now() - started) / 1000;
    this.#durations.set(nameOf(suite), seconds);
    if (result !== 'passed') this.broken.add(nameOf(suite));
    return seconds;
  }

  /** Tests the mutant that the tree holds. */
  async test(tree: Tree, room: Room, mutant: Mutant): Promise<Outcome> {
    const suites = suitesFor(room, mutant.file).filter((suite) => !this.broken.has(nameOf(suite)));
    const ranked = suites.toSorted((a, b) => this.#rank(a) - this.#rank(b));
    for (const suite of ranked) {
      const name = nameOf(suite);
      const result = await runSuite(tree, suite, 3 * (this.#durations.get(name) ?? FIRST) + GRACE);
      if (result === 'passed') continue;
      this.#noticed.set(name, (this.#noticed.get(name) ?? 0) + 1);
      return { room: room.name, mutant, fate: result === 'failed' ? 'killed' : 'timeout', by: [name] };
    }
    return { room: room.name, mutant, fate: 'survived', by: suites.map(nameOf) };
  }

  #rank(suite: Suite): number {
    const name = nameOf(suite);
    return (this.#durations.get(name) ?? FIRST) / (1 + (this.#noticed.get(name) ?? 0));
  }
}

/** The suites of a room's file: its unit tests, and each other one alone. */
export function suitesFor(room: Room, file: string): Suite[] {
  const { suites = [], except } = partOf(room, file) ?? {};
  const unit = room.unit.length === 0 ? [] : [{ paths: room.unit }];
  return [...unit, ...suites.map((path) => ({ paths: [path], except }))];
}
