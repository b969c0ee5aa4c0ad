/**
 * What Notary asks of the chain of a signing certificate, apart from trust.
 * [Notary signature-specification, Certificate Requirements; notation-core-go x509/codesigning_cert_validations.go]
 */
import { createHash } from 'node:crypto';
import { VeritySignError } from '../../../errors.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { type Certificate, certificateName, readCertificate } from '../../x509/certificate.ts';
import { algorithmOfKey } from '../envelope/algorithms.ts';
import { leafUsageViolation, orderViolation, pathViolation } from './chain-rules.ts';
import { refuse, type Violation } from './violation.ts';

/** Purposes of extendedKeyUsage that a signing certificate must not have. */
const FOREIGN_PURPOSES: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'anyExtendedKeyUsage',
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
};

/**
 * Checks the chain of a signing certificate: order, signatures, key, usages, and, with `at`, validity at
 * that time. It must be complete: leaf first, a self-signed root last; or a self-signed signing
 * certificate alone.
 * @throws VeritySignError 'key'
 */
export function checkSigningChain(chain: readonly Uint8Array[], at: Date | undefined): void {
  const certificates = chain.map((der) => readOrRefuse(der));
  refuse(firstViolation(certificates, at));
}

/** Value of the annotation THUMBPRINTS: a JSON array of the certificates' SHA-256, leaf first. */
export function thumbprintsAnnotation(chain: readonly Uint8Array[]): string {
  return JSON.stringify(chain.map((der) => createHash('sha256').update(der).digest('hex')));
}

function readOrRefuse(der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(
      'key',
      `the certificate chain has a certificate that cannot be read: it ${cause.message}`,
      { remedy: 'Give the certificates as their authority issued them', cause },
    );
  }
}

function firstViolation(chain: readonly Certificate[], at: Date | undefined): Violation | undefined {
  const [leaf] = chain;
  if (leaf === undefined) {
    return { what: 'the certificate chain is empty', remedy: 'Give the signing certificate and its issuers' };
  }
  return orderViolation(chain) ?? leafViolation(leaf) ?? pathViolation(chain, at);
}

function leafViolation(leaf: Certificate): Violation | undefined {
  const name = `the signing ${certificateName(leaf)}`;
  if (algorithmOfKey(leaf.key) === undefined) {
    return {
      what: `${name} has a key that Notary does not sign with`,
      remedy: 'Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521',
    };
  }
  const usage = leafUsageViolation(leaf, name);
  if (usage !== undefined) return usage;
  const { keyUsage, extendedKeyUsage } = leaf.extensions;
  if (keyUsage?.critical !== true) {
    return {
      what: `${name} has a keyUsage that is not critical`,
      remedy: 'Have it issued with keyUsage = critical, digitalSignature',
    };
  }
  const foreign = extendedKeyUsage?.purposes.find((purpose) => purpose in FOREIGN_PURPOSES);
  if (foreign === undefined) return undefined;
  return {
    what: `${name} also allows ${FOREIGN_PURPOSES[foreign]} (extendedKeyUsage)`,
    remedy: 'Use a certificate that is for codeSigning alone',
  };
}
