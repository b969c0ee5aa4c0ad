import type { RemoveOptions } from '../../../commands/remove/options.ts';
import { VeritySignError } from '../../../errors.ts';
import { parseFingerprint } from '../../../signatures/x509/identity.ts';
import type { RawValues } from '../catalog.ts';
import { commonOptions } from '../common-options.ts';
import { type Dialect, flag } from '../values.ts';
import { need } from './csr-options.ts';

/** All options of removing except the image. */
export type RemovingOptions = Omit<RemoveOptions, 'image'>;

/** Checks the inputs of `remove`. Raises usage errors that name the input. */
export function removingOptions(raw: RawValues, dialect: Dialect): RemovingOptions {
  const remedy =
    'Give the SHA-256 fingerprint of the certificate: inspect shows it, and so does openssl x509 -fingerprint -sha256';
  const given = need(raw, 'signer', remedy, dialect);
  const signer = parseFingerprint(given);
  if (signer === undefined) {
    throw new VeritySignError(
      'usage',
      `${dialect.label('signer')}: ${JSON.stringify(given.slice(0, 200))} is not a whole SHA-256 fingerprint`,
      { remedy },
    );
  }
  const common = commonOptions(raw, dialect);
  return {
    ...common,
    signer,
    onlyProfiles: (raw.profile ?? '').trim() === '' ? [] : common.profiles,
    yes: flag(raw, 'yes', dialect),
    force: flag(raw, 'force', dialect),
  };
}
