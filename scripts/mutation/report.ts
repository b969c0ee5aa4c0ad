import { readFileSync, writeFileSync } from 'node:fs';
import type { Mutant } from './mutants.ts';
import type { MutationOptions } from './options.ts';
import { describeMutant, type Outcome, percent, scoresOf } from './outcome.ts';

/** Scores and survivors as text for a terminal. */
export function textReport(outcomes: readonly Outcome[]): string {
  const rows = scoresOf(outcomes).map(
    (score) =>
      `${score.room.padEnd(8)} ${`${score.noticed}/${score.tested}`.padStart(9)} ${percent(score).padStart(6)}`,
  );
  const survivors = survivorsOf(outcomes).map(({ mutant }) => describeMutant(mutant));
  return [...rows, '', `${survivors.length} survived`, ...survivors].join('\n');
}

/** Writes the report as JSON or Markdown, by the name of the file. */
export function writeReport(path: string, outcomes: readonly Outcome[], options: MutationOptions): void {
  const { seed, sample, rooms } = options;
  const json = { seed, sample, rooms, scores: scoresOf(outcomes), outcomes: outcomes.map(plain) };
  const text = path.endsWith('.json') ? JSON.stringify(json, undefined, 2) : markdown(outcomes, options);
  writeFileSync(path, `${text}\n`);
}

function plain({
  room,
  mutant: { source: _source, original: _original, ...mutant },
  fate,
  by,
}: Outcome): object {
  return { room, ...mutant, fate, by };
}

function markdown(outcomes: readonly Outcome[], { seed, sample }: MutationOptions): string {
  const scores = scoresOf(outcomes).map(
    (score) => `| ${score.room} | ${score.tested} | ${score.noticed} | ${percent(score)} |`,
  );
  const survivors = survivorsOf(outcomes).map(
    ({ mutant }) => `- \`${describeMutant(mutant).replaceAll('`', "'")}\``,
  );
  return [
    `Mutants by \`npm run mutation -- --seed ${seed} --sample ${sample}\`.`,
    ['| Room | Mutants | Noticed | Score |', '| --- | ---: | ---: | ---: |', ...scores].join('\n'),
    survivors.length === 0 ? 'None survived.' : `Survivors:\n\n${survivors.join('\n')}`,
  ].join('\n\n');
}

function survivorsOf(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes
    .filter(({ fate }) => fate === 'survived')
    .sort((a, b) => a.mutant.file.localeCompare(b.mutant.file) || a.mutant.line - b.mutant.line);
}

/** Whether a mutant survived in an earlier report in JSON; lines may have moved since. */
export function survivorsIn(path: string): (mutant: Mutant) => boolean {
  const { outcomes } = JSON.parse(readFileSync(path, 'utf8')) as { outcomes: (Mutant & { fate: string })[] };
  const survived = new Set(outcomes.filter(({ fate }) => fate === 'survived').map(identityOf));
  return (mutant) => survived.has(identityOf(mutant));
}

function identityOf({ file, column, kind, before, after, context }: Mutant): string {
  return JSON.stringify([file, column, kind, before, after, context]);
}
