import type { RawValues } from '../inputs/catalog.ts';
import type { CommandName } from './commands/declaration.ts';
import type { useProgram } from './commands/program.ts';
import { completionScript } from './completion/script.ts';
import { withExplicitBooleans } from './options/booleans.ts';
import { addOptions, rawValues } from './options/commander.ts';

/** A command with its arguments and the values of its options, as they were written. */
export interface CommandLine {
  command: CommandName;
  words: readonly string[];
  given: RawValues;
}

/** Help, version or completion: print `text` and exit with status 0. */
export interface Shown {
  command: 'show';
  text: string;
}

/**
 * Reads a command line, without the names of node and the script. What is needed to run a command is not loaded for
 * this: help and mistyped options are answered at once.
 * @param helpWidth columns of the terminal
 * @param use given, and not imported, so that what starts each run holds it
 * @throws VeritySignError 'usage'
 */
export function readCommandLine(
  args: readonly string[],
  helpWidth: number,
  use: typeof useProgram,
): CommandLine | Shown {
  let line: CommandLine | undefined;
  let script = '';
  const text = use(withExplicitBooleans(args), helpWidth, {
    // Only of commands that the line names: adding options takes most of the time.
    addOptions: (command, name) => {
      if (args.includes(name)) addOptions(command, name);
    },
    run: (command, words, options) => {
      line = { command, words, given: rawValues(command, options) };
    },
    complete: (shell, all) => {
      script = completionScript(shell, all);
    },
  });
  if (line !== undefined) return line;
  if (text + script === '') throw new Error('no command was run');
  return { command: 'show', text: text + script };
}
