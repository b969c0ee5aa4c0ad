import type { DigestName } from './index.ts';
import type { KeyHolder } from './key-holder.ts';

export type { KeyHolder } from './key-holder.ts';

/**
 * What a signature is for: a layer's root hash or an IPE policy (checked by a kernel), a manifest (by notation),
 * or a certificate request (by a certificate authority).
 */
export type Purpose = 'layer' | 'policy' | 'manifest' | 'request';

/** Whether a kernel checks signatures of this purpose: it knows no RSASSA-PSS. */
export function isForKernel(purpose: Purpose): boolean {
  return purpose === 'layer' || purpose === 'policy';
}

/** A raw signature and how it was made. Whether a layer may carry it is for `pkcs7/` to say. */
export interface RawSignature {
  scheme: 'rsa-pkcs1-v1_5' | 'rsa-pss' | 'ecdsa-der' | 'ecdsa-p1363';
  digest: DigestName;
  value: Uint8Array;
}

/** A kind of key, and the digest that belongs to it. [Notary signature-specification, algorithm selection] */
export type KeySpec =
  | { kind: 'rsa'; bits: 2048 | 3072 | 4096; digest: DigestName }
  | { kind: 'ec'; bits: 256 | 384 | 521; digest: DigestName };

/** Something that holds a private key: a PEM file, a KMS, a plugin. It hashes what it is given. */
export interface Signer {
  /** DER certificates: leaf first, then its issuers, the root optional. */
  readonly certificateChain: readonly Uint8Array[];
  /**
   * Signs `bytes` with the digest that belongs to the key (RSA-2048, P-256: SHA-256; …): for a layer
   * or policy RSA PKCS#1 v1.5 or ECDSA, for a manifest RSASSA-PSS or ECDSA, for a request as for a layer, or
   * RSASSA-PSS if the key makes no other signatures. May be called side by side.
   * @throws VeritySignError 'key'
   */
  sign(bytes: Uint8Array, purpose: Purpose): Promise<RawSignature>;
}

/**
 * A key that has been checked, before any layer is converted, without keeping any secret of it: its
 * kind, what it can sign, that the leaf is its certificate, that the service lets it sign.
 */
export interface PreparedSigner {
  readonly holder: KeyHolder;
  readonly spec: KeySpec;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  /** DER certificates: leaf first; checked to be this key's. Empty if the key has none yet. */
  readonly certificateChain: readonly Uint8Array[];
  /** Defects of the key or its certificates that do not prevent signing but should be corrected. */
  readonly warnings?: readonly string[];
  /** Opens the key: called after the last conversion, and not at all if nothing is to be signed. */
  open(): Promise<Signer>;
}

/** What preparing a signer takes besides the key reference. */
export interface SignerRequest {
  /** DER, leaf first, from the option `certificate`; undefined without it. */
  certificates: readonly Uint8Array[] | undefined;
  /** The key may have no certificate: it is to get one. No purpose then needs the chain. */
  withoutCertificate?: boolean;
  /** What it will sign; a key that cannot do one of them is refused with the remedy. */
  purposes: readonly Purpose[];
  /** Reference to the passphrase: `env://NAME` or a path. */
  passphrase?: string;
  /** `plugin-config`, for notation plugins. */
  pluginConfig: Readonly<Record<string, string>>;
  /** Replaced in messages of a plugin, as the values of `env` are. */
  secrets?: readonly string[];
  /** Values that `env://NAME` may name; they are no longer in `process.env`. */
  env: Readonly<Record<string, string>>;
  /** Milliseconds for one request or plugin call. */
  timeout: number;
  signal: AbortSignal;
}
