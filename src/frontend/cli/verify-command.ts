import type { Command } from 'commander';
import type { InspectOptions } from '../../commands/shared/options.ts';
import { commonOptions, type Dialect, text } from '../inputs/common-options.ts';
import { type VerifyingOptions, verifyingOptions } from '../inputs/verifying-options.ts';
import { addOptions, jsonOption, type Parsed, rawValues } from './commander-options.ts';
import { imagesOf } from './image-arguments.ts';

/** A checked command line of `verify` or `inspect`. */
export type VerifyInvocation =
  | { command: 'verify'; images: string[]; verifying: VerifyingOptions; report?: string }
  | { command: 'inspect'; images: string[]; options: Omit<InspectOptions, 'image'>; json: boolean };

const IMAGES = 'registry/repository:tag or @DIGEST, docker://…, oci:DIR, oci-archive:FILE';

const VERIFY_EXAMPLES = `
Examples:
  verity-sign verify registry.example/app:1.0 --trusted-certificate root.pem
  verity-sign verify oci:./layout:app \\
      --trust-store release --signer-identity CN=release,O=Example
  verity-sign verify registry.example/app@sha256:… \\
      --trusted-certificate root.pem --recompute false`;

const INSPECT_EXAMPLES = `
Examples:
  verity-sign inspect registry.example/app:1.0
  verity-sign inspect oci:./layout:app --json`;

/** Adds the commands `verify` and `inspect` to `program`. `found` receives the checked command line. */
export function addVerifyCommands(
  program: Command,
  dialect: Dialect,
  exitCodes: string,
  found: (invocation: VerifyInvocation) => void,
): void {
  const verify = program
    .command('verify')
    .description('Verify the signatures of every layer of images; needs no key')
    .argument('[image...]', IMAGES)
    .addHelpText('after', `${VERIFY_EXAMPLES}\n${exitCodes}`)
    .action((listed: string[], parsed: Parsed) => {
      const given = rawValues('verify', parsed);
      const images = imagesOf(listed, given, dialect);
      const raw = { ...given, image: images.join('\n') };
      const report = text(raw, 'report');
      const verifying = verifyingOptions(raw, dialect);
      found({ command: 'verify', images, verifying, ...(report === undefined ? {} : { report }) });
    });
  addOptions(verify, 'verify');

  const inspect = program
    .command('inspect')
    .description('Show the signatures attached to images, their signers and profiles, without verifying them')
    .argument('[image...]', IMAGES)
    .addHelpText('after', `${INSPECT_EXAMPLES}\n${exitCodes}`)
    .action((listed: string[], parsed: Parsed) => {
      const given = rawValues('inspect', parsed);
      const images = imagesOf(listed, given, dialect);
      const raw = { ...given, image: images.join('\n') };
      const options = commonOptions(raw, dialect);
      found({ command: 'inspect', images, options, json: parsed.json === true });
    });
  addOptions(inspect, 'inspect', [jsonOption()]);
}
