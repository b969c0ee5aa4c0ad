import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import { sameBytes } from '../x509/asn1/der.ts';
import { readCertificateBundle } from '../x509/bundle.ts';
import {
  type Certificate,
  certificateName,
  readCertificate,
  validityViolation,
} from '../x509/certificate.ts';
import { pathsToAnchors } from '../x509/chain.ts';
import { hasIssuedForKernel, namesIssuer, ownIssue } from './kernel-links.ts';
import { pathViolation } from './path-rules.ts';

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
 * The path is the kernel's: it goes over the certificates of the message as far as they name each other, and
 * ends at one of them that is itself trusted, or at the trusted issuer of the last. An issuer of one in the
 * middle does not count. [Linux crypto/asymmetric_keys/pkcs7_trust.c, pkcs7_validate_trust_one]
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
  let firstReason: string | undefined;
  for (const path of kernelPaths(certificates, anchors)) {
    const reason = reasonAgainst(path, at, options.allowExpired === true);
    if (reason === undefined) return path;
    firstReason ??= reason;
  }
  const name =
    signer === undefined ? 'the signature has no certificate' : `the signer's ${certificateName(signer)}`;
  if (firstReason !== undefined) {
    throw new VeritySignError('key', `${name} is not trusted: ${firstReason}`, { remedy: TRUST_REMEDY });
  }
  const none = `${name} does not lead to any trusted certificate`;
  const [hidden] = signer === undefined ? [] : pathsToAnchors(signer, others, anchors);
  if (hidden === undefined) throw new VeritySignError('key', none, { remedy: TRUST_REMEDY });
  throw new VeritySignError(
    'key',
    `${none} on the kernel's way: it finds issuers by authorityKeyIdentifier alone, and those in the signature first`,
    { remedy: HIDDEN_REMEDY },
  );
}

const TRUST_REMEDY =
  'Give the certificate of the CA that the signer must come from, or sign with a certificate of that CA';
const HIDDEN_REMEDY =
  "Trust the certificate that is in the signature, or the one that its last certificate's authorityKeyIdentifier names; or sign with a certificate that names its issuer by keyid";

/** The ways on which a kernel comes from the signer to an anchor. */
function* kernelPaths(
  certificates: readonly Certificate[],
  anchors: readonly Certificate[],
): Generator<Certificate[]> {
  for (const [index, certificate] of certificates.entries()) {
    const path = certificates.slice(0, index + 1);
    if (anchors.some(({ der }) => sameBytes(der, certificate.der))) yield path;
    if (ownIssue(certificate) === 'self-signed') return;
    const next = certificates[index + 1];
    if (next !== undefined && namesIssuer(certificate, next)) continue;
    for (const anchor of anchors) if (hasIssuedForKernel(anchor, certificate)) yield [...path, anchor];
    return;
  }
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

function reasonAgainst(path: readonly Certificate[], at: Date, allowExpired: boolean): string | undefined {
  for (const certificate of path) {
    const expired = certificate.notAfter < at;
    const reason = expired && allowExpired ? undefined : validityViolation(certificate, at);
    if (reason !== undefined) return `the ${certificateName(certificate)} ${reason}`;
  }
  const found = pathViolation(path);
  return found && `the ${certificateName(found.certificate)} ${found.reason}`;
}
