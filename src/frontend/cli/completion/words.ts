/** What can be completed, from the commands and the catalogue of inputs: the same for every shell. */
import type { Command } from 'commander';
import { type InputSpec, inputsOf, type Surface } from '../../inputs/catalog.ts';

export interface CommandWords {
  name: string;
  description: string;
  options: OptionWords[];
  argument: 'image' | 'source' | 'shell' | 'command' | 'file' | 'none';
}

export interface OptionWords {
  /** Without `--`. */
  name: string;
  /** One line. */
  description: string;
  /** What its value is; a boolean may have one in the same word only. */
  value: 'boolean' | 'choice' | 'file' | 'folder' | 'other';
  choices: readonly string[];
  placeholder: string;
}

/** How an image may begin. */
export const PREFIXES = ['docker://', 'oci:', 'oci-archive:', 'docker-daemon:'] as const;

/** Every command, in the order of the help. */
export function commandWords(program: Command): CommandWords[] {
  const commands = program.commands.map(
    (command): CommandWords => ({
      name: command.name(),
      description: brief(command.description()),
      options: [...inputsOf(command.name() as Surface).map(optionWords), HELP],
      argument: argumentOf(command),
    }),
  );
  return [
    ...commands,
    { name: 'help', description: 'Print the help of a command', options: [], argument: 'command' },
  ];
}

const HELP: OptionWords = {
  name: 'help',
  description: 'Print the help of this command',
  value: 'boolean',
  choices: [],
  placeholder: '',
};

function argumentOf(command: Command): CommandWords['argument'] {
  const name = command.registeredArguments[0]?.name();
  if (name === undefined) return 'none';
  return name === 'image' || name === 'source' || name === 'shell' ? name : 'file';
}

function optionWords({ name, description, value, choices = [] }: InputSpec): OptionWords {
  return {
    name,
    description: brief(description),
    value: kindOf(value, choices),
    choices: value === undefined ? ['true', 'false'] : choices,
    placeholder: value ?? 'BOOL',
  };
}

function kindOf(value: string | undefined, choices: readonly string[]): OptionWords['value'] {
  if (value === undefined) return 'boolean';
  if (choices.length > 0) return 'choice';
  if (value === 'FILE' || value === 'KEY' || value === 'REF') return 'file';
  return value === 'DIR' ? 'folder' : 'other';
}

/** Characters. */
const LONGEST = 70;

/** The beginning of a description, up to its first full stop, colon or semicolon. */
function brief(description: string): string {
  const [start = ''] = description.split(/[.:;](?: |$)/, 1);
  return start.length <= LONGEST ? start : `${start.slice(0, LONGEST).replace(/ \S*$/, '')} …`;
}
