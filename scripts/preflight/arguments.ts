import { parseArgs } from 'node:util';
import { VeritySignError } from '../../src/errors.ts';

/** What a script takes. */
export interface Taken {
  /** How it is run: the remedy of each error. */
  usage: string;
  /** Names of its options, which have no values. */
  flags?: readonly string[];
  /** Whether it takes a folder. */
  folder?: boolean;
}

/**
 * Flags and folder of a command line.
 * @throws VeritySignError 'usage' for anything else: a build takes minutes
 */
export function readArguments(
  args: readonly string[],
  { usage, flags = [], folder = false }: Taken,
): { flags: ReadonlySet<string>; folder: string | undefined } {
  try {
    const options = Object.fromEntries(flags.map((name) => [name, { type: 'boolean' } as const]));
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: folder });
    if (positionals.length > 1) throw new RangeError(`${positionals.length} folders are given`);
    return { flags: new Set(Object.keys(values)), folder: positionals[0] };
  } catch (cause) {
    throw new VeritySignError('usage', (cause as Error).message, { remedy: usage, cause });
  }
}
