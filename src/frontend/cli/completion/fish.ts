import { SHELLS } from './shells.ts';
import { type CommandWords, type OptionWords, PREFIXES } from './words.ts';

/** A script for fish 3 or later. */
export function fishScript(program: string, commands: readonly CommandWords[]): string {
  return `# Completion of ${program} for fish. Written by: ${program} completion fish
complete -c ${program} -f
complete -c ${program} -n __fish_use_subcommand -s V -l version -d 'Print the version'
complete -c ${program} -s h -l help -d 'Print help'
${commands.flatMap((command) => commandLines(program, command, commands)).join('\n')}
`;
}

function commandLines(
  program: string,
  { name, description, options, argument }: CommandWords,
  all: readonly CommandWords[],
): string[] {
  const start = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
    ...options.filter((option) => option.name !== 'help').map((option) => `${start} ${optionWords(option)}`),
    ...argumentWords(argument, all).map((words) => `${start} ${words}`),
  ];
}

function optionWords({ name, description, value, choices }: OptionWords): string {
  const start = `-l ${name} -d ${quote(description)}`;
  if (value === 'boolean') return start;
  if (value === 'file') return `${start} -r -F`;
  if (value === 'folder') return `${start} -x -a '(__fish_complete_directories)'`;
  return choices.length === 0 ? `${start} -x` : `${start} -x -a ${quote(choices.join(' '))}`;
}

function argumentWords(argument: CommandWords['argument'], all: readonly CommandWords[]): string[] {
  if (argument === 'none') return [];
  if (argument === 'shell') return [`-a ${quote(SHELLS.join(' '))}`];
  if (argument === 'command') return [`-a ${quote(all.map((command) => command.name).join(' '))}`];
  if (argument === 'file') return ['-F'];
  const images = `-a ${quote(PREFIXES.join(' '))}`;
  return argument === 'source' ? [images, '-F'] : [images];
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`;
}
