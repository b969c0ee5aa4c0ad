import { getInput } from '@actions/core';
import { VeritySignError } from '../../errors.ts';
import { type GithubOptions, githubOptions, takeToken } from '../github/options.ts';
import { type ActionSurface, inputsOf, type RawValues } from '../inputs/catalog.ts';
import { type Dialect, flag, text } from '../inputs/common-options.ts';
import { listedImages, withBuiltImages } from '../inputs/image-list.ts';
import { parseLines } from '../inputs/parse-values.ts';
import { SecretStore } from '../inputs/secrets.ts';
import { requireOneImage, type SigningOptions, signingOptions } from '../inputs/signing-options.ts';
import { maskSecret } from '../output/runner-commands.ts';
import { type InstallOptions, installOptions } from './install-tools.ts';

/** The inputs that all Actions have. */
export interface CommonInputs {
  /** At least one. */
  images: string[];
  /** By name: values of the environment variables that `env://NAME` references name. */
  secrets: Readonly<Record<string, string>>;
  report?: string;
  install: InstallOptions;
  showSummary: boolean;
  /** Absent if nothing is sent to GitHub. */
  github?: GithubOptions;
}

/** The inputs of an Action as text. */
export interface ReadInputs {
  raw: RawValues;
  dialect: Dialect;
  /** Of the input `github-token`. */
  token: string | undefined;
}

export interface ActionInputs extends CommonInputs {
  signing: SigningOptions;
}

/** Whether errors in the inputs go to the job summary, too: before inputs are read, and whatever they are. */
export function wantsSummary(): boolean {
  return getInput('show-summary').toLowerCase() !== 'false';
}

/** Reads and checks all inputs of the Action `sign`. Raises usage errors that name the input. */
export function loadInputs(): ActionInputs {
  const read = readInputs('action');
  const { raw, dialect } = read;
  const signing = signingOptions(raw, dialect);
  const inputs = commonInputs(read);
  requireOneImage(inputs.images, signing, dialect);
  return { ...inputs, signing };
}

/**
 * Reads the inputs of an Action as text. Secrets are masked, and all `INPUT_*` variables and the
 * variables that contain secrets leave `process.env`, so that no child process inherits them.
 */
export function readInputs(surface: ActionSurface): ReadInputs {
  const raw: RawValues = {};
  for (const { name } of inputsOf(surface)) raw[name] = getInput(name);
  for (const variable of Object.keys(process.env)) {
    if (variable.startsWith('INPUT_')) delete process.env[variable];
  }

  const secrets = new SecretStore(process.env, maskSecret);
  const dialect: Dialect = { label: (name) => `input ${name}`, literalPassword: true, secrets };
  const password = raw['registry-password'] ?? '';
  if (!password.startsWith('env://')) secrets.mask(password);
  const token = takeToken(raw, dialect);
  delete raw['github-token'];
  const images = withBuiltImages(listedImages(raw.image), raw, dialect);
  if (images.length === 0) {
    throw new VeritySignError('usage', 'input image is missing', {
      remedy: 'Set it to at least one image reference, or set metadata-file',
    });
  }
  return { raw: { ...raw, image: images.join('\n') }, dialect, token };
}

/** Call it after the other inputs have been read: only then are all secrets known. */
export function commonInputs({ raw, dialect, token }: ReadInputs): CommonInputs {
  const report = text(raw, 'report');
  if (report === '-') {
    throw new VeritySignError(
      'usage',
      `${dialect.label('report')} is -, but standard output is the log of the step`,
      {
        remedy: 'Set it to a path, or omit it and use the output report-path',
      },
    );
  }
  const images = parseLines(raw.image);
  const github = githubOptions(raw, token, images, dialect);
  return {
    images,
    ...(github === undefined ? {} : { github }),
    secrets: dialect.secrets.values,
    ...(report === undefined ? {} : { report }),
    install: installOptions(raw, dialect),
    showSummary: flag(raw, 'show-summary', dialect),
  };
}
