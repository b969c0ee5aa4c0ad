/**
 * What Notary asks of a certificate chain apart from whether it is trusted.
 * [Notary signature-specification, Certificate Requirements; notation-core-go x509/codesigning_cert_validations.go]
 */
import { createHash } from 'node:crypto';
import { VeritySignError } from '../../../errors.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { algorithmOfKey } from '../envelope/algorithms.ts';
import { type NotaryCertificate, readNotaryCertificate } from './certificate.ts';
import {
  issuerViolation,
  leafUsageViolation,
  orderViolation,
  signatureViolation,
  validityViolation,
} from './chain-rules.ts';
import { refuse, type Violation } from './refusal.ts';

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

function readOrRefuse(der: Uint8Array): NotaryCertificate {
  try {
    return readNotaryCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError('key', `the certificate chain has ${cause.message}`, {
      remedy: 'Give the certificates as their authority issued them',
      cause,
    });
  }
}

function firstViolation(chain: readonly NotaryCertificate[], at: Date | undefined): Violation | undefined {
  const [leaf, ...issuers] = chain;
  if (leaf === undefined) {
    return { what: 'the certificate chain is empty', remedy: 'Give the signing certificate and its issuers' };
  }
  return (
    orderViolation(chain) ??
    leafViolation(leaf) ??
    issuers
      .map((issuer, below) => issuerViolation(issuer, below))
      .find((violation) => violation !== undefined) ??
    chain.map(signatureViolation).find((violation) => violation !== undefined) ??
    chain.map((one) => validityViolation(one, at)).find((violation) => violation !== undefined)
  );
}

function leafViolation(leaf: NotaryCertificate): Violation | undefined {
  const name = `the signing certificate "${leaf.name}"`;
  if (algorithmOfKey(leaf.key) === undefined) {
    return {
      what: `${name} has a key that Notary signatures are not made with`,
      remedy: 'Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521',
    };
  }
  const usage = leafUsageViolation(leaf, name);
  if (usage !== undefined) return usage;
  if (leaf.keyUsage?.critical !== true) {
    return {
      what: `${name} has a keyUsage that is not critical`,
      remedy: 'Have it issued with keyUsage = critical, digitalSignature',
    };
  }
  const foreign = leaf.extendedKeyUsage?.purposes.find((purpose) => purpose in FOREIGN_PURPOSES);
  if (foreign === undefined) return undefined;
  return {
    what: `${name} is also for ${FOREIGN_PURPOSES[foreign]} (extendedKeyUsage)`,
    remedy: 'Use a certificate that is for codeSigning alone',
  };
}
