import {
  GROUPS,
  camelCase,
  emptyValue,
  inputGroups,
  inputsOf,
  withExplicitBooleans
} from "./shared.inputs.js";
import {
  SHELLS
} from "./shared.start.js";

// src/frontend/cli/completion/words.ts
var PREFIXES = ["docker://", "oci:", "oci-archive:", "docker-daemon:"];
function commandWords(program) {
  const commands = program.commands.map(
    (command) => ({
      name: command.name(),
      description: brief(command.description()),
      options: [...inputsOf(command.name()).map(optionWords), HELP],
      argument: argumentOf(command)
    })
  );
  return [
    ...commands,
    { name: "help", description: "Print the help of a command", options: [], argument: "command" }
  ];
}
var HELP = {
  name: "help",
  description: "Print the help of this command",
  value: "boolean",
  choices: [],
  placeholder: ""
};
function argumentOf(command) {
  const name = command.registeredArguments[0]?.name();
  if (name === void 0) return "none";
  return name === "image" || name === "source" || name === "shell" ? name : "file";
}
function optionWords({ name, description, value, choices = [] }) {
  return {
    name,
    description: brief(description),
    value: kindOf(value, choices),
    choices: value === void 0 ? ["true", "false"] : choices,
    placeholder: value ?? "BOOL"
  };
}
function kindOf(value, choices) {
  if (value === void 0) return "boolean";
  if (choices.length > 0) return "choice";
  if (value === "FILE" || value === "KEY" || value === "REF") return "file";
  return value === "DIR" ? "folder" : "other";
}
var LONGEST = 70;
function brief(description) {
  const [start = ""] = description.split(/[.:;](?: |$)/, 1);
  return start.length <= LONGEST ? start : `${start.slice(0, LONGEST).replace(/ \S*$/, "")} …`;
}

// src/frontend/cli/completion/bash.ts
function bashScript(program, commands) {
  const name = `_${program.replaceAll("-", "_")}`;
  const names = commands.map((command) => command.name).join(" ");
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
${commands.flatMap(({ name: command, options }) => options.map((option) => valueCase(command, option))).join("\n")}
  esac
  case $before in
    oci) ${name}_files -d "$cur"; return ;;
    oci-archive) ${name}_files -f "$cur"; return ;;
    ?*) return ;;
  esac
  case $command in
    '') ${name}_words "${names} --help --version" "$cur" ;;
${commands.map((command) => commandCase(command, names)).join("\n")}
  esac
}

${name}_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2"); }

${name}_files() {
  mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen "$1" -- "$2")
  compopt -o filenames 2> /dev/null
}

complete -F ${name} ${program}
`;
  function valueCase(command, option) {
    const word = `"${command} --${option.name}"`;
    const words = option.value === "boolean" ? word : `${word} | "${command} --${option.name} next"`;
    return `    ${words}) ${valueAction2(option)}return ;;`;
  }
  function valueAction2({ value, choices }) {
    if (value === "file") return `${name}_files -f "$cur"; `;
    if (value === "folder") return `${name}_files -d "$cur"; `;
    return choices.length === 0 ? "" : `${name}_words "${choices.join(" ")}" "$cur"; `;
  }
  function commandCase({ name: command, options, argument }, all) {
    const words = options.map((option) => `--${option.name}`).join(" ");
    return [
      `    ${command})`,
      "      case $cur in",
      `        -*) ${name}_words "${words}" "$cur" ;;`,
      `        *) ${argumentAction(argument, all)} ;;`,
      "      esac ;;"
    ].join("\n");
  }
  function argumentAction(argument, all) {
    if (argument === "shell") return `${name}_words "${SHELLS.join(" ")}" "$cur"`;
    if (argument === "command") return `${name}_words "${all}" "$cur"`;
    if (argument === "file") return `${name}_files -f "$cur"`;
    if (argument === "none") return ":";
    const images = `${name}_words "${PREFIXES.join(" ")}" "$cur"; compopt -o nospace 2> /dev/null`;
    return argument === "source" ? `${images}; ${name}_files -f "$cur"` : images;
  }
}

// src/frontend/cli/completion/fish.ts
function fishScript(program, commands) {
  return `# Completion of ${program} for fish. Written by: ${program} completion fish
