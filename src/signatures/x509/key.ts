/** The public keys that layers and manifests are signed with. [Notary signature-specification, algorithm selection] */
import type { KeyObject } from 'node:crypto';
import type { KeySpec } from '../../model/signing.ts';

/** A KeySpec by its name, as the Notary specification and notation plugins write it. */
export type KeyKind = 'RSA-2048' | 'RSA-3072' | 'RSA-4096' | 'EC-256' | 'EC-384' | 'EC-521';

/** The digest follows the strength of the key. */
const RSA: Readonly<Record<number, KeySpec>> = {
  2048: { kind: 'rsa', bits: 2048, digest: 'sha256' },
  3072: { kind: 'rsa', bits: 3072, digest: 'sha384' },
  4096: { kind: 'rsa', bits: 4096, digest: 'sha512' },
};

/** By OpenSSL's name of the curve. */
const CURVES: Readonly<Record<string, KeySpec>> = {
  prime256v1: { kind: 'ec', bits: 256, digest: 'sha256' },
  secp384r1: { kind: 'ec', bits: 384, digest: 'sha384' },
  secp521r1: { kind: 'ec', bits: 521, digest: 'sha512' },
};

/** `undefined` for keys that neither the kernel nor Notary accepts. */
export function specOfKey(key: KeyObject | undefined): KeySpec | undefined {
  const { modulusLength = 0, namedCurve = '' } = key?.asymmetricKeyDetails ?? {};
  if (key?.asymmetricKeyType === 'rsa') return RSA[modulusLength];
  return key?.asymmetricKeyType === 'ec' ? CURVES[namedCurve] : undefined;
}

export function kindOfSpec({ kind, bits }: KeySpec): KeyKind {
  return `${kind === 'rsa' ? 'RSA' : 'EC'}-${bits}` as KeyKind;
}

/** Bytes of one ECDSA coordinate. */
export const COORDINATE_BYTES: Readonly<Partial<Record<KeyKind, number>>> = {
  'EC-256': 32,
  'EC-384': 48,
  'EC-521': 66,
};
