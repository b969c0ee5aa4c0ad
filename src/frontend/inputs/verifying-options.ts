import type { VerifyOptions } from '../../commands/shared/options.ts';
import { VeritySignError } from '../../errors.ts';
import type { RawValues } from './catalog.ts';
import {
  certificateReferences,
  choice,
  commonOptions,
  type Dialect,
  flag,
  layersChoice,
  text,
} from './common-options.ts';
import { parseLines, parseList, parseTime } from './parse-values.ts';

/** All options of verifying except the image. */
export type VerifyingOptions = Omit<VerifyOptions, 'image'>;

/** Checks the inputs of `verify`. Raises usage errors that name the input. */
export function verifyingOptions(raw: RawValues, dialect: Dialect): VerifyingOptions {
  const trustedCertificates = certificateReferences(raw, 'trusted-certificate', dialect);
  const trustStores = parseList(text(raw, 'trust-store'));
  const trustPolicy = text(raw, 'trust-policy');
  const trustPolicyScope = text(raw, 'trust-policy-scope');
  if (trustPolicy === undefined && trustedCertificates.length + trustStores.length === 0) {
    const names = (['trusted-certificate', 'trust-store', 'trust-policy'] as const).map(dialect.label);
    throw new VeritySignError('usage', `neither ${names.join(' nor ')} is given`, {
      remedy: 'Set at least one: no certificate is trusted by default',
    });
  }
  const at = text(raw, 'at');
  return {
    ...commonOptions(raw, dialect),
    trustedCertificates,
    trustStores,
    ...(trustPolicy === undefined ? {} : { trustPolicy }),
    ...(trustPolicyScope === undefined ? {} : { trustPolicyScope }),
    layers: layersChoice(raw, 'verify', dialect),
    manifestSignature: choice(raw, 'manifest-signature', 'verify', dialect),
    signerIdentities: parseLines(text(raw, 'signer-identity')),
    recompute: flag(raw, 'recompute', dialect),
    allowExpired: flag(raw, 'allow-expired', dialect),
    ...(at === undefined ? {} : { at: parseTime(at, dialect.label('at')) }),
    strict: flag(raw, 'strict', dialect),
  };
}
