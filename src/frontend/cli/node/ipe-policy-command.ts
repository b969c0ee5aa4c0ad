import type { Command } from 'commander';
import type { Dialect } from '../../inputs/common-options.ts';
import { type IpePolicyOptions, ipePolicyOptions } from '../../inputs/node/ipe-policy-options.ts';
import { addOptions, type Parsed, rawValues } from '../options/commander.ts';
import { imagesOf } from '../options/images.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';
import { IMAGES } from '../verify-command.ts';

/** A checked command line of `ipe-policy`. */
export interface IpePolicyInvocation {
  command: 'ipe-policy';
  options: IpePolicyOptions;
  output: OutputOptions;
}

const EXAMPLES = `
Examples:
  verity-sign ipe-policy registry.example/app:1.0 --name app --out policies \\
      --base node.ipe --key policy.key --certificate policy.pem \\
      --trusted-certificate root.pem
  verity-sign ipe-policy registry.example/app:1.0 registry.example/db:2.1 \\
      --name fleet --policy-version 1.4.0 --out policies --base node.ipe \\
      --key awskms:///alias/policy --certificate policy.pem \\
      --trusted-certificate root.pem --push-to registry.example/policies:fleet
  verity-sign ipe-policy registry.example/app:1.1 --check policies/app.p7b \\
      --trusted-certificate root.pem`;

/** Adds the command `ipe-policy` to `program`. `found` receives the checked command line. */
export function addIpePolicyCommand(
  program: Command,
  dialect: Dialect,
  exitCodes: string,
  found: (invocation: IpePolicyInvocation) => void,
): void {
  const command = program
    .command('ipe-policy')
    .description('Make a signed IPE policy that allows the layers of verified images, or check one')
    .argument('[image...]', IMAGES)
    .addHelpText('after', `${EXAMPLES}\n${exitCodes}`)
    .action((listed: string[], parsed: Parsed) => {
      const given = rawValues('ipe-policy', parsed);
      const images = imagesOf(listed, given, dialect);
      const raw = { ...given, image: images.join('\n') };
      const options = ipePolicyOptions(raw, images, dialect);
      found({ command: 'ipe-policy', options, output: outputOptions(raw, 'ipe-policy', dialect) });
    });
  addOptions(command, 'ipe-policy');
}
