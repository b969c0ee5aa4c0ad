/** Signatures over X.509 and CMS structures, verified with node:crypto. */
import { constants, type KeyObject, verify } from 'node:crypto';
import { FormatError } from '../../formats/format-error.ts';
import type { DigestName } from '../../model/index.ts';
import {
  type AlgorithmIdentifier,
  algorithmName,
  DIGEST_OIDS,
  digestOfOid,
  ECDSA_OIDS,
  OID,
  RSA_WITH_DIGEST_OIDS,
} from './algorithms.ts';
import { TAG } from './asn1/der-rules.ts';
import { fieldsOf, unwrap } from './asn1/fields.ts';
import { oidOf } from './asn1/values.ts';
import type { Certificate } from './certificate.ts';

/** What an AlgorithmIdentifier says of a signature. */
export interface SignatureScheme {
  key: 'rsa' | 'ec' | 'ed25519';
  /** `undefined` where it is named elsewhere (rsaEncryption, Ed25519) or is not one of SHA-2. */
  digest: DigestName | undefined;
  pss: boolean;
}

/** `undefined` for algorithms that nothing here accepts, SHA-1 and MD5 among them. */
export function signatureScheme(algorithm: AlgorithmIdentifier): SignatureScheme | undefined {
  const { oid } = algorithm;
  if (oid === OID.rsaEncryption) return { key: 'rsa', digest: undefined, pss: false };
  if (oid === OID.rsassaPss) return { key: 'rsa', digest: pssDigest(algorithm), pss: true };
  if (oid === OID.ed25519) return { key: 'ed25519', digest: undefined, pss: false };
  const rsa = digestOfOid(RSA_WITH_DIGEST_OIDS, oid);
  if (rsa !== undefined) return { key: 'rsa', digest: rsa, pss: false };
  const ecdsa = digestOfOid(ECDSA_OIDS, oid);
  return ecdsa === undefined ? undefined : { key: 'ec', digest: ecdsa, pss: false };
}

/** Why a signature's algorithm is not accepted, as a predicate; `undefined` for SHA-2 and Ed25519. */
export function algorithmViolation(algorithm: AlgorithmIdentifier): string | undefined {
  const scheme = signatureScheme(algorithm);
  if (scheme?.digest !== undefined || scheme?.key === 'ed25519') return undefined;
  const name = scheme?.pss === true ? 'RSASSA-PSS without SHA-2' : algorithmName(algorithm.oid);
  return `is signed with ${name}, which is not accepted`;
}

/**
 * Whether a certificate's key signed the bytes, as a revocation list or OCSP response says it did: by RSA
 * PKCS#1 v1.5, RSASSA-PSS or ECDSA with SHA-2, or by Ed25519.
 */
export function isSignedBy(
  { key }: Certificate,
  bytes: Uint8Array,
  algorithm: AlgorithmIdentifier,
  signature: Uint8Array,
): boolean {
  const scheme = signatureScheme(algorithm);
  if (key === undefined || scheme === undefined || scheme.key !== key.asymmetricKeyType) return false;
  const digest = scheme.key === 'ed25519' ? null : scheme.digest;
  return digest !== undefined && verifies(key, { digest, pss: scheme.pss }, bytes, signature);
}

/**
 * Whether `key` made the signature (ECDSA in DER; RSASSA-PSS with a salt as long as the digest).
 * A `digest` of null is for Ed25519 only.
 */
export function verifies(
  key: KeyObject,
  { digest, pss }: { digest: DigestName | null; pss: boolean },
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  const padding = {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  try {
    return verify(digest, bytes, pss ? { key, ...padding } : { key }, signature);
  } catch {
    // OpenSSL throws for some malformed signatures instead of saying no.
    return false;
  }
}

/**
 * The digest of RSASSA-PSS-params, whose default is SHA-1: SEQUENCE { hashAlgorithm [0] DEFAULT sha1, … }.
 * `undefined` for one that is not of SHA-2, and for parameters that cannot be read. [RFC 4055, 3.1]
 */
function pssDigest({ parameters }: AlgorithmIdentifier): DigestName | undefined {
  try {
    const hash = fieldsOf(parameters, 'the RSASSA-PSS parameters').takeIf(TAG.context0);
    if (hash === undefined) return undefined;
    const identifier = fieldsOf(unwrap(hash, TAG.sequence, 'the hash algorithm'), 'the hash algorithm');
    return digestOfOid(DIGEST_OIDS, oidOf(identifier.takeAny()));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}
