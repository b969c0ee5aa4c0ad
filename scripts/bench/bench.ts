/**
 * `npm run bench` measures time, memory and disk of signing, beside the shell pipeline that a user would
 * write and parts of the work alone. See docs/performance.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeError } from '../../src/errors.ts';
import { makeDemoPki } from '../demo-pki.ts';
import { asRoot, failure, find } from '../tools/common.ts';
import { cases } from './cases/all.ts';
import type { Case } from './cases/case.ts';
import { LayerCache } from './data/layers.ts';
import { median } from './measure/statistics.ts';
import { type BenchOptions, isChosen, parseOptions, USAGE } from './options.ts';
import { overview } from './report/overview.ts';
import { markdownTable, textTable } from './report/table.ts';
import { tables } from './report/tables.ts';
import { type Report, writeDocs, writeReport } from './report/write.ts';
import { describeSetting, requireTools, type Setting } from './requirements.ts';
import { type Result, Results } from './results.ts';
import { runCase } from './rounds.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(root, '.cache/bench');

async function main(options: BenchOptions): Promise<void> {
  const all = cases(options.large);
  const named = all.filter(({ name }) => isChosen(name, options.only));
  const chosen = all.filter((one) => one.always === true || named.includes(one));
  if (options.help) return console.log(USAGE);
  if (options.list) return console.log(named.map(({ name }) => name).join('\n'));
  if (named.length === 0)
    throw failure(`--only ${options.only.join(' ')} matches no case`, 'See npm run bench -- --list');

  await requireTools();
  const possible = chosen.filter(isPossible);
  const setting = await describeSetting();
  warnOfLoad(setting);
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, 'run-'));
  const out = resolve(options.out ?? join(CACHE, 'last'));
  const results: Result[] = [];
  try {
    const world = {
      cache: new LayerCache(CACHE, options.seed),
      pki: await makeDemoPki(join(work, 'pki')),
    };
    for (const [at, one] of possible.entries()) {
      console.log(`${String(at + 1).padStart(2)}/${possible.length} ${one.name}`);
      const result = await runCase(one, world, options.rounds, work);
      results.push(result);
      console.log(`      ${medians(result)}`);
    }
  } catch (error) {
    if (results.length > 0) {
      await writeReport(out, makeReport(new Results(results), setting, options));
      console.error(`The report of the cases before is in ${out}`);
    }
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const report = makeReport(new Results(results), setting, options);
  await writeReport(out, report);
  const whole = all.every((one) => one.optional === true || possible.includes(one));
  if (options.out === undefined && whole) await writeDocs(join(root, 'docs'), report);
  else console.log('docs/ is unchanged.');
  console.log(`Report: ${out}`);
}

function isPossible({ name, needs = [], needsRoot = false, optional = false }: Case): boolean {
  const missing = needs.filter((program) => find(program) === undefined);
  if (needsRoot && !canBeRoot()) missing.push('the rights of root');
  if (missing.length === 0) return true;
  const remedy = optional ? 'See docs/performance.md' : 'Run npm run tools';
  console.log(`${name} is left out: this machine lacks ${missing.join(', ')}. ${remedy}`);
  return false;
}

function canBeRoot(): boolean {
  const [program = '', ...args] = asRoot(['true']);
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

function makeReport(results: Results, setting: Setting, { rounds, seed }: BenchOptions): Report {
  const cores = availableParallelism();
  const made = tables(results, setting, cores);
  console.log(`\n${made.map(textTable).join('\n\n')}\n`);
  const how =
    `Medians of ${rounds} rounds, in parentheses the least and the most. Starts have four times as many rounds, the layer ` +
    'of 4 GB at most two, a million entries one. Ratios are taken round by round. All contestants of a line ran in ' +
    'one run and took turns. All root hashes that were compared agreed.';
  const markdown = [how, ...made.map(markdownTable)].join('\n\n');
  return {
    markdown,
    chart: overview(results, setting, cores),
    raw: { rounds, seed, setting, results: results.all },
  };
}

function medians({ samples }: Result): string {
  return Object.entries(samples)
    .map(([name, own]) => `${name} ${median(own.map(({ seconds }) => seconds)).toFixed(3)} s`)
    .join(' · ');
}

function warnOfLoad(setting: Setting): void {
  const load = setting.find(([name]) => name === 'Load before the run')?.[1] ?? '0';
  if (Number(load) > 0.5) console.error(`The machine is not idle (load ${load}): times will scatter.`);
}

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  const { line, status } = describeError(error);
  console.error(line);
  process.exitCode = status;
}
