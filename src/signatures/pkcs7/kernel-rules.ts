/**
 * What the kernel asks of certificates, and what verifiers outside the kernel ask of layer signatures. Each
 * rule gives the reason as a predicate, such as `is not a CA certificate`; `undefined` if it is kept.
 * [Linux crypto/asymmetric_keys/x509_cert_parser.c, pkcs7_verify.c; RFC 5280, 6.1.4]
 */
import { algorithmName, digestOfOid, ECDSA_OIDS, OID, RSA_WITH_DIGEST_OIDS } from '../x509/algorithms.ts';
import { type Certificate, hasShortPoint, hasUnnamedCurve } from '../x509/certificate.ts';
import { hasIssued, keyIdentifiersMatch } from '../x509/chain.ts';
import { KEY_USAGE } from '../x509/extensions.ts';
import { specOfKey } from '../x509/key.ts';
import { formViolation } from './kernel-form.ts';

/**
 * Most bytes of a signature: dm-verity takes it from a key of the type `user`, whose payload has a limit.
 * [Linux security/keys/user_defined.c, user_preparse]
 */
export const MAX_PKCS7_BYTES = 32_767;

/**
 * Most bytes of a message with content, such as an IPE policy: the kernel's reader of ASN.1 takes no more.
 * [Linux lib/asn1_decoder.c, asn1_ber_decoder]
 */
export const MAX_PKCS7_WITH_CONTENT_BYTES = 65_535;

/** Most certificates in a signature. Each may be checked against each other: hundreds would take minutes. */
export const MAX_CERTIFICATES = 16;

/** The order that a chain is given in: as `hasIssued`, by the key identifiers too where both have one. */
export function mayHaveIssued(issuer: Certificate, subject: Certificate): boolean {
  return keyIdentifiersMatch(issuer, subject) && hasIssued(issuer, subject);
}

/**
 * Form, key and signature algorithm that the kernel knows. A certificate that it cannot parse makes it
 * refuse the whole message.
 */
export function kernelViolation(certificate: Certificate): string | undefined {
  const key = keyViolation(certificate);
  if (key !== undefined) {
    return `has ${key}; the kernel accepts RSA of 2048, 3072 or 4096 bits and EC P-256, P-384 or P-521`;
  }
  const { oid } = certificate.signatureAlgorithm;
  if ((digestOfOid(RSA_WITH_DIGEST_OIDS, oid) ?? digestOfOid(ECDSA_OIDS, oid)) !== undefined)
    return formViolation(certificate);
  return `is signed with ${algorithmName(oid)}; only RSA PKCS#1 v1.5 and ECDSA with SHA-256, SHA-384 or SHA-512 are accepted`;
}

/**
 * A CA that may have issued what is below it. The kernel does not check this, verification outside it
 * does. [RFC 5280, 6.1.4 (k) to (n)]
 * @param below Number of CA certificates between it and the leaf, self-issued ones not counted.
 */
export function issuerViolation(issuer: Certificate, below: number): string | undefined {
  const { basicConstraints, keyUsage } = issuer.extensions;
  if (basicConstraints?.isCa !== true) return 'is not a CA certificate (basicConstraints)';
  if (keyUsage?.bits.has(KEY_USAGE.keyCertSign) === false) return 'may not sign certificates (keyUsage)';
  const { pathLength } = basicConstraints;
  if (pathLength !== undefined && below > pathLength) {
    return `allows at most ${pathLength} CA certificates below it (basicConstraints), there are ${below}`;
  }
  return undefined;
}

/** A leaf that may sign layers, apart from its key and algorithm. */
export function leafViolation(leaf: Certificate): string | undefined {
  const { basicConstraints, keyUsage } = leaf.extensions;
  if (keyUsage?.bits.has(KEY_USAGE.digitalSignature) === false) {
    return 'may not make signatures (keyUsage lacks digitalSignature)';
  }
  if (basicConstraints?.isCa === true && !leaf.selfSigned) {
    return 'is a CA certificate, not a signing certificate';
  }
  return undefined;
}

/** A noun phrase for a key that the kernel cannot use; OpenSSL reads more forms of a key. */
function keyViolation({ key, keyAlgorithm, raw }: Certificate): string | undefined {
  if (hasUnnamedCurve(keyAlgorithm)) return 'an EC key whose curve is not named';
  if (hasShortPoint(keyAlgorithm, raw.publicKey)) return 'an EC key whose point is compressed or hybrid';
  if (keyAlgorithm.oid === OID.rsaAlias) return `an RSA key under the identifier ${OID.rsaAlias}`;
  if (key === undefined) return 'a public key that cannot be read';
  if (specOfKey(key) !== undefined) return undefined;
  const { modulusLength = 0, namedCurve = '(unnamed)' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return `an RSA key of ${modulusLength} bits`;
    case 'ec':
      return `an EC key on the curve ${namedCurve}`;
    case 'rsa-pss':
      return 'an RSA key that is bound to RSASSA-PSS';
    default:
      return `a key of the type ${key.asymmetricKeyType ?? '(unknown)'}`;
  }
}
