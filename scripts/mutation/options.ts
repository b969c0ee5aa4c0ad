import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { failure } from '../tools/common.ts';
import { ROOMS } from './rooms.ts';

export interface MutationOptions {
  seed: number;
  /** Number of mutants of all rooms together. */
  sample: number;
  /** Names of the rooms. */
  rooms: readonly string[];
  jobs: number;
  /** Minutes after which no further mutant is tested. */
  minutes: number;
  /** Path of the report, `.json` or Markdown. */
  report: string | undefined;
  /** Path of an earlier report in JSON, of which only the survivors are tested. */
  again: string | undefined;
  list: boolean;
  help: boolean;
}

export const USAGE = `npm run mutation -- [options]

  --seed N        chooses the mutants (default 1)
  --sample N      number of mutants, the same for each room (default 120)
  --room NAME     only this room (may be repeated): ${ROOMS.map(({ name }) => name).join(', ')}
  --jobs N        mutants tested at the same time (default: the number of cores)
  --minutes N     test no further mutant after so many minutes (default 55)
  --report FILE   write the result there: JSON if it ends in .json, else Markdown
  --again FILE    test only the survivors of an earlier report in JSON
  --list          print the sample without testing it`;

const OPTIONS = {
  seed: { type: 'string', default: '1' },
  sample: { type: 'string', default: '120' },
  room: { type: 'string', multiple: true, default: [] as string[] },
  jobs: { type: 'string', default: String(availableParallelism()) },
  minutes: { type: 'string', default: '55' },
  report: { type: 'string' },
  again: { type: 'string' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Error (`environment`): an unknown option or room, or an invalid number. */
export function parseOptions(args: readonly string[]): MutationOptions {
  const { room, report, again, list, help, ...numbers } = parsed(args);
  const known = ROOMS.map(({ name }) => name);
  const unknown = room.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw failure(`--room ${unknown} is not a room`, `Use one of ${known.join(', ')}`);
  return {
    seed: count('seed', numbers.seed),
    sample: count('sample', numbers.sample),
    jobs: count('jobs', numbers.jobs),
    minutes: count('minutes', numbers.minutes),
    rooms: room.length === 0 ? known : room,
    report,
    again,
    list,
    help,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw failure(error instanceof Error ? error.message : String(error), 'See npm run mutation -- --help');
  }
}

function count(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw failure(`--${name} ${text} is not a number from 1 to 999999`, `Correct --${name}`);
}
