import type { Mutant } from './mutants.ts';
import type { Outcome } from './outcome.ts';
import { partOf, type Room } from './rooms.ts';
import { type Result, runSuite, type Suite } from './suites.ts';
import { type Tree, writeMutant, writeOriginal } from './tree.ts';

/** Seconds that a run may take beyond four times what it takes without a mutant. */
const GRACE = 60;
/** Time limit in seconds while a suite's duration is not known. */
const UNKNOWN_LIMIT = 900;
/** The duration in seconds that is assumed until then. */
const ASSUMED = 30;

export const nameOf = ({ paths }: Suite): string => paths.join(' ');

/** Runs the tests of a mutant, those first that take least for each mutant that they noticed before. */
export class Judge {
  /** Suites that have passed, with or without a mutant, and the seconds that it took. */
  readonly #durations = new Map<string, number>();
  readonly #noticed = new Map<string, number>();
  /** Suites that fail without a mutant. */
  readonly broken = new Set<string>();

  /** Tests a mutant that the tree holds. */
  async test(tree: Tree, room: Room, mutant: Mutant): Promise<Outcome> {
    const suites = suitesFor(room, mutant.file);
    const asked: string[] = [];
    for (const suite of suites.toSorted((a, b) => this.#rank(a) - this.#rank(b))) {
      const name = nameOf(suite);
      if (this.broken.has(name)) continue;
      const result = await this.#run(tree, suite);
      const noticed = result !== 'passed' && (await this.#isSound(tree, suite, mutant));
      if (noticed) {
        this.#noticed.set(name, (this.#noticed.get(name) ?? 0) + 1);
        return { room: room.name, mutant, fate: result === 'failed' ? 'killed' : 'timeout', by: [name] };
      }
      if (result === 'passed') asked.push(name);
    }
    return { room: room.name, mutant, fate: 'survived', by: asked };
  }

  /** Whether a suite that failed passes without the mutant. It is asked once. */
  async #isSound(tree: Tree, suite: Suite, mutant: Mutant): Promise<boolean> {
    const name = nameOf(suite);
    if (this.#durations.has(name)) return true;
    if (this.broken.has(name)) return false;
    writeOriginal(tree, mutant);
    const result = await this.#run(tree, suite);
    writeMutant(tree, mutant);
    if (result !== 'passed') this.broken.add(name);
    return result === 'passed';
  }

  async #run(tree: Tree, suite: Suite): Promise<Result> {
    const name = nameOf(suite);
    const known = this.#durations.get(name);
    const started = performance.now();
    const result = await runSuite(tree, suite, known === undefined ? UNKNOWN_LIMIT : 4 * known + GRACE);
    if (result === 'passed') this.#durations.set(name, (performance.now() - started) / 1000);
    return result;
  }

  #rank(suite: Suite): number {
    const name = nameOf(suite);
    return (this.#durations.get(name) ?? ASSUMED) / (1 + (this.#noticed.get(name) ?? 0));
  }
}

/** The suites of a room's file: its unit tests, and each other one alone. */
export function suitesFor(room: Room, file: string): Suite[] {
  const { suites = [], except } = partOf(room, file) ?? {};
  const unit = room.unit.length === 0 ? [] : [{ paths: room.unit }];
  return [...unit, ...suites.map((path) => ({ paths: [path], except }))];
}
