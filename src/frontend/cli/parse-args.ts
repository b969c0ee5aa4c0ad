import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { RootHashOptions } from '../../commands/shared/options.ts';
import { VeritySignError } from '../../errors.ts';
import { TOOL } from '../../report/tool.ts';
import { commonOptions, type Dialect } from '../inputs/common-options.ts';
import { withoutCredentials } from '../inputs/image-list.ts';
import { SecretStore } from '../inputs/secrets.ts';
import { requireOneImage, type SigningOptions, signingOptions } from '../inputs/signing-options.ts';
import { EXIT_MEANINGS } from './exit-status.ts';
import { addKeyLifeCommands, type KeyLifeInvocation } from './key-life-commands.ts';
import { addDoctorCommand, type DoctorInvocation } from './node/doctor-command.ts';
import { addExportCommand, type ExportInvocation } from './node/export-command.ts';
import { addFetchCommand, type FetchInvocation } from './node/fetch-command.ts';
import { addIpePolicyCommand, type IpePolicyInvocation } from './node/ipe-policy-command.ts';
import { addNodeKitCommand, type NodeKitInvocation } from './node/node-kit-command.ts';
import { addPreflightCommand, type PreflightInvocation } from './node/preflight-command.ts';
import { withExplicitBooleans } from './options/booleans.ts';
import { addOptions, type Parsed, rawValues } from './options/commander.ts';
import { imagesOf } from './options/images.ts';
import { type OutputOptions, outputOptions } from './options/output.ts';
import { addToolCommands, type VersionInvocation } from './tool-commands.ts';
import { addVerifyCommands, type VerifyInvocation } from './verify-command.ts';

type NodeInvocation =
  | IpePolicyInvocation
  | NodeKitInvocation
  | ExportInvocation
  | FetchInvocation
  | DoctorInvocation
  | PreflightInvocation;

/** A checked command line. */
export type Invocation =
  | { command: 'sign'; images: string[]; signing: SigningOptions; output: OutputOptions; secrets: Secrets }
  | { command: 'root-hash'; options: RootHashOptions; output: OutputOptions; secrets: Secrets }
  | ((VerifyInvocation | KeyLifeInvocation | NodeInvocation) & { secrets: Secrets })
  | VersionInvocation
  /** Help, version or completion: print `text` and exit with status 0. */
  | { command: 'show'; text: string };

type Secrets = Readonly<Record<string, string>>;

/** Columns. Options take 35; examples and exit statuses are written for 80. */
const MIN_HELP_WIDTH = 80;
const MAX_HELP_WIDTH = 100;

const EXIT_CODES = `
Exit status:
${EXIT_MEANINGS.map(([status, meaning]) => `  ${String(status).padEnd(4)} ${meaning}`).join('\n')}`;

const SIGN_EXAMPLES = `
Examples:
  verity-sign sign registry.example/app:1.0 \\
      --key signer.key --certificate chain.pem
  verity-sign sign oci:./layout:app --report report.json \\
      --key env://SIGNING_KEY --certificate chain.pem
  verity-sign sign registry.example/app:1.0 --manifest-signature cose \\
      --key awskms:///alias/release --certificate chain.pem
  verity-sign sign registry.example/windows-app:1.0 --layers auto \\
      --manifest-signature jws --key signer.key --certificate chain.pem
  verity-sign sign registry.example/app@sha256:… --dry-run`;

const ROOT_HASH_EXAMPLES = `
Examples:
  verity-sign root-hash registry.example/app:1.0 --platform linux/arm64
  verity-sign root-hash layer.tar.gz --profile containerd-tar-index \\
      --output json`;

/**
 * Parses and checks a command line, without the names of node and the script. Variables that
 * `env://NAME` references name leave `env`. Raises `usage` errors.
 * @param helpWidth columns of the terminal
 */
export function parseCommandLine(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  helpWidth = MIN_HELP_WIDTH,
): Invocation {
  let output = '';
  let result: Invocation | undefined;
  const secrets = new SecretStore(env);
  const dialect: Dialect = { label: (name) => `option --${name}`, literalPassword: false, secrets };

  const program = command(TOOL.name, helpWidth, (shown) => {
    output += shown;
  })
    .description('Signs and verifies the dm-verity root hash of every layer of container images')
    .version(TOOL.version)
    .addHelpText('after', EXIT_CODES);

  const sign = program
    .command('sign')
    .description(
      'Sign every layer of images, their manifests, or both, and attach the signatures as referrers',
    )
    .argument(
      '[image...]',
      'registry/repository:tag or @DIGEST, docker://…, oci:DIR, oci-archive:FILE, docker-daemon:NAME',
    )
    .addHelpText('after', `${SIGN_EXAMPLES}\n${EXIT_CODES}`)
    .action((listed: string[], parsed: Parsed) => {
      const given = rawValues('sign', parsed);
      const images = imagesOf(listed, given, dialect);
      const raw = { ...given, image: images.join('\n') };
      const signing = signingOptions(raw, dialect);
      requireOneImage(images, signing, dialect);
      result = {
        command: 'sign',
        images,
        signing,
        output: outputOptions(raw, 'sign', dialect),
        secrets: secrets.values,
      };
    });
  addOptions(sign, 'sign');

  const rootHash = program
    .command('root-hash')
    .description('Print the root hash of every layer of images, or of layer blobs in files; needs no key')
    .argument('<source...>', 'image reference as for sign, or a file that contains one layer blob')
    .addHelpText('after', `${ROOT_HASH_EXAMPLES}\n${EXIT_CODES}`)
    .action((sources: string[], parsed: Parsed) => {
      const images = withoutCredentials(sources.filter((source) => !existsSync(source)));
      const raw = { ...rawValues('root-hash', parsed), image: images.join('\n') };
      const options = { ...commonOptions(raw, dialect), sources };
      const output = outputOptions(raw, 'root-hash', dialect);
      result = { command: 'root-hash', options, output, secrets: secrets.values };
    });
  addOptions(rootHash, 'root-hash');

  const found = (invocation: VerifyInvocation | KeyLifeInvocation | NodeInvocation): void => {
    result = { ...invocation, secrets: secrets.values };
  };
  addVerifyCommands(program, dialect, EXIT_CODES, found);
  addKeyLifeCommands(program, dialect, EXIT_CODES, found);
  addIpePolicyCommand(program, dialect, EXIT_CODES, found);
  addExportCommand(program, dialect, EXIT_CODES, found);
  addFetchCommand(program, dialect, EXIT_CODES, found);
  addNodeKitCommand(program, dialect, EXIT_CODES, found);
  addDoctorCommand(program, dialect, EXIT_CODES, found);
  addPreflightCommand(program, dialect, EXIT_CODES, found);

  addToolCommands(program, dialect, (invocation) => {
    result = invocation;
  });

  try {
    program.parse(withExplicitBooleans(args), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { command: 'show', text: output };
    const message = error.code === 'commander.help' ? 'no command is given' : error.message;
    throw new VeritySignError('usage', message.replace(/^error: /, '').replaceAll('\n', ' '), {
      remedy: `Run ${TOOL.name} --help for the commands and options`,
    });
  }
  if (result === undefined) throw new Error('no command was run');
  return result;
}

/** A command that throws instead of ending the process. Its subcommands inherit this. */
function command(name: string, width: number, write: (text: string) => void): Command {
  return new Command(name)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined })
    .configureHelp({ helpWidth: Math.min(Math.max(width, MIN_HELP_WIDTH), MAX_HELP_WIDTH) })
    .showHelpAfterError(false);
}
