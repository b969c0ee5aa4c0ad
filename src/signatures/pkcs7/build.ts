import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import type { DigestName } from '../../model/index.ts';
import type { RawSignature } from '../../model/signing.ts';
import { DIGEST_OIDS, ECDSA_OIDS, OID } from '../x509/algorithms.ts';
import { TAG } from '../x509/asn1/der-rules.ts';
import { encode, encodeInteger, encodeOid } from '../x509/asn1/encode.ts';
import { certificateName } from '../x509/certificate.ts';
import { checkEcdsaDer, p1363ToDer } from '../x509/ecdsa.ts';
import { COORDINATE_BYTES } from '../x509/key.ts';
import { type CertificateChain, embeddedCertificates } from './signing-chain.ts';
import { holdsOver, signedContent } from './verify.ts';

const NULL = encode(TAG.null);
/** Of SignedData and SignerInfo. */
const VERSION = encodeInteger(Uint8Array.of(1));

export interface Pkcs7Input {
  /** What the signer returned for the root hash. */
  signature: RawSignature;
  chain: CertificateChain;
  /** 64 lowercase hex digits. */
  rootHash: string;
}

export interface Pkcs7ContentInput {
  /** What the signer returned for the content. */
  signature: RawSignature;
  chain: CertificateChain;
  content: Uint8Array;
}

/**
 * The detached PKCS#7 signature of one root hash, DER: SignedData version 1 with one SignerInfo
 * version 1 and no attributes: but for the order of the certificates the bytes of
 * `openssl smime -sign -noattr -binary -outform DER`.
 *
 * The certificates are in the order leaf, intermediates. Strict DER would sort this SET OF, and openssl
 * smime writes the issuers before the signer; neither the kernel nor openssl asks for an order, and
 * readers that take the first certificate for the signer's find the right one. [RFC 2315, 9.1]
 *
 * The signature is verified with the leaf's public key first, so that a wrong key never gets this far.
 * @throws VeritySignError with code `key` if the kernel could not use the signature or it does not verify.
 */
export function buildPkcs7({ signature, chain, rootHash }: Pkcs7Input): Uint8Array {
  return build(signature, chain, signedContent(rootHash), []);
}

/**
 * As {@link buildPkcs7}, with the content in the message, as a kernel demands of an IPE policy: the bytes of
 * `openssl smime -sign -noattr -binary -nodetach -outform DER` but for the order of the certificates.
 * @throws VeritySignError as buildPkcs7
 */
export function buildPkcs7WithContent({ signature, chain, content }: Pkcs7ContentInput): Uint8Array {
  const embedded = encode(TAG.context0, encode(TAG.octetString, content));
  return build(signature, chain, content, [embedded]);
}

/** @param embedded the content as an element, or nothing */
function build(
  signature: RawSignature,
  chain: CertificateChain,
  content: Uint8Array,
  embedded: readonly Uint8Array[],
): Uint8Array {
  const { leaf } = chain;
  const value = kernelSignature(signature, chain);
  if (!holdsOver(leaf.key, signature.digest, value, content)) {
    throw new VeritySignError(
      'key',
      `the signer returned a signature that the ${certificateName(leaf)} does not verify`,
      { remedy: 'Give the certificate that belongs to the key' },
    );
  }
  // `NULL` parameters where openssl smime has them: after the digest and rsaEncryption.
  const digest = encode(TAG.sequence, encodeOid(DIGEST_OIDS[signature.digest]), NULL);
  const signerInfo = encode(
    TAG.sequence,
    VERSION,
    encode(TAG.sequence, leaf.raw.issuer, leaf.raw.serial),
    digest,
    signatureAlgorithm(signature.scheme, signature.digest),
    encode(TAG.octetString, value),
  );
  const signedData = encode(
    TAG.sequence,
    VERSION,
    encode(TAG.set, digest),
    encode(TAG.sequence, encodeOid(OID.data), ...embedded),
    encode(TAG.context0, ...embeddedCertificates(chain).map((certificate) => certificate.der)),
    encode(TAG.set, signerInfo),
  );
  return encode(TAG.sequence, encodeOid(OID.signedData), encode(TAG.context0, signedData));
}

/** The signature in the form that PKCS#7 carries; refuses what does not fit the key or the kernel. */
function kernelSignature(signature: RawSignature, { leaf }: CertificateChain): Uint8Array {
  const { scheme, value } = signature;
  const kind = leaf.keyKind ?? 'unknown key';
  if (scheme === 'rsa-pss') {
    throw new VeritySignError(
      'key',
      'the signer returned an RSASSA-PSS signature, which the kernel cannot verify',
      {
        remedy: 'Use an EC key, or a signer that can make RSA PKCS#1 v1.5 signatures',
      },
    );
  }
  const coordinateBytes = leaf.keyKind === undefined ? undefined : COORDINATE_BYTES[leaf.keyKind];
  if ((scheme === 'rsa-pkcs1-v1_5') !== (coordinateBytes === undefined)) {
    throw new VeritySignError('key', `the signer returned a signature of scheme ${scheme} for ${kind}`, {
      remedy: 'Give the certificate that belongs to the key',
    });
  }
  if (coordinateBytes === undefined) return value;
  try {
    if (scheme === 'ecdsa-p1363') return p1363ToDer(value, coordinateBytes);
    checkEcdsaDer(value, coordinateBytes);
    return value;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const what = `an ECDSA signature for ${kind} that ${error.message}`;
    throw new VeritySignError('key', `the signer returned ${what}`, {
      remedy: 'Give the certificate that belongs to the key, and check the signer',
      cause: error,
    });
  }
}

function signatureAlgorithm(scheme: RawSignature['scheme'], digest: DigestName): Uint8Array {
  return scheme === 'rsa-pkcs1-v1_5'
    ? encode(TAG.sequence, encodeOid(OID.rsaEncryption), NULL)
    : encode(TAG.sequence, encodeOid(ECDSA_OIDS[digest]));
}
