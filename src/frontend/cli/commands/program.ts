/** The program as commander sees it: its commands, their arguments and options, and the help. */
import { Argument, Command, Help } from 'commander';
import { TOOL } from '../../../report/tool.ts';
import { completionScript, SHELLS, type Shell } from '../completion/script.ts';
import { EXIT_MEANINGS } from '../exit-status.ts';
import { addOptions } from '../options/commander.ts';
import type { CommandName, Declaration } from './declaration.ts';
import { CSR, INSPECT, REMOVE, ROOT_HASH, SIGN, VERIFY } from './image.ts';
import { DOCTOR, EXPORT, FETCH, IPE_POLICY, NODE_KIT, PREFLIGHT } from './node.ts';

const VERSION: Declaration = {
  name: 'version',
  description: 'Print the versions of this program, of Node.js, and of the outside programs that it finds',
};

/** In the order of the help. */
const DECLARATIONS: readonly Declaration[] = [
  SIGN,
  ROOT_HASH,
  VERIFY,
  INSPECT,
  REMOVE,
  CSR,
  IPE_POLICY,
  EXPORT,
  FETCH,
  NODE_KIT,
  DOCTOR,
  PREFLIGHT,
  VERSION,
];

/** Columns. Options take 35; examples and exit statuses are written for 80. */
export const MIN_HELP_WIDTH = 80;
const MAX_HELP_WIDTH = 100;

const EXIT_CODES = `
Exit status:
${EXIT_MEANINGS.map(([status, meaning]) => `  ${String(status).padEnd(4)} ${meaning}`).join('\n')}`;

const COMPLETION_EXAMPLES = `
Examples:
  source <(${TOOL.name} completion bash)     # for this shell; or write it to
                                          # ~/.local/share/bash-completion/completions/${TOOL.name}
  ${TOOL.name} completion zsh > "\${fpath[1]}/_${TOOL.name}"
  ${TOOL.name} completion fish > ~/.config/fish/completions/${TOOL.name}.fish`;

/** What a use of the program leads to. */
export interface Uses {
  /** A command, its arguments, and its options by their names in camel case. */
  run(command: CommandName, words: readonly string[], options: Readonly<Record<string, unknown>>): void;
  show(text: string): void;
}

/**
 * A program that throws commander's errors instead of ending the process.
 * @param args the command line: only commands that it names get their options, which take most of the time
 * @param helpWidth columns of the terminal
 */
export function program(args: readonly string[], helpWidth: number, { run, show }: Uses): Command {
  const all = new Command(TOOL.name)
    .exitOverride()
    .configureOutput({ writeOut: show, writeErr: () => undefined })
    .configureHelp({
      helpWidth: Math.min(Math.max(helpWidth, MIN_HELP_WIDTH), MAX_HELP_WIDTH),
      subcommandTerm: listed,
    })
    .showHelpAfterError(false)
    .description('Signs and verifies the dm-verity root hash of every layer of container images')
    .version(TOOL.version)
    .addHelpText('after', EXIT_CODES);

  for (const { name, description, argument, usage, examples } of DECLARATIONS) {
    const command = all.command(name).description(description);
    command.action(() => run(name, command.args, command.opts()));
    if (argument !== undefined) command.argument(...argument);
    if (usage !== undefined) command.usage(usage);
    if (examples !== undefined) command.addHelpText('after', `${examples}\n${EXIT_CODES}`);
    if (args.includes(name)) addOptions(command, name);
  }

  all
    .command('completion')
    .description('Print a script that completes command lines of this program in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', COMPLETION_EXAMPLES)
    .action((shell: Shell) => show(completionScript(shell, all)));
  return all;
}

/** A command in the list of all commands, where those that are declared have no options yet. */
function listed(command: Command): string {
  const declared = DECLARATIONS.find(({ name }) => name === command.name());
  if (declared === undefined) return new Help().subcommandTerm(command);
  return [declared.name, '[options]', declared.argument?.[0]].filter((part) => part !== undefined).join(' ');
}
