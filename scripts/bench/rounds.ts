import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../../src/errors.ts';
import { failure } from '../tools/common.ts';
import type { Case, World } from './cases/case.ts';
import { measure, type Sample } from './measure/run.ts';
import type { Contestant, Outcome } from './peers/contestant.ts';
import type { Result } from './results.ts';

/**
 * Runs a case. The contestants take turns, each round begins with the next one, and each run has a new
 * folder. A first round fills caches and is not counted.
 * Error (`environment`): a contestant failed, or two have different root hashes.
 */
export async function runCase(
  one: Case,
  world: Omit<World, 'defer'>,
  rounds: number,
  folder: string,
): Promise<Result> {
  const deferred: (() => Promise<void>)[] = [];
  const defer = (work: () => Promise<void>): void => void deferred.unshift(work);
  try {
    return await runRounds(one, { ...world, defer }, one.rounds?.(rounds) ?? rounds, folder);
  } finally {
    // One that fails must hide neither the error of the case nor the others.
    for (const work of deferred) await work().catch((error) => console.error(describeError(error).line));
    await rm(join(folder, 'case'), { recursive: true, force: true });
  }
}

async function runRounds(one: Case, world: World, rounds: number, folder: string): Promise<Result> {
  const layers = (await one.sizes?.(world)) ?? [];
  const contestants = await one.contestants(world, join(folder, 'case'));
  const samples: Record<string, Sample[]> = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  const outcomes = new Map<string, Outcome>();
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const contestant = contestants[(turn + round + 1) % contestants.length] as Contestant;
      const { sample, outcome } = await runOnce(contestant, join(folder, 'round'));
      if (outcome !== undefined) outcomes.set(contestant.name, outcome);
      if (round >= 0) samples[contestant.name]?.push(sample);
    }
    checkRootHashes(one.name, outcomes);
  }
  const reporting = [...outcomes.values()].find((outcome) => outcome.erofsSizes !== undefined);
  return { name: one.name, samples, layers, erofsSizes: reporting?.erofsSizes ?? [] };
}

async function runOnce(
  contestant: Contestant,
  folder: string,
): Promise<{ sample: Sample; outcome: Outcome | undefined }> {
  await mkdir(folder, { recursive: true });
  try {
    const sample = await measure(await contestant.prepare(folder));
    return { sample, outcome: await contestant.outcome?.(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Error (`environment`): two contestants have different root hashes. */
export function checkRootHashes(where: string, outcomes: ReadonlyMap<string, Outcome>): void {
  const text = ({ rootHashes }: Outcome): string => JSON.stringify(Object.entries(rootHashes).sort());
  const [first, ...others] = outcomes;
  for (const [name, outcome] of others) {
    if (first !== undefined && text(outcome) !== text(first[1])) {
      throw failure(
        `${where}: ${name} and ${first[0]} have different root hashes`,
        'Find out which is wrong',
      );
    }
  }
}
