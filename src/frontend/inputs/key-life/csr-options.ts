import type { CsrOptions } from '../../../commands/csr/make-request.ts';
import { VeritySignError } from '../../../errors.ts';
import type { RawValues } from '../catalog.ts';
import { parseCount, parseDuration } from '../parse-values.ts';
import { keyReference, passphraseReference } from '../secrets.ts';
import { isPlugin, pluginConfig, refuseIdleConfig } from '../signing-options.ts';
import { type Dialect, flag, optional, parsed, required, text } from '../values.ts';

/** The options of `csr`, and where its result goes. */
export interface CsrInvocation {
  options: CsrOptions;
  /** Path of a new file; undefined for standard output. */
  out?: string;
}

const DEFAULT_DAYS = 30;
/** A hundred years: dates have four digits of a year. */
const MOST_DAYS = 36_500;

/** Checks the inputs of `csr`. Raises usage errors that name the input. */
export function csrOptions(raw: RawValues, dialect: Dialect): CsrInvocation {
  const { label, secrets } = dialect;
  const key = keyReference(
    need(raw, 'key', 'Give the key that the certificate is for', dialect),
    label('key'),
    secrets,
  );
  const passphrase = passphraseReference(text(raw, 'key-passphrase'), label('key-passphrase'), secrets);
  const config = pluginConfig(raw, dialect);
  refuseIdleConfig(config, key, label('plugin-config'));
  const selfSigned = flag(raw, 'self-signed', dialect);
  const days = parsed(raw, 'days', dialect, (given, name) => parseCount(given, 1, MOST_DAYS, name));
  if (days !== undefined && !selfSigned) {
    throw new VeritySignError('usage', `${label('days')} has no effect without ${label('self-signed')}`, {
      remedy: 'Omit it: the authority that issues the certificate decides how long it is valid',
    });
  }
  const options: CsrOptions = {
    key: required(key, 'key', dialect),
    ...optional('keyPassphrase', passphrase),
    pluginConfig: config,
    subject: need(raw, 'subject', 'Give who holds the key, such as CN=release,O=Example,C=DE', dialect),
    ...(selfSigned ? { selfSignedDays: days ?? DEFAULT_DAYS } : {}),
    timeout: required(parsed(raw, 'timeout', dialect, parseDuration), 'timeout', dialect),
  };
  return {
    // Last: only after all options are read are all secrets known.
    options: isPlugin(key) ? { ...options, pluginSecrets: secrets.hidden } : options,
    ...optional('out', text(raw, 'out')),
  };
}

/** The value of an input that the command cannot do without. Error: `usage`. */
export function need(
  raw: RawValues,
  name: 'key' | 'subject' | 'signer',
  remedy: string,
  { label }: Dialect,
): string {
  const given = text(raw, name);
  if (given !== undefined) return given;
  throw new VeritySignError('usage', `${label(name)} is missing`, { remedy });
}
