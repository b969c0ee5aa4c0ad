import type { Command } from 'commander';
import type { NodeKitOptions } from '../../../commands/node-kit/options.ts';
import type { Dialect } from '../../inputs/common-options.ts';
import { nodeKitOptions } from '../../inputs/node/node-kit-options.ts';
import { addOptions, type Parsed, rawValues } from '../options/commander.ts';
import { imagesOf } from '../options/images.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';
import { IMAGES } from '../verify-command.ts';
import { splitFolder } from './folder-argument.ts';

/** A checked command line of `node-kit`. */
export interface NodeKitInvocation {
  command: 'node-kit';
  options: NodeKitOptions;
  output: OutputOptions;
}

const EXAMPLES = `
Examples:
  verity-sign node-kit registry.example/app:1.0 ./kit --name app \\
      --base node.ipe --key policy.key --certificate policy.pem \\
      --trusted-certificate root.pem
  verity-sign node-kit registry.example/app:1.0 registry.example/db:2.1 ./kit \\
      --name fleet --profile containerd-cache --base node.ipe \\
      --key awskms:///alias/policy --certificate policy.pem \\
      --trusted-certificate root.pem`;

/** Adds the command `node-kit` to `program`. `found` receives the checked command line. */
export function addNodeKitCommand(
  program: Command,
  dialect: Dialect,
  exitCodes: string,
  found: (invocation: NodeKitInvocation) => void,
): void {
  const command = program
    .command('node-kit')
    .usage('[options] [image...] <dir>')
    .description('Write a folder with what a node needs to enforce verified images, and the steps')
    .argument('[image...]', `${IMAGES}; the last word is the folder of the kit`)
    .addHelpText('after', `${EXAMPLES}\n${exitCodes}`)
    .action((words: string[], parsed: Parsed) => {
      const { listed, folder } = splitFolder(words, 'the folder of the node kit');
      const given = rawValues('node-kit', parsed);
      const images = imagesOf(listed, given, dialect);
      const raw = { ...given, image: images.join('\n') };
      const options = nodeKitOptions(raw, images, folder, dialect);
      found({ command: 'node-kit', options, output: outputOptions(raw, 'node-kit', dialect) });
    });
  addOptions(command, 'node-kit');
}
