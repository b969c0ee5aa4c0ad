/**
 * `npm run mutation`: changes one operator, condition, number or call at a time in a copy of the sources,
 * and lists the changes that no test notices.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { describeError } from '../../src/errors.ts';
import { Judge } from './judge.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { type MutationOptions, parseOptions, USAGE } from './options.ts';
import { describeMutant, type Outcome } from './outcome.ts';
import { survivorsIn, textReport, writeReport } from './report.ts';
import { ROOMS, type Room } from './rooms.ts';
import { inSeededOrder, type Queue, Schedule, sampleSizes } from './sample.ts';
import { compiles } from './suites.ts';
import { copyTree, scratchFolder, type Tree, writeMutant, writeOriginal } from './tree.ts';

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
  const outcomes = await testAll(trees, rooms, queues, options.minutes);
  console.log(`\n${textReport(outcomes)}`);
  if (options.report !== undefined) writeReport(options.report, outcomes, options);
}

/** The mutants of each room, in the order of the seed. */
function queuesOf(rooms: readonly Room[], { seed, sample, again }: MutationOptions): Queue[] {
  const isChosen = again === undefined ? () => true : survivorsIn(again);
  const mutants = rooms.map((room) => inSeededOrder(mutantsIn(room).filter(isChosen), seed));
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
  minutes: number,
): Promise<Outcome[]> {
  const judge = new Judge();
  const schedule = new Schedule(queues, minutes * 60);
  const outcomes: Outcome[] = [];
  await inTrees(trees, async (tree) => {
    const task = schedule.take();
    const room = rooms.find(({ name }) => name === task?.room);
    if (task === undefined || room === undefined) return false;
    const { mutant } = task;
    const started = performance.now();
    writeMutant(tree, mutant);
    const outcome = (await compiles(tree)) ? await judge.test(tree, room, mutant) : undefined;
    writeOriginal(tree, mutant);
    if (outcome === undefined) schedule.replace(task);
    else {
      outcomes.push(outcome);
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      const count = `[${outcomes.length}/${schedule.total}]`;
      console.log(`${count} ${outcome.fate} after ${seconds} s: ${describeMutant(mutant)}`);
    }
    return true;
  });
  for (const name of judge.broken) console.log(`NOT USED, since it fails without a mutant: ${name}`);
  if (outcomes.length < schedule.total) console.log(`${outcomes.length} of ${schedule.total} were tested`);
  return outcomes;
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
