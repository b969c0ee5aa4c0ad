import { VeritySignError } from '../../../../errors.ts';
import type { DigestName } from '../../../../model/index.ts';
import { isForKernel, type KeySpec, type Purpose, type RawSignature } from '../../../../model/signing.ts';
import { keySpecName } from '../../key-spec.ts';

/** How a key version signs. In Cloud KMS that is a property of the key, not of the request. */
export interface GoogleAlgorithm {
  scheme: Exclude<RawSignature['scheme'], 'ecdsa-p1363'>;
  digest: DigestName;
  /** The service pads its input and adds no DigestInfo, so DigestInfo is added here. */
  raw: boolean;
}

const LAYER_ALGORITHMS = 'EC_SIGN_P256_SHA256, EC_SIGN_P384_SHA384 or one of RSA_SIGN_PKCS1';
const MANIFEST_ALGORITHMS =
  'EC_SIGN_P256_SHA256, EC_SIGN_P384_SHA384, RSA_SIGN_PSS_2048_SHA256 or RSA_SIGN_PSS_4096_SHA512';
const BOTH_ALGORITHMS = 'EC_SIGN_P256_SHA256 or EC_SIGN_P384_SHA384, which can sign both';

/**
 * Reads the algorithm of a key version and checks it against what is to be signed.
 *
 * A kernel takes any of SHA-256, SHA-384 and SHA-512 with any of its RSA keys, so that a layer may be
 * signed by RSA_SIGN_PKCS1_3072_SHA256, although SHA-384 belongs to that key elsewhere; Cloud KMS has no
 * other choice for 3072 bits but RAW. Notation derives the algorithm from the key and refuses any other.
 * [Cloud KMS: CryptoKeyVersionAlgorithm; Notary signature-specification, algorithm selection]
 * @throws VeritySignError 'key'
 */
export function googleAlgorithm(name: string, spec: KeySpec, purposes: readonly Purpose[]): GoogleAlgorithm {
  const algorithm = readAlgorithm(name, spec);
  const remedy = (list: string) => ({
    remedy: `Use a key version of the algorithm ${purposes.length > 1 ? BOTH_ALGORITHMS : list}`,
  });
  if (algorithm === undefined) {
    const message = `the key version has the algorithm ${name}, which cannot sign images`;
    throw new VeritySignError('key', message, remedy(LAYER_ALGORITHMS));
  }
  const { scheme, digest } = algorithm;
  if (purposes.some(isForKernel) && scheme === 'rsa-pss') {
    const what = purposes.includes('policy') ? 'policies' : 'layers';
    const message = `a key version of the algorithm ${name} makes only RSASSA-PSS signatures, which a kernel cannot verify: it cannot sign ${what}`;
    throw new VeritySignError('key', message, remedy(LAYER_ALGORITHMS));
  }
  if (!purposes.includes('manifest')) return algorithm;
  if (scheme === 'rsa-pkcs1-v1_5') {
    const message = `a key version of the algorithm ${name} makes only PKCS#1 v1.5 signatures, which Notary does not accept: it cannot sign manifests`;
    throw new VeritySignError('key', message, remedy(MANIFEST_ALGORITHMS));
  }
  if (digest !== spec.digest) {
    const message = `a key version of the algorithm ${name} signs with ${digest.toUpperCase()}, but Notary requires ${spec.digest.toUpperCase()} of ${keySpecName(spec)}: it cannot sign manifests`;
    throw new VeritySignError('key', message, remedy(MANIFEST_ALGORITHMS));
  }
  return algorithm;
}

/** Undefined for an algorithm that makes no RSA or ECDSA signatures, or that does not fit the key. */
function readAlgorithm(name: string, spec: KeySpec): GoogleAlgorithm | undefined {
  const [, raw, padding, rsaBits, rsaDigest] =
    /^RSA_SIGN_(RAW_)?(PKCS1|PSS)_(2048|3072|4096)(?:_SHA(256|512))?$/.exec(name) ?? [];
  if (rsaBits !== undefined) {
    const fits =
      spec.kind === 'rsa' &&
      spec.bits === Number(rsaBits) &&
      (raw !== undefined) === (rsaDigest === undefined);
    if (!fits || (raw !== undefined && padding !== 'PKCS1')) return undefined;
    const digest = raw === undefined ? (`sha${rsaDigest}` as DigestName) : spec.digest;
    return { scheme: padding === 'PSS' ? 'rsa-pss' : 'rsa-pkcs1-v1_5', digest, raw: raw !== undefined };
  }
  const [, curve, digest] = /^EC_SIGN_P(256|384)_SHA(256|384)$/.exec(name) ?? [];
  if (curve === undefined || spec.kind !== 'ec' || spec.bits !== Number(curve)) return undefined;
  return { scheme: 'ecdsa-der', digest: `sha${digest}` as DigestName, raw: false };
}

/** The DER that PKCS#1 v1.5 pads: the name of the digest and the digest. [RFC 8017, 9.2 note 1] */
export function digestInfo(digest: DigestName, hash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(DIGEST_INFO_PREFIXES[digest], 'hex'), hash]);
}

const DIGEST_INFO_PREFIXES: Readonly<Record<DigestName, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};
