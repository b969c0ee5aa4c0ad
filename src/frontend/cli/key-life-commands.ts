import type { Command } from 'commander';
import type { Dialect } from '../inputs/common-options.ts';
import { type CsrInvocation, csrOptions } from '../inputs/key-life/csr-options.ts';
import { type RemovingOptions, removingOptions } from '../inputs/key-life/remove-options.ts';
import { addOptions, type Parsed, rawValues } from './options/commander.ts';
import { imagesOf } from './options/images.ts';
import { type LogLevel, logLevel, type OutputOptions, outputOptions } from './options/output.ts';
import { IMAGES } from './verify-command.ts';

/** A checked command line of `csr` or `remove`. */
export type KeyLifeInvocation =
  | ({ command: 'csr'; log: LogLevel } & CsrInvocation)
  | { command: 'remove'; images: string[]; removing: RemovingOptions; output: OutputOptions };

const CSR_EXAMPLES = `
Examples:
  verity-sign csr --key awskms:///alias/release \\
      --subject CN=release,O=Example,C=DE --out release.csr
  verity-sign csr --key signer.key --subject CN=test --self-signed --days 7`;

const REMOVE_EXAMPLES = `
Examples:
  verity-sign remove registry.example/app:1.0 --signer FINGERPRINT
  verity-sign remove registry.example/app:1.0 --signer FINGERPRINT --yes
  verity-sign remove oci:./layout:app --signer FINGERPRINT \\
      --profile containerd --yes --report removed.json`;

/** Adds the commands `remove` and `csr` to `program`. `found` receives the checked command line. */
export function addKeyLifeCommands(
  program: Command,
  dialect: Dialect,
  exitCodes: string,
  found: (invocation: KeyLifeInvocation) => void,
): void {
  const remove = program
    .command('remove')
    .description("List one signer's signatures of images, and remove them with --yes; needs no key")
    .argument('[image...]', IMAGES)
    .addHelpText('after', `${REMOVE_EXAMPLES}\n${exitCodes}`)
    .action((listed: string[], parsed: Parsed) => {
      const given = rawValues('remove', parsed);
      const images = imagesOf(listed, given, dialect);
      const raw = { ...given, image: images.join('\n') };
      const removing = removingOptions(raw, dialect);
      found({ command: 'remove', images, removing, output: outputOptions(raw, 'remove', dialect) });
    });
  addOptions(remove, 'remove');

  const csr = program
    .command('csr')
    .description('Make a certificate request with any key, or a self-signed certificate for tests')
    .addHelpText('after', `${CSR_EXAMPLES}\n${exitCodes}`)
    .action((parsed: Parsed) => {
      const raw = rawValues('csr', parsed);
      found({ command: 'csr', ...csrOptions(raw, dialect), log: logLevel(raw, dialect) });
    });
  addOptions(csr, 'csr');
}
