/**
 * `npm run mutation`: changes one operator, condition, number or call at a time in a copy of the sources,
 * and lists the changes that no test notices.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { describeError } from '../../src/errors.ts';
import { Judge, nameOf, suitesFor } from './judge.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { type MutationOptions, parseOptions, USAGE } from './options.ts';
import { describeMutant, type Outcome } from './outcome.ts';
import { textReport, writeReport } from './report.ts';
import { partOf, ROOMS, type Room } from './rooms.ts';
import { inSeededOrder, sampleSizes } from './sample.ts';
import { type Queue, Schedule } from './schedule.ts';
import { compiles, type Suite } from './suites.ts';
import { copyTree, scratchFolder, type Tree, writeSource } from './tree.ts';

const ROOT = join(import.meta.dirname, '../..');

async function main(options: MutationOptions): Promise<void> {
  if (options.help) return console.log(USAGE);
  const rooms = ROOMS.filter(({ name }) => options.rooms.includes(name));
  const queues = queuesOf(rooms, options);
  if (options.list) return listSample(queues);
  // Other work on the machine goes first, also before the tests.
  setPriority(10);
  const folder = scratchFolder();
  const trees = Array.from({ length: options.jobs }, (_, job) => {
    const own = join(folder, String(job));
    mkdirSync(own);
    return copyTree(own);
  });
  const outcomes = await testAll(trees, rooms, queues);
  console.log(`\n${textReport(outcomes)}`);
  if (options.report !== undefined) writeReport(options.report, outcomes, options);
}

/** The mutants of each room, in the order of the seed. */
function queuesOf(rooms: readonly Room[], { seed, sample }: MutationOptions): Queue[] {
  const mutants = rooms.map((room) => inSeededOrder(mutantsIn(room), seed));
  const sizes = sampleSizes(
    mutants.map(({ length }) => length),
    sample,
  );
  return rooms.map(({ name }, index) => ({
    room: name,
    mutants: mutants[index] ?? [],
    wanted: sizes[index] ?? 0,
  }));
}

function mutantsIn(room: Room): Mutant[] {
  const files = room.parts.flatMap(({ source }) =>
    readdirSync(join(ROOT, source), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => `${source}/${path}`),
  );
  return [...new Set(files)].flatMap((file) => mutantsOf(file, readFileSync(join(ROOT, file), 'utf8')));
}

function listSample(queues: readonly Queue[]): void {
  for (const { room, mutants, wanted } of queues) {
    console.log(`${room}: ${wanted} of ${mutants.length}`);
    for (const mutant of mutants.slice(0, wanted)) console.log(`  ${describeMutant(mutant)}`);
  }
}

async function testAll(
  trees: readonly Tree[],
  rooms: readonly Room[],
  queues: readonly Queue[],
): Promise<Outcome[]> {
  const judge = new Judge();
  const schedule = new Schedule(queues);
  const suites = neededSuites(rooms, queues);
  console.log(`${schedule.total} mutants, ${suites.length} suites; first without a mutant`);
  await inTrees(trees, async (tree) => {
    const suite = suites.shift();
    if (suite === undefined) return false;
    const seconds = await judge.measure(tree, suite);
    const remark = judge.broken.has(nameOf(suite)) ? '   FAILS WITHOUT A MUTANT: NOT USED' : '';
    console.log(`${seconds.toFixed(0).padStart(4)} s  ${nameOf(suite)}${remark}`);
    return true;
  });
  const outcomes: Outcome[] = [];
  await inTrees(trees, async (tree) => {
    const task = schedule.take();
    const room = rooms.find(({ name }) => name === task?.room);
    if (task === undefined || room === undefined) return false;
    const { mutant } = task;
    const started = performance.now();
    writeSource(tree, mutant.file, mutant.source);
    const outcome = (await compiles(tree)) ? await judge.test(tree, room, mutant) : undefined;
    writeSource(tree, mutant.file, readFileSync(join(ROOT, mutant.file), 'utf8'));
    if (outcome === undefined) schedule.replace(task);
    else {
      outcomes.push(outcome);
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      const count = `[${outcomes.length}/${schedule.total}]`;
      console.log(`${count} ${outcome.fate} after ${seconds} s: ${describeMutant(mutant)}`);
    }
    return true;
  });
  return outcomes;
}

/** The suites of all files that may be mutated, each once. */
function neededSuites(rooms: readonly Room[], queues: readonly Queue[]): Suite[] {
  const suites = rooms.flatMap((room) => {
    const mutants = queues.find((queue) => queue.room === room.name)?.mutants ?? [];
    const parts = Map.groupBy(mutants, ({ file }) => partOf(room, file));
    return [...parts.values()].flatMap(([first]) => (first === undefined ? [] : suitesFor(room, first.file)));
  });
  return [...new Map(suites.map((suite) => [nameOf(suite), suite])).values()];
}

/** Calls `work` in each tree again and again until it returns false. */
async function inTrees(trees: readonly Tree[], work: (tree: Tree) => Promise<boolean>): Promise<void> {
  await Promise.all(
    trees.map(async (tree) => {
      while (await work(tree));
    }),
  );
}

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  const { line, status } = describeError(error);
  console.error(line);
  process.exitCode = status;
}
