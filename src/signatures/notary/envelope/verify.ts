import { VeritySignError } from '../../../errors.ts';
import { readCertificate } from '../../x509/certificate.ts';
import { algorithmOfKey, signatureHolds } from './algorithms.ts';
import type { NotaryEnvelope } from './envelope.ts';

/**
 * Checks that the first certificate's key made the signature, with the algorithm that belongs to that
 * key. Says nothing about whether the certificate is trusted.
 * @throws VeritySignError 'image'
 */
export function checkIntegrity(envelope: NotaryEnvelope): void {
  const { chain, algorithm, signed, signature } = envelope;
  const [leaf = new Uint8Array()] = chain;
  const { key, subject } = readCertificate(leaf);
  const fitting = algorithmOfKey(key);
  if (key === undefined || fitting?.name !== algorithm) {
    throw new VeritySignError(
      'image',
      `the Notary signature claims the algorithm ${algorithm}, which the key of "${subject}" does not sign with`,
      { remedy: 'Sign the image again with a tool that follows the Notary specification' },
    );
  }
  if (!signatureHolds(key, fitting, signed, signature)) {
    throw new VeritySignError('image', `the Notary signature was not made by the key of "${subject}"`, {
      remedy:
        'Sign the image again. If the image has not changed since it was signed, the signature was modified',
    });
  }
}
