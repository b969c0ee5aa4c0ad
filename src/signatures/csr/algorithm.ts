/** Signatures of certificates and requests: how X.509 names and writes what a signer made. */
import type { DigestName } from '../../model/index.ts';
import type { KeySpec, RawSignature } from '../../model/signing.ts';
import { DIGEST_OIDS, ECDSA_OIDS, OID, RSA_WITH_DIGEST_OIDS } from '../x509/algorithms.ts';
import { TAG } from '../x509/asn1/der-rules.ts';
import { encode, encodeInteger, encodeOid } from '../x509/asn1/encode.ts';
import { p1363ToDer } from '../x509/ecdsa.ts';
import { COORDINATE_BYTES, kindOfSpec } from '../x509/key.ts';

const MGF1 = '1.2.840.113549.1.1.8';
/** Bytes of a digest, and of the salt of RSASSA-PSS. */
const DIGEST_BYTES: Readonly<Record<DigestName, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** How a signature was made. */
export type SignatureForm = Pick<RawSignature, 'scheme' | 'digest'>;

/** AlgorithmIdentifier. [RFC 4055, 3.1 and 5; RFC 5758, 3.2] */
export function encodeAlgorithm({ scheme, digest }: SignatureForm): Buffer {
  switch (scheme) {
    case 'rsa-pkcs1-v1_5':
      return encode(TAG.sequence, encodeOid(RSA_WITH_DIGEST_OIDS[digest]), encode(TAG.null));
    case 'rsa-pss':
      return encode(TAG.sequence, encodeOid(OID.rsassaPss), pssParameters(digest));
    case 'ecdsa-der':
    case 'ecdsa-p1363':
      return encode(TAG.sequence, encodeOid(ECDSA_OIDS[digest]));
  }
}

function pssParameters(digest: DigestName): Buffer {
  const hash = encode(TAG.sequence, encodeOid(DIGEST_OIDS[digest]), encode(TAG.null));
  return encode(
    TAG.sequence,
    encode(TAG.context0, hash),
    encode(TAG.context1, encode(TAG.sequence, encodeOid(MGF1), hash)),
    encode(TAG.context2, encodeInteger(Uint8Array.of(DIGEST_BYTES[digest]))),
  );
}

/** The bytes of a signature as X.509 has them: ECDSA in DER. */
export function signatureBytes({ scheme, value }: RawSignature, spec: KeySpec): Uint8Array {
  const half = COORDINATE_BYTES[kindOfSpec(spec)];
  return scheme === 'ecdsa-p1363' && half !== undefined ? p1363ToDer(value, half) : value;
}
