import { VeritySignError } from '../../errors.ts';
import type { VerifyOptions } from '../shared/options.ts';

/** @throws VeritySignError 'usage' for options that require nothing, or that state trust twice. */
export function checkDemands(options: VerifyOptions): void {
  const { trustPolicy, trustedCertificates, trustStores, layers, manifestSignature, allowExpired } = options;
  if (layers === 'none' && manifestSignature === 'none') {
    throw new VeritySignError('usage', 'with neither layers nor manifest signatures nothing is verified', {
      remedy: 'Set layers to required or auto, or manifest-signature to required',
    });
  }
  if (trustPolicy === undefined) {
    if (options.trustPolicyScope === undefined) return;
    throw new VeritySignError('usage', 'trust-policy-scope is given without trust-policy', {
      remedy: 'Give both or neither',
    });
  }
  if (trustedCertificates.length + trustStores.length > 0) {
    throw new VeritySignError(
      'usage',
      'trust-policy cannot be combined with trusted-certificate or trust-store',
      { remedy: 'Name the trust stores in the trust policy only' },
    );
  }
  if (allowExpired) {
    throw new VeritySignError('usage', 'allow-expired cannot be combined with trust-policy', {
      remedy: "Let the trust policy's signatureVerification override authenticTimestamp with log",
    });
  }
}
