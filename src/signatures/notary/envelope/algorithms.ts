/** The six signature algorithms of Notary Project signatures. [signature-specification, Algorithm Selection] */
import { constants, type KeyObject, verify } from 'node:crypto';
import { FormatError } from '../../../formats/format-error.ts';
import type { DigestName } from '../../../model/index.ts';
import type { KeySpec } from '../../../model/signing.ts';
import { specOfKey } from '../../x509/key.ts';

export interface Algorithm {
  /** `alg` of JWS. [RFC 7518, 3.1] */
  name: string;
  /** `alg` of COSE. [RFC 9053, 2.1; RFC 8230, 2] */
  cose: number;
  kind: KeySpec['kind'];
  /** Size of the key. */
  bits: number;
  digest: DigestName;
  /** Size of a signature. */
  signatureBytes: number;
}

const ALGORITHMS: readonly Algorithm[] = [
  { name: 'PS256', cose: -37, kind: 'rsa', bits: 2048, digest: 'sha256', signatureBytes: 256 },
  { name: 'PS384', cose: -38, kind: 'rsa', bits: 3072, digest: 'sha384', signatureBytes: 384 },
  { name: 'PS512', cose: -39, kind: 'rsa', bits: 4096, digest: 'sha512', signatureBytes: 512 },
  { name: 'ES256', cose: -7, kind: 'ec', bits: 256, digest: 'sha256', signatureBytes: 64 },
  { name: 'ES384', cose: -35, kind: 'ec', bits: 384, digest: 'sha384', signatureBytes: 96 },
  { name: 'ES512', cose: -36, kind: 'ec', bits: 521, digest: 'sha512', signatureBytes: 132 },
];

export function algorithmOfSpec(spec: KeySpec): Algorithm {
  const algorithm = find(spec);
  if (algorithm === undefined) throw new TypeError(`no algorithm for ${spec.kind} ${spec.bits}`);
  return algorithm;
}

/** The algorithm that belongs to a public key; `undefined` for keys that Notary does not sign with. */
export function algorithmOfKey(key: KeyObject | undefined): Algorithm | undefined {
  const spec = specOfKey(key);
  return spec && find(spec);
}

/** @throws FormatError for every other `alg`, `none` included */
export function algorithmNamed(alg: unknown): Algorithm {
  const algorithm = ALGORITHMS.find(({ name, cose }) => alg === name || alg === cose);
  if (algorithm === undefined) {
    throw new FormatError('is signed with an algorithm other than RSASSA-PSS and ECDSA with SHA-2');
  }
  return algorithm;
}

/** True if `signature` (RSASSA-PSS with a salt as long as the digest, or ECDSA as r‖s) is one over `bytes`. */
export function signatureHolds(
  key: KeyObject,
  algorithm: Algorithm,
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== algorithm.signatureBytes) return false;
  const how =
    algorithm.kind === 'rsa'
      ? ({
          key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        } as const)
      : ({ key, dsaEncoding: 'ieee-p1363' } as const);
  try {
    return verify(algorithm.digest, bytes, how, signature);
  } catch {
    // OpenSSL throws for some malformed signatures instead of saying no.
    return false;
  }
}

function find({ kind, bits }: KeySpec): Algorithm | undefined {
  return ALGORITHMS.find((one) => one.kind === kind && one.bits === bits);
}
