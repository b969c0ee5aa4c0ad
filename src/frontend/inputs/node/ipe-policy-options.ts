import type { CheckPolicyOptions, MakePolicyOptions } from '../../../commands/ipe-policy/options.ts';
import { VeritySignError } from '../../../errors.ts';
import { FormatError } from '../../../formats/format-error.ts';
import type { PolicyVersion } from '../../../formats/ipe/policy.ts';
import { parsePolicyVersion, versionOfTime } from '../../../formats/ipe/version.ts';
import type { InputName, RawValues } from '../catalog.ts';
import { listedTags } from '../image-list.ts';
import { keyReference, passphraseReference } from '../secrets.ts';
import { isPlugin, pluginConfig, refuseIdleConfig } from '../signing-options.ts';
import { certificateReference, type Dialect, optional, text } from '../values.ts';
import { type VerifyingOptions, verifyingOptions } from '../verifying-options.ts';

export type IpePolicyOptions =
  | ({ kind: 'make' } & MakePolicyOptions)
  | ({ kind: 'check' } & CheckPolicyOptions);

/** Inputs that only a new policy has. */
const MAKING = [
  'name',
  'out',
  'base',
  'key',
  'key-passphrase',
  'certificate',
  'plugin-config',
  'push-to',
  'policy-version',
] as const satisfies readonly InputName[];

/** Checks the inputs of `ipe-policy`. Raises usage errors that name the input. */
export function ipePolicyOptions(
  raw: RawValues,
  images: readonly string[],
  dialect: Dialect,
  now = new Date(),
): IpePolicyOptions {
  const check = raw.check?.trim() ?? '';
  const verifying = verifyingOptions(raw, dialect);
  if (verifying.layers === 'none') {
    throw new VeritySignError('usage', `${dialect.label('layers')} none leaves no root hashes for a policy`, {
      remedy: 'Omit it',
    });
  }
  if (check === '') {
    const out = need(raw, 'out', 'Give the folder for the files of the policy', dialect);
    return { kind: 'make', ...makingOptions(raw, images, verifying, out, dialect, now) };
  }
  const idle = MAKING.find((name) => (raw[name]?.trim() ?? '') !== '');
  if (idle !== undefined) {
    throw new VeritySignError(
      'usage',
      `${dialect.label(idle)} has no effect with ${dialect.label('check')}`,
      {
        remedy: `Omit one of them: ${dialect.label('check')} makes no policy`,
      },
    );
  }
  return { kind: 'check', images, verifying, check };
}

/**
 * Checks the inputs of a new policy.
 * @param out folder of its files
 * @param now gives the version `auto`
 */
export function makingOptions(
  raw: RawValues,
  images: readonly string[],
  verifying: VerifyingOptions,
  out: string,
  dialect: Dialect,
  now: Date,
): MakePolicyOptions {
  const { label, secrets } = dialect;
  const key = keyReference(
    need(raw, 'key', 'Give the key that signs the policy: the kernel must trust its certificate', dialect),
    label('key'),
    secrets,
  );
  const passphrase = passphraseReference(text(raw, 'key-passphrase'), label('key-passphrase'), secrets);
  const config = pluginConfig(raw, dialect);
  refuseIdleConfig(config, key, label('plugin-config'));
  const options: MakePolicyOptions = {
    images,
    verifying,
    name: policyName(raw, dialect),
    version: policyVersion(text(raw, 'policy-version') ?? 'auto', label('policy-version'), now),
    out,
    ...optional('base', text(raw, 'base')),
    key: key ?? '',
    ...optional('keyPassphrase', passphrase),
    ...optional('certificate', certificateReference(raw, 'certificate', dialect)),
    pluginConfig: config,
    pushTo: listedTags(raw['push-to']),
  };
  // Last: only after all options are read are all secrets known.
  return isPlugin(key) ? { ...options, pluginSecrets: secrets.hidden } : options;
}

/** The kernel makes a folder of that name, and users make paths of it. */
function policyName(raw: RawValues, dialect: Dialect): string {
  const name = need(raw, 'name', 'Give the policy a name, such as the one of the application', dialect);
  if (/^[a-z0-9-]{1,100}$/.test(name)) return name;
  throw new VeritySignError(
    'usage',
    `${dialect.label('name')}: ${JSON.stringify(name.slice(0, 200))} is not a name of a policy`,
    { remedy: 'Use at most 100 lowercase letters, digits and hyphens' },
  );
}

function policyVersion(given: string, label: string, now: Date): PolicyVersion {
  if (given === 'auto') return versionOfTime(now);
  try {
    return parsePolicyVersion(given);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError('usage', `${label}: the policy ${error.message}`, {
      remedy: 'Write three numbers from 0 to 65535 with dots, such as 1.2.3, or auto',
    });
  }
}

function need(raw: RawValues, name: 'key' | 'name' | 'out', remedy: string, { label }: Dialect): string {
  const given = text(raw, name);
  if (given !== undefined) return given;
  throw new VeritySignError('usage', `${label(name)} is missing`, {
    remedy: `${remedy}; or check a policy that exists with ${label('check')}`,
  });
}
