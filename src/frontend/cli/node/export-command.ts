import type { Command } from 'commander';
import type { Dialect } from '../../inputs/common-options.ts';
import { type ExportingOptions, exportingOptions } from '../../inputs/node/export-options.ts';
import { addOptions, type Parsed, rawValues } from '../options/commander.ts';
import { imagesOf } from '../options/images.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';
import { IMAGES } from '../verify-command.ts';
import { splitFolder } from './folder-argument.ts';

/** A checked command line of `export`. */
export interface ExportInvocation {
  command: 'export';
  images: string[];
  exporting: ExportingOptions;
  output: OutputOptions;
}

const EXAMPLES = `
Examples:
  verity-sign export registry.example/app:1.0 /srv/layer-cache \\
      --trusted-certificate root.pem --profile containerd,containerd-cache
  verity-sign export oci:./layout:app oci:./layout:base ./cache \\
      --trusted-certificate root.pem --report exported.json`;

/** Adds the command `export` to `program`. `found` receives the checked command line. */
export function addExportCommand(
  program: Command,
  dialect: Dialect,
  exitCodes: string,
  found: (invocation: ExportInvocation) => void,
): void {
  const command = program
    .command('export')
    .usage('[options] [image...] <dir>')
    .description(
      "Write verified layers with their hash trees into containerd's layer cache, so that nodes convert nothing",
    )
    .argument('[image...]', `${IMAGES}; the last word is the folder of the cache`)
    .addHelpText('after', `${EXAMPLES}\n${exitCodes}`)
    .action((words: string[], parsed: Parsed) => {
      const { listed, folder } = splitFolder(words, 'the folder of the layer cache');
      const given = rawValues('export', parsed);
      const images = imagesOf(listed, given, dialect);
      const raw = { ...given, image: images.join('\n') };
      const exporting = exportingOptions(raw, folder, dialect);
      found({ command: 'export', images, exporting, output: outputOptions(raw, 'export', dialect) });
    });
  addOptions(command, 'export');
}
