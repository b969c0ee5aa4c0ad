import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { VeritySignError } from '../../errors.ts';
import type { DigestName } from '../../model/index.ts';
import type { KeySpec } from '../../model/signing.ts';

/** The digest follows the strength of the key. [Notary signature-specification, algorithm selection] */
const RSA_DIGESTS: Readonly<Record<number, DigestName>> = { 2048: 'sha256', 3072: 'sha384', 4096: 'sha512' };
const CURVES: Readonly<Record<string, { bits: 256 | 384 | 521; digest: DigestName }>> = {
  prime256v1: { bits: 256, digest: 'sha256' },
  secp384r1: { bits: 384, digest: 'sha384' },
  secp521r1: { bits: 521, digest: 'sha512' },
};

/**
 * The kind of a public or private key.
 * @throws VeritySignError 'key' for a kind that neither a kernel nor notation accepts.
 */
export function keySpecOf(key: KeyObject): KeySpec {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  const rsa = type === 'rsa' ? RSA_DIGESTS[modulusLength ?? 0] : undefined;
  if (rsa !== undefined) return { kind: 'rsa', bits: modulusLength as 2048 | 3072 | 4096, digest: rsa };
  const curve = type === 'ec' ? CURVES[namedCurve ?? ''] : undefined;
  if (curve !== undefined) return { kind: 'ec', ...curve };
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
export function keySpecName({ kind, bits }: KeySpec): string {
  return `${kind.toUpperCase()}-${bits}`;
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
