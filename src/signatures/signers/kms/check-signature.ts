import { constants, createHash, type KeyObject, verify } from 'node:crypto';
import { VeritySignError } from '../../../errors.ts';
import type { DigestName } from '../../../model/index.ts';
import type { RawSignature } from '../../../model/signing.ts';

/** The digest that a service signs. The service never gets the bytes themselves. */
export function digestOf(digest: DigestName, bytes: Uint8Array): Buffer {
  return createHash(digest).update(bytes).digest();
}

/**
 * Verifies the signature that a service returned, so that damage in transit or a wrong key is found here.
 * @param service For the message, such as `Azure Key Vault`.
 * @returns The signature.
 * @throws VeritySignError 'key'
 */
export function checkedSignature(
  signature: RawSignature,
  bytes: Uint8Array,
  key: KeyObject,
  service: string,
): RawSignature {
  if (holds(signature, bytes, key)) return signature;
  throw new VeritySignError('key', `${service} returned a signature that its own key does not verify`, {
    remedy: 'Run again. If it recurs, check the key and any proxy between the service and this machine',
  });
}

/** Whether the key verifies the signature by its scheme. */
export function holds({ scheme, digest, value }: RawSignature, bytes: Uint8Array, key: KeyObject): boolean {
  switch (scheme) {
    case 'rsa-pkcs1-v1_5':
      return verify(digest, bytes, { key, padding: constants.RSA_PKCS1_PADDING }, value);
    case 'rsa-pss': {
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      return verify(digest, bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, value);
    }
    case 'ecdsa-der':
      return verify(digest, bytes, { key, dsaEncoding: 'der' }, value);
    case 'ecdsa-p1363':
      return verify(digest, bytes, { key, dsaEncoding: 'ieee-p1363' }, value);
  }
}
