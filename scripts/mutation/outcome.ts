import type { Mutant } from './mutants.ts';

/** What became of a mutant: `survived` if no test noticed it. */
export type Fate = 'killed' | 'timeout' | 'survived';

export interface Outcome {
  room: string;
  mutant: Mutant;
  fate: Fate;
  /** The tests that noticed it, or all that did not. */
  by: readonly string[];
}

/** One line: the change at its place. */
export function describeMutant({ file, line, kind, before, after, context }: Mutant): string {
  const change = `${short(before)} → ${after === ';' ? 'nothing' : short(after)}`;
  return `${file}:${line} (${kind}) ${change}${before === context ? '' : `   in   ${short(context)}`}`;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}

export interface Score {
  room: string;
  tested: number;
  noticed: number;
}

/** The scores of the rooms, and last that of all. */
export function scoresOf(outcomes: readonly Outcome[]): Score[] {
  const rooms = [...new Set(outcomes.map(({ room }) => room))];
  const scoreOf = (room: string, own: readonly Outcome[]): Score => ({
    room,
    tested: own.length,
    noticed: own.filter(({ fate }) => fate !== 'survived').length,
  });
  return [
    ...rooms.map((room) =>
      scoreOf(
        room,
        outcomes.filter((one) => one.room === room),
      ),
    ),
    scoreOf('all', outcomes),
  ];
}

export const percent = ({ tested, noticed }: Score): string =>
  tested === 0 ? '–' : `${((100 * noticed) / tested).toFixed(0)} %`;
