import { type Limit, limitRows } from '../limits.ts';
import type { Setting } from '../requirements.ts';
import type { Results } from '../results.ts';
import { caches, commands, entries, hashing, notation, registries, starts, trees } from './commands.ts';
import { floors, signing, spaces } from './signing.ts';
import type { Table } from './table.ts';

/** All tables of a run, without those that have no rows. */
export function tables(results: Results, setting: Setting, cores: number): Table[] {
  return [
    limits(limitRows(results, cores)),
    signing(results, cores),
    caches(results),
    commands(results, cores),
    registries(results),
    notation(results),
    entries(results),
    spaces(results, cores),
    floors(results, cores),
    hashing(results),
    trees(results),
    starts(results),
    { title: 'Machine and versions', head: ['What', 'Value'], rows: setting },
  ].filter(({ rows }) => rows.length > 0);
}

function limits(rows: readonly Limit[]): Table {
  return {
    title: 'Limits',
    head: ['What', 'Limit', 'Measured', 'Met'],
    rows: rows.map(({ what, limit, measured, met }) => [
      what,
      limit,
      measured,
      met === undefined ? '–' : met ? 'yes' : '**no**',
    ]),
  };
}
