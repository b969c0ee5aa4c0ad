import { CommanderError } from 'commander';
import { VeritySignError } from '../../errors.ts';
import { TOOL } from '../../report/tool.ts';
import type { RawValues } from '../inputs/catalog.ts';
import type { CommandName } from './commands/declaration.ts';
import { MIN_HELP_WIDTH, program } from './commands/program.ts';
import { withExplicitBooleans } from './options/booleans.ts';
import { rawValues } from './options/commander.ts';

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
 * this: `--help` and mistyped options are answered at once.
 * @param helpWidth columns of the terminal
 * @throws VeritySignError 'usage'
 */
export function readCommandLine(args: readonly string[], helpWidth = MIN_HELP_WIDTH): CommandLine | Shown {
  let text = '';
  let line: CommandLine | undefined;
  const commands = program(args, helpWidth, {
    run: (command, words, options) => {
      line = { command, words, given: rawValues(command, options) };
    },
    show: (shown) => {
      text += shown;
    },
  });
  try {
    commands.parse(withExplicitBooleans(args), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) {
      const message = error.code === 'commander.help' ? 'no command is given' : error.message;
      throw new VeritySignError('usage', message.replace(/^error: /, '').replaceAll('\n', ' '), {
        remedy: `Run ${TOOL.name} --help for the commands and options`,
      });
    }
  }
  if (line !== undefined) return line;
  if (text === '') throw new Error('no command was run');
  return { command: 'show', text };
}
