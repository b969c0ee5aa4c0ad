import { parseArgs } from 'node:util';
import { failure } from '../tools/common.ts';

export interface BenchOptions {
  /** Parts between slashes of the names of cases; empty for all. */
  only: string[];
  rounds: number;
  /** Include the layer of 4 GB. */
  large: boolean;
  /** Folder of the results. Without it, the results of a whole run go into docs/. */
  out: string | undefined;
  seed: number;
  list: boolean;
  help: boolean;
}

export const USAGE = `npm run bench -- [options]

  --only NAME   cases that have NAME, such as mixed-8, tree or zstd/containerd (may be repeated)
  --rounds N    counted rounds of each case (default 5)
  --large       with the layer of 4 GB: needs 12 GB of disk
  --out DIR     write performance.md, performance.svg and results.json there and leave docs/ alone
  --seed N      other data of the same kind (default 1)
  --list        names of the cases`;

const OPTIONS = {
  only: { type: 'string', multiple: true, default: [] as string[] },
  rounds: { type: 'string', default: '5' },
  large: { type: 'boolean', default: false },
  out: { type: 'string' },
  seed: { type: 'string', default: '1' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Error (`environment`): an unknown option or an invalid number. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parsed(args);
  const { only, large, out, list, help } = values;
  return {
    only,
    large,
    out,
    list,
    help,
    rounds: count('rounds', values.rounds),
    seed: count('seed', values.seed),
  };
}

/** Whether a case is selected: `zstd/containerd` does not select `zstd/containerd-cache`. */
export function isChosen(name: string, only: readonly string[]): boolean {
  return only.length === 0 || only.some((part) => `/${name}/`.includes(`/${part}/`));
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) {
    throw failure(`--${name} ${text} is not a number from 1 to 999999`, `Correct --${name}`);
  }
  return Number(text);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS });
  } catch (error) {
    throw failure((error as Error).message, 'See npm run bench -- --help', error);
  }
}
