/** Rules that chains of signing and of timestamping certificates have in common, one message each. */
import { hasIssued, type NotaryCertificate, RSASSA_PSS } from './certificate.ts';
import type { Violation } from './refusal.ts';

const DIGITAL_SIGNATURE = 0;
const KEY_CERT_SIGN = 5;

/** Usages beside digitalSignature and nonRepudiation, which a leaf must not have. [RFC 5280, 4.2.1.3] */
const FOREIGN_USAGES: Readonly<Record<number, string>> = {
  2: 'keyEncipherment',
  3: 'dataEncipherment',
  4: 'keyAgreement',
  5: 'keyCertSign',
  6: 'cRLSign',
  7: 'encipherOnly',
  8: 'decipherOnly',
};

const SHA2_OIDS: ReadonlySet<string | undefined> = new Set([
  '2.16.840.1.101.3.4.2.1',
  '2.16.840.1.101.3.4.2.2',
  '2.16.840.1.101.3.4.2.3',
]);

/** RSA PKCS#1 v1.5 and ECDSA with SHA-2, and Ed25519. [RFC 8017, C; RFC 5758; RFC 8410] */
const SIGNATURE_OIDS: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.3.101.112',
]);

/** Each certificate issued by the next, the last one by itself, and no other by itself. */
export function orderViolation(chain: readonly NotaryCertificate[]): Violation | undefined {
  for (const [index, certificate] of chain.entries()) {
    const name = `the certificate "${certificate.name}"`;
    const issuer = chain[index + 1];
    if (issuer === undefined) {
      if (hasIssued(certificate, certificate)) return undefined;
      return {
        what: `the certificate chain ends with "${certificate.name}", which is not self-signed`,
        remedy: 'Give the whole chain: the signing certificate, its issuers, and the root last',
      };
    }
    if (hasIssued(certificate, certificate)) {
      return {
        what: `${name} is self-signed, yet others follow it in the chain`,
        remedy: 'Give the certificates in the order leaf, issuers, root, and one root only',
      };
    }
    if (!hasIssued(issuer, certificate)) {
      return {
        what: `${name} was not issued by the next one, "${issuer.name}"`,
        remedy: 'Give each certificate followed by its own issuer, and no others',
      };
    }
  }
  return undefined;
}

/** Rules for the usage of the first certificate; whether keyUsage must be critical is for the caller. */
export function leafUsageViolation(
  { basicConstraints, keyUsage }: NotaryCertificate,
  name: string,
): Violation | undefined {
  const remedy = 'Have it issued with keyUsage = critical, digitalSignature, and nothing else';
  if (basicConstraints?.isCa === true) {
    return {
      what: `${name} is one of a CA (basicConstraints)`,
      remedy: 'Use a certificate with basicConstraints CA:FALSE',
    };
  }
  if (keyUsage === undefined) return { what: `${name} has no keyUsage`, remedy };
  if (!keyUsage.bits.has(DIGITAL_SIGNATURE)) {
    return { what: `${name} may not make signatures (keyUsage lacks digitalSignature)`, remedy };
  }
  const foreign = [...keyUsage.bits].find((bit) => bit in FOREIGN_USAGES);
  return foreign === undefined
    ? undefined
    : { what: `${name} is also for ${FOREIGN_USAGES[foreign]} (keyUsage)`, remedy };
}

/** @param below Number of CA certificates between it and the leaf. */
export function issuerViolation(issuer: NotaryCertificate, below: number): Violation | undefined {
  const name = `the issuing certificate "${issuer.name}"`;
  const { basicConstraints, keyUsage } = issuer;
  if (basicConstraints?.isCa !== true || !basicConstraints.critical) {
    return {
      what: `${name} is not marked as a CA by critical basicConstraints`,
      remedy: 'Have it issued with basicConstraints = critical, CA:TRUE',
    };
  }
  if (keyUsage?.bits.has(KEY_CERT_SIGN) !== true) {
    return {
      what: `${name} may not sign certificates (keyUsage lacks keyCertSign)`,
      remedy: 'Have it issued with keyUsage = critical, keyCertSign',
    };
  }
  if (!keyUsage.critical) {
    return {
      what: `${name} has a keyUsage that is not critical`,
      remedy: 'Have it issued with keyUsage = critical, keyCertSign',
    };
  }
  const { pathLength = below } = basicConstraints;
  if (pathLength < below) {
    return {
      what: `${name} allows at most ${pathLength} CA certificates below it, there are ${below}`,
      remedy: 'Use a signing certificate that is issued closer to the root',
    };
  }
  return keySizeViolation(issuer, name);
}

/** What the certificate itself was signed with: nothing weaker than SHA-256. */
export function signatureViolation(certificate: NotaryCertificate): Violation | undefined {
  const { signatureAlgorithm, pssDigest } = certificate;
  const strong =
    signatureAlgorithm === RSASSA_PSS ? SHA2_OIDS.has(pssDigest) : SIGNATURE_OIDS.has(signatureAlgorithm);
  if (strong) return undefined;
  return {
    what: `the certificate "${certificate.name}" is signed with SHA-1 or an algorithm that is not accepted (${signatureAlgorithm})`,
    remedy: 'Have it issued again, signed with SHA-256, SHA-384 or SHA-512',
  };
}

export function validityViolation(
  certificate: NotaryCertificate,
  at: Date | undefined,
): Violation | undefined {
  const { name, notBefore, notAfter } = certificate;
  if (at === undefined) return undefined;
  if (at < notBefore) {
    return {
      what: `the certificate "${name}" is not valid before ${notBefore.toISOString()}`,
      remedy: 'Check the clock, or wait until the certificate is valid',
    };
  }
  if (at > notAfter) {
    return {
      what: `the certificate "${name}" expired at ${notAfter.toISOString()}`,
      remedy: 'Use a certificate that has not expired',
    };
  }
  return undefined;
}

function keySizeViolation(certificate: NotaryCertificate, name: string): Violation | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.key ?? {};
  if (type === 'rsa' && (details?.modulusLength ?? 0) < 2048) {
    return {
      what: `${name} has an RSA key of ${details?.modulusLength} bits`,
      remedy: 'Use a chain whose RSA keys have 2048 bits or more',
    };
  }
  const curves = ['prime256v1', 'secp384r1', 'secp521r1'];
  if (type === 'ec' && !curves.includes(details?.namedCurve ?? '')) {
    return {
      what: `${name} has an EC key on the curve ${details?.namedCurve ?? '(unnamed)'}`,
      remedy: 'Use a chain whose EC keys are on P-256, P-384 or P-521',
    };
  }
  return undefined;
}
