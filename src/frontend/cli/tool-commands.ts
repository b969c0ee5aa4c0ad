/** Commands about the program itself. */
import { Argument, type Command } from 'commander';
import type { VersionOptions } from '../../commands/version/version.ts';
import { TOOL } from '../../report/tool.ts';
import { type Dialect, optional, text } from '../inputs/values.ts';
import { completionScript, SHELLS, type Shell } from './completion/script.ts';
import { addOptions, type Parsed, rawValues } from './options/commander.ts';
import { type OutputOptions, outputOptions } from './options/output.ts';

export interface VersionInvocation {
  command: 'version';
  options: VersionOptions;
  output: OutputOptions;
}

const COMPLETION_EXAMPLES = `
Examples:
  source <(${TOOL.name} completion bash)     # for this shell; or write it to
                                          # ~/.local/share/bash-completion/completions/${TOOL.name}
  ${TOOL.name} completion zsh > "\${fpath[1]}/_${TOOL.name}"
  ${TOOL.name} completion fish > ~/.config/fish/completions/${TOOL.name}.fish`;

/** Adds `version` and `completion` to `program`. `found` receives the checked command line. */
export function addToolCommands(
  program: Command,
  dialect: Dialect,
  found: (invocation: VersionInvocation | { command: 'show'; text: string }) => void,
): void {
  const version = program
    .command('version')
    .description('Print the versions of this program, of Node.js, and of the outside programs that it finds')
    .action((parsed: Parsed) => {
      const raw = rawValues('version', parsed);
      const options = {
        ...optional('orasPath', text(raw, 'oras-path')),
        ...optional('mkfsPath', text(raw, 'mkfs-path')),
      };
      found({ command: 'version', options, output: outputOptions(raw, 'version', dialect) });
    });
  addOptions(version, 'version');

  program
    .command('completion')
    .description('Print a script that completes command lines of this program in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', COMPLETION_EXAMPLES)
    .action((shell: Shell) => found({ command: 'show', text: completionScript(shell, program) }));
}
