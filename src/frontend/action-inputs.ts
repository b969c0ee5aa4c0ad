import * as core from '@actions/core';
import { VeritySignError } from '../errors.ts';
import { inputsOf, type RawValues } from './inputs.ts';
import { type Dialect, flag, requireOneImage, type SigningOptions, signingOptions, text } from './options.ts';
import { SecretStore } from './secrets.ts';
import { parseLines } from './values.ts';

export interface ActionInputs {
  /** At least one. */
  images: string[];
  signing: SigningOptions;
  /** Values that `env://NAME` references name. */
  secrets: Readonly<Record<string, string>>;
  report?: string;
  install: boolean;
  orasVersion: string;
  showSummary: boolean;
}

/**
 * Reads and checks all inputs of the Action. Secrets are masked first; all `INPUT_*` variables and
 * those that hold secrets leave `process.env`, so that no child process can inherit them.
 */
export function loadInputs(): ActionInputs {
  const raw: RawValues = {};
  for (const { name } of inputsOf('action')) raw[name] = core.getInput(name);
  for (const variable of Object.keys(process.env)) {
    if (variable.startsWith('INPUT_')) delete process.env[variable];
  }

  const secrets = new SecretStore(process.env, core.setSecret);
  const dialect: Dialect = { label: (name) => `input ${name}`, literalPassword: true, secrets };
  const password = raw['registry-password'] ?? '';
  if (!password.startsWith('env://')) secrets.mask(password);

  const images = parseLines(raw.image);
  if (images.length === 0) {
    throw new VeritySignError('usage', 'input image is missing', {
      remedy: 'Give the reference of at least one image',
    });
  }
  const report = text(raw, 'report');
  const signing = signingOptions(raw, dialect);
  requireOneImage(images, signing, dialect);
  return {
    images,
    signing,
    secrets: secrets.values,
    ...(report === undefined ? {} : { report }),
    install: flag(raw, 'install', dialect),
    orasVersion: text(raw, 'oras-version') ?? '',
    showSummary: flag(raw, 'show-summary', dialect),
  };
}
