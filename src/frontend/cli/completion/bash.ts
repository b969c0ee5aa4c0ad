import { SHELLS } from './shells.ts';
import { type CommandWords, type OptionWords, PREFIXES } from './words.ts';

/** A script for bash 4.4 or later, which needs no other package. */
export function bashScript(program: string, commands: readonly CommandWords[]): string {
  const name = `_${program.replaceAll('-', '_')}`;
  const names = commands.map((command) => command.name).join(' ');
  return `# Completion of ${program} for bash. Written by: ${program} completion bash
${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} option='' command='' before='' index
  COMPREPLY=()
  # bash splits words at = and :, which belong to options and images.
  case $cur in
    =) option=\${COMP_WORDS[COMP_CWORD - 1]} cur='' ;;
    :) before=\${COMP_WORDS[COMP_CWORD - 1]} cur='' ;;
    *)
      case \${COMP_WORDS[COMP_CWORD - 1]} in
        =) option=\${COMP_WORDS[COMP_CWORD - 2]} ;;
        :) before=\${COMP_WORDS[COMP_CWORD - 2]} ;;
        # Its value is in the next word, so it is no boolean.
        --*) option="\${COMP_WORDS[COMP_CWORD - 1]} next" ;;
      esac ;;
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ \${COMP_WORDS[index]} != -* ]]; then
      command=\${COMP_WORDS[index]}
      break
    fi
  done

  case "$command $option" in
${commands.flatMap(({ name: command, options }) => options.map((option) => valueCase(command, option))).join('\n')}
  esac
  case $before in
    oci) ${name}_files -d "$cur"; return ;;
    oci-archive) ${name}_files -f "$cur"; return ;;
    ?*) return ;;
  esac
  case $command in
    '') ${name}_words "${names} --help --version" "$cur" ;;
${commands.map((command) => commandCase(command, names)).join('\n')}
  esac
}

${name}_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2"); }

${name}_files() {
  mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen "$1" -- "$2")
  compopt -o filenames 2> /dev/null
}

complete -F ${name} ${program}
`;

  function valueCase(command: string, option: OptionWords): string {
    const word = `"${command} --${option.name}"`;
    const words = option.value === 'boolean' ? word : `${word} | "${command} --${option.name} next"`;
    return `    ${words}) ${valueAction(option)}return ;;`;
  }

  function valueAction({ value, choices }: OptionWords): string {
    if (value === 'file') return `${name}_files -f "$cur"; `;
    if (value === 'folder') return `${name}_files -d "$cur"; `;
    return choices.length === 0 ? '' : `${name}_words "${choices.join(' ')}" "$cur"; `;
  }

  function commandCase({ name: command, options, argument }: CommandWords, all: string): string {
    const words = options.map((option) => `--${option.name}`).join(' ');
    return [
      `    ${command})`,
      '      case $cur in',
      `        -*) ${name}_words "${words}" "$cur" ;;`,
      `        *) ${argumentAction(argument, all)} ;;`,
      '      esac ;;',
    ].join('\n');
  }

  function argumentAction(argument: CommandWords['argument'], all: string): string {
    if (argument === 'shell') return `${name}_words "${SHELLS.join(' ')}" "$cur"`;
    if (argument === 'command') return `${name}_words "${all}" "$cur"`;
    if (argument === 'file') return `${name}_files -f "$cur"`;
    if (argument === 'none') return ':';
    const images = `${name}_words "${PREFIXES.join(' ')}" "$cur"; compopt -o nospace 2> /dev/null`;
    return argument === 'source' ? `${images}; ${name}_files -f "$cur"` : images;
  }
}
