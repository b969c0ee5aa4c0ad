/**
 * Keys and signatures of certificates that OpenSSL verifies and Go does not: notation then rejects the signature,
 * whatever else is right. [Go crypto/x509 x509.go: getSignatureAlgorithmFromAI; crypto/rsa: public exponents]
 */
import { FormatError } from '../../../formats/format-error.ts';
import type { DigestName } from '../../../model/index.ts';
import {
  type AlgorithmIdentifier,
  algorithmName,
  DIGEST_OIDS,
  digestOfOid,
  OID,
  readAlgorithm,
} from '../../x509/algorithms.ts';
import type { Element } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { fieldsOf, unwrap } from '../../x509/asn1/fields.ts';
import { smallIntegerOf } from '../../x509/asn1/values.ts';
import { type Certificate, certificateName } from '../../x509/certificate.ts';
import type { Violation } from './violation.ts';

/** Keys that Go verifies certificates with. */
const KEYS: ReadonlySet<string> = new Set([OID.rsaEncryption, OID.ecPublicKey, OID.ed25519]);
const MAX_EXPONENT = 2n ** 31n - 1n;
const MGF1 = '1.2.840.113549.1.1.8';
/** Bytes of each digest, which the salt must have too. */
const SALT_LENGTHS: Readonly<Record<DigestName, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** Why Go cannot verify what a key has signed; undefined if nothing here is the reason. */
export function goKeyViolation(certificate: Certificate): Violation | undefined {
  const reason = keyReason(certificate);
  if (reason === undefined) return undefined;
  return {
    what: `the ${certificateName(certificate)} has ${reason}: notation cannot verify with it`,
    remedy: 'Use a certificate and CAs with usual RSA keys (rsaEncryption, exponent 65537) or EC keys',
  };
}

/** Why Go cannot verify the signature of a certificate; undefined if nothing here is the reason. */
export function goSignatureViolation(certificate: Certificate): Violation | undefined {
  const { signatureAlgorithm } = certificate;
  if (signatureAlgorithm.oid !== OID.rsassaPss || isPssOfGo(signatureAlgorithm)) return undefined;
  return {
    what: `the ${certificateName(certificate)} is signed by RSASSA-PSS with unusual parameters: notation cannot verify it`,
    remedy: 'Have it issued again, with a salt as long as the digest and MGF1 with the same digest',
  };
}

function keyReason({ key, keyAlgorithm }: Certificate): string | undefined {
  if (!KEYS.has(keyAlgorithm.oid)) return `a key for ${algorithmName(keyAlgorithm.oid)}`;
  const exponent = key?.asymmetricKeyDetails?.publicExponent ?? 0n;
  return exponent > MAX_EXPONENT ? `an RSA key with the exponent ${exponent}` : undefined;
}

/**
 * Whether parameters are one of Go's three sets: SHA-256, SHA-384 or SHA-512, MGF1 with the same, a salt of the same
 * length. [RFC 4055, 3.1]
 */
function isPssOfGo({ parameters }: AlgorithmIdentifier): boolean {
  try {
    const fields = fieldsOf(parameters, 'the RSASSA-PSS parameters');
    const [hash, mask, salt] = [
      fields.take(TAG.context0, 'hash algorithm'),
      fields.take(TAG.context1, 'mask generation function'),
      fields.take(TAG.context2, 'salt length'),
    ];
    const trailer = fields.takeIf(TAG.context3);
    const digest = digestOf(unwrap(hash, TAG.sequence, 'the hash algorithm'));
    const mgf = readAlgorithm(unwrap(mask, TAG.sequence, 'the mask generation function'), 'MGF1');
    return (
      digest !== undefined &&
      mgf.oid === MGF1 &&
      digestOf(mgf.parameters) === digest &&
      numberIn(salt) === SALT_LENGTHS[digest] &&
      (trailer === undefined || numberIn(trailer) === 1)
    );
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return false;
  }
}

function digestOf(identifier: Element | undefined): DigestName | undefined {
  const { oid, parameters } = readAlgorithm(identifier, 'the hash algorithm');
  const plain = parameters === undefined || parameters.tag === TAG.null;
  return plain ? digestOfOid(DIGEST_OIDS, oid) : undefined;
}

function numberIn(wrapper: Element): number | undefined {
  return smallIntegerOf(unwrap(wrapper, TAG.integer, 'a number'));
}
