import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import { readCertificateBundle } from '../x509/bundle.ts';
import {
  type Certificate,
  certificateName,
  readCertificate,
  validityViolation,
} from '../x509/certificate.ts';
import { pathsToAnchors } from '../x509/chain.ts';
import { nameConstraintViolation } from '../x509/constraints/check-path.ts';
import { issuerPurposeViolation, signerPurposeViolation } from '../x509/purposes.ts';
import {
  algorithmViolation,
  criticalExtensionViolation,
  hasIssuedForKernel,
  issuerViolation,
  leafViolation,
} from './kernel-rules.ts';
import { pathBelow } from './signing-chain.ts';

/**
 * The certificates of a PEM file to trust, in any order.
 * @throws VeritySignError with code `key`.
 */
export function loadTrustAnchors(pem: string | Uint8Array): Uint8Array[] {
  const ders = readCertificateBundle(
    pem,
    'trusted certificate file',
    'Give trusted certificates as X.509 in PEM',
  );
  for (const der of ders) readAnchor(der);
  return ders;
}

export interface TrustOptions {
  /** Accept certificates that have expired, for short-lived ones. Not yet valid ones never are. */
  allowExpired?: boolean;
}

/**
 * Builds the path from the signer to a trusted certificate and checks it: signatures, CA and key usage,
 * purposes, path length, name constraints, critical extensions, algorithms, validity at `at`. A trusted
 * certificate may be a root, an intermediate or the signer itself, as in a kernel keyring; the path ends at
 * the first one, whose own rules count too. [RFC 5280, 6.1, without policies: critical ones are refused]
 *
 * @param certificates `certificates` of a ParsedPkcs7: signer first, each followed by its issuer.
 * @param trustAnchors DER certificates.
 * @returns the path, signer first, trusted certificate last.
 * @throws VeritySignError with code `key` if no path holds.
 */
export function buildTrustPath(
  certificates: readonly Certificate[],
  trustAnchors: readonly Uint8Array[],
  at: Date,
  options: TrustOptions = {},
): Certificate[] {
  const anchors = trustAnchors.map(readAnchor);
  const [signer, ...others] = certificates;
  const paths =
    signer === undefined ? [] : pathsToAnchors(signer, others, anchors, { issued: hasIssuedForKernel });
  let firstReason: string | undefined;
  for (const path of paths) {
    const reason = pathViolation(path, at, options.allowExpired === true);
    if (reason === undefined) return path;
    firstReason ??= reason;
  }
  const name =
    signer === undefined ? 'the signature has no certificate' : `the signer's ${certificateName(signer)}`;
  throw new VeritySignError(
    'key',
    firstReason === undefined
      ? `${name} does not lead to any trusted certificate`
      : `${name} is not trusted: ${firstReason}`,
    {
      remedy:
        'Give the certificate of the CA that the signer must come from, or sign with a certificate of that CA',
    },
  );
}

function readAnchor(der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError('key', `a trusted certificate cannot be read: it ${error.message}`, {
      remedy: 'Give trusted certificates as X.509 in PEM',
      cause: error,
    });
  }
}

function pathViolation(path: readonly Certificate[], at: Date, allowExpired: boolean): string | undefined {
  for (const [index, certificate] of path.entries()) {
    const expired = certificate.notAfter < at;
    const reason =
      (expired && allowExpired ? undefined : validityViolation(certificate, at)) ??
      algorithmViolation(certificate) ??
      (index === 0
        ? (leafViolation(certificate) ?? signerPurposeViolation(certificate))
        : (issuerViolation(certificate, pathBelow(path.slice(1, index))) ??
          issuerPurposeViolation(certificate))) ??
      criticalExtensionViolation(certificate);
    if (reason !== undefined) return `the ${certificateName(certificate)} ${reason}`;
  }
  const name = nameConstraintViolation(path);
  return name && `the ${certificateName(name.certificate)} ${name.reason}`;
}
