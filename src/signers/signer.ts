import type { DigestName } from '../pipeline/stages.ts';

/** A raw signature and how it was made. Whether a layer may carry it is for `pkcs7/` to say. */
export interface RawSignature {
  scheme: 'rsa-pkcs1-v1_5' | 'rsa-pss' | 'ecdsa-der' | 'ecdsa-p1363';
  digest: DigestName;
  value: Uint8Array;
}

/** Something that holds a private key: a PEM file, a KMS, a plugin. It hashes what it is given. */
export interface Signer {
  /** DER certificates: leaf first, then its issuers, the root optional. */
  readonly certificateChain: readonly Uint8Array[];
  /** Signs `bytes` with the digest that belongs to the key (RSA-2048, P-256: SHA-256; …). */
  sign(bytes: Uint8Array): Promise<RawSignature>;
}
