import type { Command } from 'commander';
import type { Dialect } from '../../inputs/common-options.ts';
import { type PreflightingOptions, preflightOptions } from '../../inputs/node/preflight-options.ts';
import { addOptions, type Parsed, rawValues } from '../options/commander.ts';
import { imagesOf } from '../options/images.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';
import { IMAGES } from '../verify-command.ts';

/** A checked command line of `preflight`. */
export interface PreflightInvocation {
  command: 'preflight';
  images: string[];
  preflighting: PreflightingOptions;
  output: OutputOptions;
}

const EXAMPLES = `
Examples:
  verity-sign preflight registry.example/app:1.0 --alive 10s \\
      --trusted-certificate root.pem
  verity-sign preflight oci:./layout:app --trusted-certificate root.pem \\
      --command 'nginx -t' --report preflight.json
  verity-sign preflight registry.example/app:1.0 --static \\
      --trusted-certificate root.pem --kernel /boot/vmlinuz-6.12.0 \\
      --modules /lib/modules/6.12.0`;

/** Adds the command `preflight` to `program`. `found` receives the checked command line. */
export function addPreflightCommand(
  program: Command,
  dialect: Dialect,
  exitCodes: string,
  found: (invocation: PreflightInvocation) => void,
): void {
  const command = program
    .command('preflight')
    .description(
      'Boot signed images in a VM whose kernel enforces the signatures, and report what it refuses and denies',
    )
    .argument('[image...]', IMAGES)
    .addHelpText('after', `${EXAMPLES}\n${exitCodes}`)
    .action((listed: string[], parsed: Parsed) => {
      const given = rawValues('preflight', parsed);
      const images = imagesOf(listed, given, dialect);
      const raw = { ...given, image: images.join('\n') };
      const preflighting = preflightOptions(raw, dialect);
      found({ command: 'preflight', images, preflighting, output: outputOptions(raw, 'preflight', dialect) });
    });
  addOptions(command, 'preflight');
}
