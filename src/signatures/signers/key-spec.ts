import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { VeritySignError } from '../../errors.ts';
import type { KeySpec } from '../../model/signing.ts';
import { kindOfSpec, specOfKey } from '../x509/key.ts';

/**
 * The kind of a public or private key.
 * @throws VeritySignError 'key' for a kind that neither a kernel nor notation accepts.
 */
export function keySpecOf(key: KeyObject): KeySpec {
  const spec = specOfKey(key);
  if (spec !== undefined) return spec;
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  const size = modulusLength === undefined ? (namedCurve ?? '') : `${modulusLength} bits`;
  throw new VeritySignError(
    'key',
    `a key of type ${[type, size].filter(Boolean).join(' ')} cannot sign layers`,
    {
      remedy: 'Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521',
    },
  );
}

/** The name that Notary and notation plugins use, such as `RSA-2048` or `EC-256`. */
export function keySpecName(spec: KeySpec): string {
  return kindOfSpec(spec);
}

/**
 * Checks that the leaf certifies this key; `spki` is its public key in DER.
 * @throws VeritySignError 'key'
 */
export function checkLeaf(spki: Uint8Array, leaf: Uint8Array): void {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  if (new X509Certificate(leaf).publicKey.equals(key)) return;
  throw new VeritySignError('key', 'the key does not belong to the first certificate of the chain', {
    remedy: 'Give the certificate that was issued for this key, before its issuers',
  });
}
