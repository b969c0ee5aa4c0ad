import type { Command } from 'commander';
import type { Dialect } from '../../inputs/common-options.ts';
import { type FetchingOptions, fetchingOptions } from '../../inputs/node/fetch-options.ts';
import { addOptions, type Parsed, rawValues } from '../options/commander.ts';
import { imagesOf } from '../options/images.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';
import { IMAGES } from '../verify-command.ts';
import { splitFolder } from './folder-argument.ts';

/** A checked command line of `fetch`. */
export interface FetchInvocation {
  command: 'fetch';
  images: string[];
  fetching: FetchingOptions;
  output: OutputOptions;
}

const EXAMPLES = `
Examples:
  verity-sign fetch registry.example/app:1.0 /etc/verity-sign/signatures \\
      --trusted-certificate root.pem
  verity-sign fetch registry.example/app:1.0 ./signatures \\
      --trusted-certificate root.pem \\
      --open /var/lib/containerd/io.containerd.snapshotter.v1.erofs --run`;

/** Adds the command `fetch` to `program`. `found` receives the checked command line. */
export function addFetchCommand(
  program: Command,
  dialect: Dialect,
  exitCodes: string,
  found: (invocation: FetchInvocation) => void,
): void {
  const command = program
    .command('fetch')
    .usage('[options] [image...] <dir>')
    .description(
      "Write verified signatures as files for veritysetup, and open containerd's layers with them; converts nothing",
    )
    .argument('[image...]', `${IMAGES}; the last word is the folder for the signatures`)
    .addHelpText('after', `${EXAMPLES}\n${exitCodes}`)
    .action((words: string[], parsed: Parsed) => {
      const { listed, folder } = splitFolder(words, 'the folder for the signatures');
      const given = rawValues('fetch', parsed);
      const images = imagesOf(listed, given, dialect);
      const raw = { ...given, image: images.join('\n') };
      const fetching = fetchingOptions(raw, folder, dialect);
      found({ command: 'fetch', images, fetching, output: outputOptions(raw, 'fetch', dialect) });
    });
  addOptions(command, 'fetch');
}
