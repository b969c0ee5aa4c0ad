import { constants, verify } from 'node:crypto';
import { type AlgorithmIdentifier, RSASSAPSSParams } from 'pkijs';
import { type NotaryCertificate, RSASSA_PSS } from '../certificates/certificate.ts';
import { DIGESTS } from '../timestamp/token.ts';

/** RSA PKCS#1 v1.5 and ECDSA with SHA-2; SHA-1 is not accepted. [RFC 8017, C; RFC 5758] */
const ALGORITHMS: Readonly<Record<string, readonly ['rsa' | 'ec', string]>> = {
  '1.2.840.113549.1.1.11': ['rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['rsa', 'sha512'],
  '1.2.840.10045.4.3.2': ['ec', 'sha256'],
  '1.2.840.10045.4.3.3': ['ec', 'sha384'],
  '1.2.840.10045.4.3.4': ['ec', 'sha512'],
};

/** Whether this certificate's key signed the bytes, as an X.509 structure says it did. */
export function isSignedBy(
  { x509 }: NotaryCertificate,
  bytes: Uint8Array,
  { algorithmId, algorithmParams }: AlgorithmIdentifier,
  signature: Uint8Array,
): boolean {
  try {
    const key = x509.publicKey;
    if (algorithmId === RSASSA_PSS && key.asymmetricKeyType === 'rsa') {
      const { hashAlgorithm } = new RSASSAPSSParams({ schema: algorithmParams });
      const digest = DIGESTS[hashAlgorithm.algorithmId];
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      const how = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
      return digest !== undefined && verify(digest, bytes, how, signature);
    }
    const [kind, digest] = ALGORITHMS[algorithmId] ?? [];
    return kind === key.asymmetricKeyType && digest !== undefined && verify(digest, bytes, key, signature);
  } catch {
    // OpenSSL and the decoder throw for what is malformed: not signed either way.
    return false;
  }
}
