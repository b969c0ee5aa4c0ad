import { parseArgs } from 'node:util';
import { VeritySignError } from '../../src/errors.ts';

/** What a script takes. */
export interface Taken {
  /** How it is run: the remedy of each error. */
  usage: string;
  /** Names of its options without values. */
  flags?: readonly string[];
  /** Names of its options with a value → the values that each may have. */
  choices?: Readonly<Record<string, readonly string[]>>;
  /** Whether it takes a folder. */
  folder?: boolean;
}

export interface Given {
  flags: ReadonlySet<string>;
  /** Values by the names of options. */
  chosen: Readonly<Record<string, string | undefined>>;
  folder: string | undefined;
}

/**
 * Options and folder of a command line.
 * @throws VeritySignError 'usage' for anything else: a build takes minutes
 */
export function readArguments(
  args: readonly string[],
  { usage, flags = [], choices = {}, folder = false }: Taken,
): Given {
  const all = [
    ...flags.map((name) => [name, { type: 'boolean' }] as const),
    ...Object.keys(choices).map((name) => [name, { type: 'string' }] as const),
  ];
  try {
    const options = Object.fromEntries(all);
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: folder });
    if (positionals.length > 1) throw new RangeError(`${positionals.length} folders are given`);
    const chosen: Record<string, string> = {};
    for (const [name, value] of Object.entries(values)) {
      if (typeof value !== 'string') continue;
      if (!choices[name]?.includes(value)) throw new RangeError(`--${name} ${value} is not known`);
      chosen[name] = value;
    }
    const set = Object.entries(values).flatMap(([name, value]) => (value === true ? [name] : []));
    return { flags: new Set(set), chosen, folder: positionals[0] };
  } catch (cause) {
    throw new VeritySignError('usage', (cause as Error).message, { remedy: usage, cause });
  }
}
