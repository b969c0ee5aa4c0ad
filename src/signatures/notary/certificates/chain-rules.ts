/** Rules for chains of signing certificates and of timestamping certificates, one message each. */
import { type Certificate, certificateName, validityViolation } from '../../x509/certificate.ts';
import { brokenLink } from '../../x509/chain.ts';
import { NAME_REMEDY, nameConstraintViolation } from '../../x509/constraints/check-path.ts';
import { CRITICAL_EXTENSION_REMEDY, criticalExtensionViolation, KEY_USAGE } from '../../x509/extensions.ts';
import { specOfKey } from '../../x509/key.ts';
import { ISSUER_PURPOSE_REMEDY, issuerPurposeViolation } from '../../x509/purposes.ts';
import { algorithmViolation } from '../../x509/signature.ts';
import { goKeyViolation, goSignatureViolation } from './go-algorithms.ts';
import { goViolation } from './go-form.ts';
import type { Violation } from './violation.ts';

/** Usages that a leaf must not have: all but digitalSignature and nonRepudiation. [RFC 5280, 4.2.1.3] */
const FOREIGN_USAGES: Readonly<Record<number, string>> = {
  2: 'keyEncipherment',
  3: 'dataEncipherment',
  4: 'keyAgreement',
  5: 'keyCertSign',
  6: 'cRLSign',
  7: 'encipherOnly',
  8: 'decipherOnly',
};

/** Rules for all certificates above the leaf, for every form and signature, and with `at` for the dates. */
export function pathViolation(chain: readonly Certificate[], at: Date | undefined): Violation | undefined {
  const [, ...issuers] = chain;
  const violations = [
    ...chain.map(goViolation),
    ...chain.map(goKeyViolation),
    ...issuers.map((issuer, below) => issuerViolation(issuer, below)),
    ...chain.map(signatureViolation),
    ...chain.map(goSignatureViolation),
    ...chain.map((certificate) => dateViolation(certificate, at)),
  ];
  return violations.find((violation) => violation !== undefined);
}

/** Each certificate issued by the next, the last one by itself, and no other by itself. */
export function orderViolation(chain: readonly Certificate[]): Violation | undefined {
  const at = brokenLink(chain);
  const certificate = at === undefined ? chain.at(-1) : chain[at];
  if (certificate === undefined) return undefined;
  const name = `the ${certificateName(certificate)}`;
  const next = chain[(at ?? chain.length) + 1];
  if (next === undefined) {
    if (certificate.selfSigned) return undefined;
    return {
      what: `the certificate chain ends with "${certificate.subject}", which is not self-signed`,
      remedy: 'Give the whole chain: the signing certificate, its issuers, and the root last',
    };
  }
  if (certificate.selfSigned) {
    return {
      what: `${name} is self-signed, but other certificates follow it in the chain`,
      remedy: 'Give the certificates in the order leaf, issuers, root, and one root only',
    };
  }
  return {
    what: `${name} was not issued by the next one, "${next.subject}"`,
    remedy: 'Give each certificate followed by its own issuer, and no others',
  };
}

/**
 * What extensions restrict, beside the usage of the signing certificate: CAs whose extendedKeyUsage allows the purpose of
 * the certificate that they are above, names that the CAs above permit, no critical extension that is not understood.
 */
export function extensionViolation(
  chain: readonly Certificate[],
  purpose: 'codeSigning' | 'timeStamping',
): Violation | undefined {
  const [, ...issuers] = chain;
  for (const issuer of issuers) {
    const reason = issuerPurposeViolation(issuer, purpose);
    if (reason !== undefined) {
      return { what: `the issuing ${certificateName(issuer)} ${reason}`, remedy: ISSUER_PURPOSE_REMEDY };
    }
  }
  for (const certificate of chain) {
    const reason = criticalExtensionViolation(certificate);
    if (reason !== undefined) {
      return { what: `the ${certificateName(certificate)} ${reason}`, remedy: CRITICAL_EXTENSION_REMEDY };
    }
  }
  const found = nameConstraintViolation(chain);
  return found && { what: `the ${certificateName(found.certificate)} ${found.reason}`, remedy: NAME_REMEDY };
}

/** Rules for the usage of the first certificate. The caller decides whether keyUsage must be critical. */
export function leafUsageViolation(leaf: Certificate, name: string): Violation | undefined {
  const { basicConstraints, keyUsage } = leaf.extensions;
  const remedy = 'Have it issued with keyUsage = critical, digitalSignature, and nothing else';
  if (basicConstraints?.isCa === true) {
    return {
      what: `${name} is a CA certificate (basicConstraints)`,
      remedy: 'Use a certificate with basicConstraints CA:FALSE',
    };
  }
  if (keyUsage === undefined) return { what: `${name} has no keyUsage`, remedy };
  if (!keyUsage.bits.has(KEY_USAGE.digitalSignature)) {
    return { what: `${name} may not make signatures (keyUsage lacks digitalSignature)`, remedy };
  }
  const foreign = [...keyUsage.bits].find((bit) => bit in FOREIGN_USAGES);
  return foreign === undefined
    ? undefined
    : { what: `${name} also allows ${FOREIGN_USAGES[foreign]} (keyUsage)`, remedy };
}

/** @param below Number of CA certificates between it and the leaf. */
function issuerViolation(issuer: Certificate, below: number): Violation | undefined {
  const name = `the issuing ${certificateName(issuer)}`;
  const { basicConstraints, keyUsage } = issuer.extensions;
  if (basicConstraints?.isCa !== true || !basicConstraints.critical) {
    return {
      what: `${name} is not marked as a CA by critical basicConstraints`,
      remedy: 'Have it issued with basicConstraints = critical, CA:TRUE',
    };
  }
  if (keyUsage?.bits.has(KEY_USAGE.keyCertSign) !== true) {
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

/** The certificate itself is signed with SHA-2 or Ed25519. */
function signatureViolation(certificate: Certificate): Violation | undefined {
  const violation = algorithmViolation(certificate.signatureAlgorithm);
  if (violation === undefined) return undefined;
  return {
    what: `the ${certificateName(certificate)} ${violation}`,
    remedy: 'Have it issued again, signed with SHA-256, SHA-384 or SHA-512',
  };
}

function dateViolation(certificate: Certificate, at: Date | undefined): Violation | undefined {
  const reason = at && validityViolation(certificate, at);
  if (reason === undefined || at === undefined) return undefined;
  const remedy =
    at < certificate.notBefore
      ? 'Check the clock, or wait until the certificate is valid'
      : 'Use a certificate that has not expired';
  return { what: `the ${certificateName(certificate)} ${reason}`, remedy };
}

function keySizeViolation({ key }: Certificate, name: string): Violation | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key ?? {};
  if (type === 'rsa' && (details?.modulusLength ?? 0) < 2048) {
    return {
      what: `${name} has an RSA key of ${details?.modulusLength} bits`,
      remedy: 'Use a chain whose RSA keys have 2048 bits or more',
    };
  }
  if (type === 'ec' && specOfKey(key) === undefined) {
    return {
      what: `${name} has an EC key on the curve ${details?.namedCurve ?? '(unnamed)'}`,
      remedy: 'Use a chain whose EC keys are on P-256, P-384 or P-521',
    };
  }
  return undefined;
}
