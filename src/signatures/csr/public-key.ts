import { createPublicKey } from 'node:crypto';

/**
 * A public key as kernels and Go read it: an EC key with the name of its curve and both coordinates. OpenSSL keeps
 * explicit parameters and compressed points of a key's file, an authority copies them, and no kernel takes the
 * certificate. A JWK has neither.
 * @param publicKey SubjectPublicKeyInfo in DER
 * @returns the same key in DER
 */
export function usualPublicKey(publicKey: Uint8Array): Buffer {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  const jwk = createPublicKey({ key: key.export({ format: 'jwk' }), format: 'jwk' });
  return jwk.export({ format: 'der', type: 'spki' });
}
