/**
 * What Notary asks of the chain of a signing certificate, apart from trust.
 * [Notary signature-specification, Certificate Requirements; notation-core-go x509/codesigning_cert_validations.go]
 */
import { createHash } from 'node:crypto';
import { VeritySignError } from '../../../errors.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { type Certificate, certificateName, readCertificate } from '../../x509/certificate.ts';
import { SIGNER_PURPOSE_REMEDY, signerPurposeViolation } from '../../x509/purposes.ts';
import { algorithmOfKey } from '../envelope/algorithms.ts';
import { extensionViolation, leafUsageViolation, orderViolation, pathViolation } from './chain-rules.ts';
import { refuse, type Violation } from './violation.ts';

/**
 * Checks the chain that is to sign manifests: by `checkChain`, with the dates at `at`, by
 * `checkSignerPurpose` and by `checkExtensions`.
 * @throws VeritySignError 'key'
 */
export function checkSigningChain(chain: readonly Uint8Array[], at: Date | undefined): void {
  checkChain(chain, at);
  checkSignerPurpose(chain);
  checkExtensions(chain);
}

/**
 * Checks order, signatures, key, key usages, and, with `at`, validity at that time. The chain must be
 * complete: leaf first, a self-signed root last; or a self-signed signing certificate alone.
 * @throws VeritySignError 'key'
 */
export function checkChain(chain: readonly Uint8Array[], at: Date | undefined): void {
  refuse(firstViolation(chain.map(readOrRefuse), at));
}

/**
 * Checks the purposes of the signing certificate. notation does so for every trust policy, too.
 * @throws VeritySignError 'key'
 */
export function checkSignerPurpose([leaf]: readonly Uint8Array[]): void {
  const certificate = leaf && readOrRefuse(leaf);
  const reason = certificate && signerPurposeViolation(certificate);
  if (certificate === undefined || reason === undefined) return;
  refuse({ what: `the signing ${certificateName(certificate)} ${reason}`, remedy: SIGNER_PURPOSE_REMEDY });
}

/**
 * Checks what extensions restrict: the purposes of the issuers, the names that they may certify, and whatever a critical
 * extension that is not understood may say. notation ignores all three.
 * @throws VeritySignError 'key'
 */
export function checkExtensions(chain: readonly Uint8Array[]): void {
  refuse(extensionViolation(chain.map(readOrRefuse), 'codeSigning'));
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
  const { keyUsage } = leaf.extensions;
  if (keyUsage?.critical !== true) {
    return {
      what: `${name} has a keyUsage that is not critical`,
      remedy: 'Have it issued with keyUsage = critical, digitalSignature',
    };
  }
  return undefined;
}
