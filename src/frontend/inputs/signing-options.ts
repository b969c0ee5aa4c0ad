import { resolve } from 'node:path';
import { cacheRecipe } from '../../commands/shared/cache/cache-recipe.ts';
import type { SignOptions } from '../../commands/shared/options.ts';
import { VeritySignError } from '../../errors.ts';
import { ARTIFACT_FORMATS, type ArtifactFormat } from '../../model/artifact-formats.ts';
import type { InputName, RawValues } from './catalog.ts';
import {
  certificateReference,
  choice,
  commonOptions,
  type Dialect,
  flag,
  layersChoice,
  optional,
  parsed,
  required,
  text,
} from './common-options.ts';
import { listedTags } from './image-list.ts';
import { preflightOfSigning } from './node/preflight-options.ts';
import { parseAnnotations, parseLifetime, parsePairs, parseUrl } from './parse-values.ts';
import { keyReference, passphraseReference } from './secrets.ts';

/** All options of signing except the image. */
export type SigningOptions = Omit<SignOptions, 'image'>;

/** Checks the inputs of `sign`. A dry run needs neither key nor certificate. Raises usage errors. */
export function signingOptions(raw: RawValues, dialect: Dialect): SigningOptions {
  const { label, secrets } = dialect;
  const dryRun = flag(raw, 'dry-run', dialect);
  const key = keyReference(text(raw, 'key'), label('key'), secrets);
  if (!dryRun) required(key, 'key', dialect);
  const options: SigningOptions = {
    ...commonOptions(raw, dialect),
    ...optional('key', key),
    ...optional(
      'keyPassphrase',
      passphraseReference(text(raw, 'key-passphrase'), label('key-passphrase'), secrets),
    ),
    ...optional('certificate', certificateReference(raw, 'certificate', dialect)),
    pluginConfig: pluginConfig(raw, dialect),
    layers: layersChoice(raw, 'sign', dialect),
    ...optional('artifactFormats', artifactFormats(choice(raw, 'artifact-format', 'sign', dialect))),
    manifestSignature: choice(raw, 'manifest-signature', 'sign', dialect),
    ...optional('signatureExpiry', parsed(raw, 'signature-expiry', dialect, parseLifetime)),
    ...optional('timestampUrl', parsed(raw, 'timestamp-url', dialect, parseUrl)),
    ...optional('timestampCertificate', certificateReference(raw, 'timestamp-certificate', dialect)),
    ...optional('pushTo', pushTargets(raw)),
    ...optional('exportDir', exportFolder(raw)),
    ...optional('preflight', preflightOfSigning(raw, dialect)),
    dryRun,
    annotations: parseAnnotations(raw.annotations, label('annotations')),
  };
  checkTogether(options, dialect);
  // Last: only after all options are read are all secrets known.
  return isPlugin(key) ? { ...options, pluginSecrets: secrets.hidden } : options;
}

function exportFolder(raw: RawValues): string | undefined {
  const folder = text(raw, 'export-dir');
  return folder === undefined ? undefined : resolve(folder);
}

/** Undefined for the format that is the default of a run. */
function artifactFormats(choice: 'notary' | 'tardev' | 'both'): ArtifactFormat[] | undefined {
  if (choice === 'notary') return undefined;
  return choice === 'both' ? [...ARTIFACT_FORMATS] : [choice];
}

/** Undefined without any. */
function pushTargets(raw: RawValues): string[] | undefined {
  const targets = listedTags(raw['push-to']);
  return targets.length === 0 ? undefined : targets;
}

/** A plugin may take tokens here without saying which value is one, so all values but flags are masked. */
export function pluginConfig(raw: RawValues, { label, secrets }: Dialect): Record<string, string> {
  const config = parsePairs(raw['plugin-config'], label('plugin-config'));
  for (const value of Object.values(config)) if (!/^(true|false)$/i.test(value)) secrets.mask(value);
  return config;
}

export function isPlugin(key: string | undefined): boolean {
  return key?.startsWith('notation-plugin://') === true;
}

/** Rejects options that contradict one another or have no effect. */
function checkTogether(options: SigningOptions, { label }: Dialect): void {
  const { key, layers, manifestSignature, pluginConfig, timestampUrl, timestampCertificate } = options;
  const refuse = (message: string, remedy: string): never => {
    throw new VeritySignError('usage', message, { remedy });
  };
  checkExport(options, label('export-dir'), refuse);
  checkPreflight(options, label('preflight'), refuse);
  if (manifestSignature === 'none') {
    if (layers === 'none') {
      refuse(
        `${label('layers')} and ${label('manifest-signature')} are both none: nothing would be signed`,
        'Set manifest-signature to jws or cose, or layers to required or auto',
      );
    }
    const idle = (
      [
        ['signature-expiry', options.signatureExpiry],
        ['timestamp-url', timestampUrl],
        ['timestamp-certificate', timestampCertificate],
      ] satisfies [InputName, unknown][]
    ).find(([, given]) => given !== undefined);
    if (idle !== undefined) {
      refuse(
        `${label(idle[0])} has no effect with ${label('manifest-signature')} none`,
        'Set manifest-signature to jws or cose',
      );
    }
  }
  if ((timestampUrl === undefined) !== (timestampCertificate === undefined)) {
    const names = ['timestamp-url', 'timestamp-certificate'] as const;
    const [given, missing] = (timestampUrl === undefined ? names.toReversed() : names).map(label);
    refuse(
      `${given} is given without ${missing}`,
      "Set both: the authority's response is checked against its root certificate",
    );
  }
  refuseIdleConfig(pluginConfig, key, label('plugin-config'));
}

function checkExport(
  options: SigningOptions,
  name: string,
  refuse: (message: string, remedy: string) => never,
): void {
  if (options.exportDir === undefined) return;
  if (options.dryRun) {
    refuse(
      `${name} has no effect in a dry run, which writes nothing`,
      'Omit it, or export the signed image with verity-sign export',
    );
  }
  if (options.layers === 'none') {
    refuse(`${name} has no effect with layers none: no layer is converted`, 'Set layers to required or auto');
  }
  cacheRecipe(options);
}

function checkPreflight(
  { preflight, dryRun, layers }: SigningOptions,
  name: string,
  refuse: (message: string, remedy: string) => never,
): void {
  if (preflight === undefined) return;
  if (dryRun) refuse(`${name} has no effect in a dry run: there are no signatures to test`, 'Omit it');
  if (layers === 'none')
    refuse(
      `${name} has no effect with layers none: a kernel checks layers`,
      'Set layers to required or auto',
    );
}

/** Rejects a configuration for a plugin if the key is not one of a plugin. */
export function refuseIdleConfig(
  config: Readonly<Record<string, string>>,
  key: string | undefined,
  label: string,
): void {
  if (Object.keys(config).length === 0 || key === undefined || isPlugin(key)) return;
  throw new VeritySignError('usage', `${label} has no effect without a key of a notation plugin`, {
    remedy: 'Omit it, or set the key to notation-plugin://NAME/KEYID',
  });
}

/** A tag holds one image, so push-to does too. Raises a usage error that names the input. */
export function requireOneImage(
  images: readonly string[],
  { pushTo }: SigningOptions,
  dialect: Dialect,
): void {
  if (pushTo === undefined || images.length === 1) return;
  throw new VeritySignError(
    'usage',
    `${dialect.label('push-to')} accepts one image, but ${images.length} are given`,
    {
      remedy: 'Sign each image in a separate run',
    },
  );
}