complete -c ${program} -f
complete -c ${program} -n __fish_use_subcommand -s V -l version -d 'Print the version'
complete -c ${program} -s h -l help -d 'Print help'
${commands.flatMap((command) => commandLines(program, command, commands)).join("\n")}
`;
}
function commandLines(program, { name, description, options, argument }, all) {
  const start = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
    ...options.filter((option) => option.name !== "help").map((option) => `${start} ${optionWords2(option)}`),
    ...argumentWords(argument, all).map((words) => `${start} ${words}`)
  ];
}
function optionWords2({ name, description, value, choices }) {
  const start = `-l ${name} -d ${quote(description)}`;
  if (value === "boolean") return start;
  if (value === "file") return `${start} -r -F`;
  if (value === "folder") return `${start} -x -a '(__fish_complete_directories)'`;
  return choices.length === 0 ? `${start} -x` : `${start} -x -a ${quote(choices.join(" "))}`;
}
function argumentWords(argument, all) {
  if (argument === "none") return [];
  if (argument === "shell") return [`-a ${quote(SHELLS.join(" "))}`];
  if (argument === "command") return [`-a ${quote(all.map((command) => command.name).join(" "))}`];
  if (argument === "file") return ["-F"];
  const images = `-a ${quote(PREFIXES.join(" "))}`;
  return argument === "source" ? [images, "-F"] : [images];
}
function quote(text) {
  return `'${text.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`;
}

// src/frontend/cli/completion/zsh.ts
function zshScript(program, commands) {
  const name = `_${program}`;
  const list = commands.map((command) => `        ${quote2(`${command.name}:${command.description}`)}`);
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
${list.join("\n")}
      )
      _describe command commands ;;
    arguments)
      case $line[1] in
${commands.map((command) => commandCase(command, commands)).join("\n")}
      esac ;;
  esac
}
${name}_images() { compadd -S '' -- ${PREFIXES.map(quote2).join(" ")} }
${name}_sources() { ${name}_images; _files }

# In fpath, this file is the body of the function.
if [[ $funcstack[1] == ${name} ]]; then ${name} "$@"; else compdef ${name} ${program}; fi
`;
  function commandCase({ name: command, options, argument }, all) {
    const specs = [...options.map(optionSpec), ...argumentSpec(argument, all)];
    return `        ${command})
          _arguments \\
${specs.map((spec) => `            ${quote2(spec)}`).join(" \\\n")} ;;`;
  }
  function argumentSpec(argument, all) {
    if (argument === "none") return [];
    if (argument === "shell") return [`1:shell:(${SHELLS.join(" ")})`];
    if (argument === "command") return [`1:command:(${all.map((command) => command.name).join(" ")})`];
    if (argument === "file") return ["*:file:_files"];
    return [`*:${argument}:${name}_${argument}s`];
  }
}
function optionSpec(option) {
  const { name, value, placeholder } = option;
  const description = option.description.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);
  if (name === "help") return `--help[${description}]`;
  if (value === "boolean") return `--${name}=-[${description}]::${placeholder}:(true false)`;
  return `*--${name}=[${description}]:${placeholder}:${valueAction(option)}`;
}
function valueAction({ value, choices }) {
  if (value === "file") return "_files";
  if (value === "folder") return "_files -/";
  return choices.length === 0 ? " " : `(${choices.join(" ")})`;
}
function quote2(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// src/frontend/cli/completion/script.ts
function completionScript(shell, program) {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  return scripts[shell](program.name(), commandWords(program));
}

// src/frontend/cli/options/commander.ts
function addOptions(target, surface) {
  for (const [title, inputs] of inputGroups(inputsOf(surface))) {
    for (const input of inputs) target.addOption(optionOf(target, input).helpGroup(`${title}:`));
  }
  const helpOption = target.createOption("-h, --help", "display this help");
  target.addHelpOption(helpOption.helpGroup(`${GROUPS.output}:`));
}
function optionOf(target, input) {
  const option = input.value === void 0 ? (
    // Commander would take the next word, but gets a value in the same word: see booleans.ts.
    target.createOption(`--${input.name} [=BOOL]`, booleanHelp(input))
  ) : target.createOption(`--${input.name} <${input.value}>`, help(input));
  return option.argParser((item, before) => {
    const content = input.list === true ? item.replaceAll(",", "") : item;
    if (content.trim() === "") throw emptyValue(`option --${input.name}`);
    return input.list === void 0 || before === void 0 ? item : `${before}
${item}`;
  });
}
function booleanHelp({ description, default: preset }) {
  return preset === "true" ? `${description} (default: true)` : description;
}
function help(input) {
  const more = [
    ...input.list === void 0 ? [] : ["may be repeated"],
    ...input.default === void 0 ? [] : [`default: ${input.default}`]
  ];
  return more.length === 0 ? input.description : `${input.description} (${more.join("; ")})`;
}
function rawValues(surface, parsed) {
  const raw = {};
  for (const { name } of inputsOf(surface)) {
    const given = parsed[camelCase(name)];
    if (given !== void 0) raw[name] = String(given);
  }
  return raw;
}

// src/frontend/cli/command-line.ts
function readCommandLine(args, helpWidth, use) {
  let line;
  let script = "";
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
    }
  });
  if (line !== void 0) return line;
  if (text + script === "") throw new Error("no command was run");
  return { command: "show", text: text + script };
}
export {
  readCommandLine
};
