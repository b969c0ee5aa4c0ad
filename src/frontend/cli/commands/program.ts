/** The program as commander sees it: its commands, their arguments and options, and the help. */
import { Argument, Command, CommanderError, Help } from 'commander';
import { VeritySignError } from '../../../errors.ts';
import { TOOL } from '../../../report/tool.ts';
import { SHELLS, type Shell } from '../completion/shells.ts';
import { EXIT_MEANINGS } from '../exit-status.ts';
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
const MIN_HELP_WIDTH = 80;
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

/** What a command line may lead to. */
export interface Commands {
  /** Gives a command its options. */
  addOptions(command: Command, name: CommandName): void;
  /** Receives a command, its arguments, and its options by their names in camel case. */
  run(name: CommandName, words: readonly string[], options: Readonly<Record<string, unknown>>): void;
  complete(shell: Shell, all: Command): void;
}

/**
 * Parses a command line with commander.
 * @param helpWidth columns of the terminal
 * @param commands absent: the command line names none, and asks for help or the version
 * @returns the text to show, if any
 * @throws VeritySignError 'usage'
 */
export function useProgram(args: readonly string[], helpWidth: number, commands?: Commands): string {
  let text = '';
  const all = program(
    helpWidth,
    (shown) => {
      text += shown;
    },
    commands,
  );
  try {
    all.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) {
      throw usageError(error, args);
    }
  }
  return text;
}

/** commander's error in words of this program. */
function usageError(
  { code, message }: CommanderError,
  [first = '', second]: readonly string[],
): VeritySignError {
  const known = DECLARATIONS.some(({ name }) => name === first);
  const remedy = known
    ? `Run ${TOOL.name} ${first} --help for its arguments and options`
    : `Run ${TOOL.name} --help for the commands`;
  if (code === 'commander.help') {
    const asked = first === 'help' && second !== undefined;
    return new VeritySignError('usage', asked ? `unknown command '${second}'` : 'no command is given', {
      remedy,
    });
  }
  const text = message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.$/, '')
    // A boolean option without a value has got this one.
    .replace(/^(unknown option '--[\w-]+)=true'/, "$1'");
  return new VeritySignError('usage', text, { remedy });
}

/** No text of the help is coloured, and its width is given: the standard streams, which take time to make, are not asked. */
const PLAIN = {
  stripColor: (text: string) => text,
  getOutHasColors: () => false,
  getErrHasColors: () => false,
  getOutHelpWidth: () => MAX_HELP_WIDTH,
  getErrHelpWidth: () => MAX_HELP_WIDTH,
};

/** A program that throws commander's errors instead of ending the process. */
function program(helpWidth: number, show: (text: string) => void, commands: Commands | undefined): Command {
  const all = new Command(TOOL.name)
    .exitOverride()
    .configureOutput({ writeOut: show, writeErr: () => undefined, ...PLAIN })
    .configureHelp({
      helpWidth: Math.min(Math.max(helpWidth, MIN_HELP_WIDTH), MAX_HELP_WIDTH),
      subcommandTerm: listed,
      displayWidth: (text) => text.length,
    })
    .showHelpAfterError(false)
    .description('Signs and verifies the dm-verity root hash of every layer of container images')
    .version(TOOL.version)
    .addHelpText('after', EXIT_CODES);

  for (const { name, description, argument, usage, examples } of DECLARATIONS) {
    const command = all.command(name).description(description);
    // In the list of all commands they are as declared.
    if (commands === undefined) continue;
    command.action(() => commands.run(name, command.args, command.opts()));
    if (argument !== undefined) command.argument(...argument);
    if (usage !== undefined) command.usage(usage);
    if (examples !== undefined) command.addHelpText('after', `${examples}\n${EXIT_CODES}`);
    commands.addOptions(command, name);
  }

  all
    .command('completion')
    .description('Print a script that completes command lines of this program in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', COMPLETION_EXAMPLES)
    .action((shell: Shell) => commands?.complete(shell, all));
  return all;
}

/** A command in the list of all commands, where those that are declared have no options yet. */
function listed(command: Command): string {
  const declared = DECLARATIONS.find(({ name }) => name === command.name());
  if (declared === undefined) return new Help().subcommandTerm(command);
  return [declared.name, '[options]', declared.argument?.[0]].filter((part) => part !== undefined).join(' ');
}
