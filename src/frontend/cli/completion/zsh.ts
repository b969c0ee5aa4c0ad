import { SHELLS } from './shells.ts';
import { type CommandWords, type OptionWords, PREFIXES } from './words.ts';

/** A script for a folder in zsh's `fpath`, or to be sourced after `compinit`. */
export function zshScript(program: string, commands: readonly CommandWords[]): string {
  const name = `_${program}`;
  const list = commands.map((command) => `        ${quote(`${command.name}:${command.description}`)}`);
  return `#compdef ${program}
# Completion of ${program} for zsh. Written by: ${program} completion zsh
${name}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C \\
    '(- *)'{-h,--help}'[Print help]' \\
    '(- *)'{-V,--version}'[Print the version]' \\
    '1: :->command' \\
    '*:: :->arguments'
  case $state in
    command)
      local -a commands=(
${list.join('\n')}
      )
      _describe command commands ;;
    arguments)
      case $line[1] in
${commands.map((command) => commandCase(command, commands)).join('\n')}
      esac ;;
  esac
}
${name}_images() { compadd -S '' -- ${PREFIXES.map(quote).join(' ')} }
${name}_sources() { ${name}_images; _files }

# In fpath, this file is the body of the function.
if [[ $funcstack[1] == ${name} ]]; then ${name} "$@"; else compdef ${name} ${program}; fi
`;

  function commandCase({ name: command, options, argument }: CommandWords, all: readonly CommandWords[]) {
    const specs = [...options.map(optionSpec), ...argumentSpec(argument, all)];
    return `        ${command})\n          _arguments \\\n${specs.map((spec) => `            ${quote(spec)}`).join(' \\\n')} ;;`;
  }

  function argumentSpec(argument: CommandWords['argument'], all: readonly CommandWords[]): string[] {
    if (argument === 'none') return [];
    if (argument === 'shell') return [`1:shell:(${SHELLS.join(' ')})`];
    if (argument === 'command') return [`1:command:(${all.map((command) => command.name).join(' ')})`];
    if (argument === 'file') return ['*:file:_files'];
    return [`*:${argument}:${name}_${argument}s`];
  }
}

function optionSpec(option: OptionWords): string {
  const { name, value, placeholder } = option;
  const description = option.description.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);
  if (name === 'help') return `--help[${description}]`;
  // A boolean has its value in the same word, or none; any other option in this word or the next.
  if (value === 'boolean') return `--${name}=-[${description}]::${placeholder}:(true false)`;
  return `*--${name}=[${description}]:${placeholder}:${valueAction(option)}`;
}

function valueAction({ value, choices }: OptionWords): string {
  if (value === 'file') return '_files';
  if (value === 'folder') return '_files -/';
  return choices.length === 0 ? ' ' : `(${choices.join(' ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
