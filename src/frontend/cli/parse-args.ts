import { existsSync } from 'node:fs';
import type { RootHashOptions } from '../../commands/shared/options.ts';
import type { VersionOptions } from '../../commands/version/version.ts';
import { commonOptions, type Dialect } from '../inputs/common-options.ts';
import { withoutCredentials } from '../inputs/image-list.ts';
import { SecretStore } from '../inputs/secrets.ts';
import { requireOneImage, type SigningOptions, signingOptions } from '../inputs/signing-options.ts';
import { optional, text } from '../inputs/values.ts';
import type { CommandLine } from './command-line.ts';
import { csrInvocation, type KeyLifeInvocation, removeInvocation } from './key-life-commands.ts';
import { type DoctorInvocation, doctorInvocation } from './node/doctor-command.ts';
import { type ExportInvocation, exportInvocation } from './node/export-command.ts';
import { type FetchInvocation, fetchInvocation } from './node/fetch-command.ts';
import { type IpePolicyInvocation, ipePolicyInvocation } from './node/ipe-policy-command.ts';
import { type NodeKitInvocation, nodeKitInvocation } from './node/node-kit-command.ts';
import { type PreflightInvocation, preflightInvocation } from './node/preflight-command.ts';
import { imagesOf } from './options/images.ts';
import { type OutputOptions, outputOptions } from './options/output.ts';
import { inspectInvocation, type VerifyInvocation, verifyInvocation } from './verify-command.ts';

type NodeInvocation =
  | IpePolicyInvocation
  | NodeKitInvocation
  | ExportInvocation
  | FetchInvocation
  | DoctorInvocation
  | PreflightInvocation;

interface SignInvocation {
  command: 'sign';
  images: string[];
  signing: SigningOptions;
  output: OutputOptions;
}

interface RootHashInvocation {
  command: 'root-hash';
  options: RootHashOptions;
  output: OutputOptions;
}

export interface VersionInvocation {
  command: 'version';
  options: VersionOptions;
  output: OutputOptions;
}

type WithSecrets =
  | SignInvocation
  | RootHashInvocation
  | VerifyInvocation
  | KeyLifeInvocation
  | NodeInvocation;

/** A checked command line of a command that runs. */
export type Invocation = (WithSecrets & { secrets: Secrets }) | VersionInvocation;

type Secrets = Readonly<Record<string, string>>;

/** Checks a command line. Variables that `env://NAME` references name leave `env`. Raises `usage` errors. */
export function checkCommandLine(line: CommandLine, env: NodeJS.ProcessEnv): Invocation {
  const secrets = new SecretStore(env);
  const dialect: Dialect = { label: (name) => `option --${name}`, literalPassword: false, secrets };
  const invocation = invocationOf(line, dialect);
  return invocation.command === 'version' ? invocation : { ...invocation, secrets: secrets.values };
}

function invocationOf(line: CommandLine, dialect: Dialect): WithSecrets | VersionInvocation {
  switch (line.command) {
    case 'sign':
      return signInvocation(line, dialect);
    case 'root-hash':
      return rootHashInvocation(line, dialect);
    case 'verify':
      return verifyInvocation(line, dialect);
    case 'inspect':
      return inspectInvocation(line, dialect);
    case 'remove':
      return removeInvocation(line, dialect);
    case 'csr':
      return csrInvocation(line, dialect);
    case 'ipe-policy':
      return ipePolicyInvocation(line, dialect);
    case 'export':
      return exportInvocation(line, dialect);
    case 'fetch':
      return fetchInvocation(line, dialect);
    case 'node-kit':
      return nodeKitInvocation(line, dialect);
    case 'doctor':
      return doctorInvocation(line, dialect);
    case 'preflight':
      return preflightInvocation(line, dialect);
    case 'version':
      return versionInvocation(line, dialect);
  }
}

function signInvocation({ words, given }: CommandLine, dialect: Dialect): SignInvocation {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join('\n') };
  const signing = signingOptions(raw, dialect);
  requireOneImage(images, signing, dialect);
  return { command: 'sign', images, signing, output: outputOptions(raw, 'sign', dialect) };
}

function rootHashInvocation({ words, given }: CommandLine, dialect: Dialect): RootHashInvocation {
  const images = withoutCredentials(words.filter((source) => !existsSync(source)));
  const raw = { ...given, image: images.join('\n') };
  const options = { ...commonOptions(raw, dialect), sources: [...words] };
  return { command: 'root-hash', options, output: outputOptions(raw, 'root-hash', dialect) };
}

function versionInvocation({ given }: CommandLine, dialect: Dialect): VersionInvocation {
  const options = {
    ...optional('orasPath', text(given, 'oras-path')),
    ...optional('mkfsPath', text(given, 'mkfs-path')),
  };
  return { command: 'version', options, output: outputOptions(given, 'version', dialect) };
}
