import { VeritySignError } from '../../errors.ts';
import {
  type Certificate,
  certificateName,
  certificateRefusal,
  hasIssued,
  issuerRefusal,
  leafRefusal,
  readCertificate,
} from '../x509/certificate.ts';
import { pathBelow, readCertificateBundle, validityRefusal } from '../x509/chain.ts';
import { FormatError, sameBytes } from '../x509/der.ts';

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
 * path length, critical extensions, algorithms, validity at `at`. A trusted certificate may be a root,
 * an intermediate or the signer itself, as in a kernel keyring; the path ends at the first one.
 * [RFC 5280, 6.1, without policies and name constraints: critical ones are refused]
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
  let firstReason: string | undefined;
  for (const [index, certificate] of certificates.entries()) {
    const path = certificates.slice(0, index + 1);
    const candidates = anchors
      .filter((anchor) => sameBytes(anchor.der, certificate.der))
      .map(() => path)
      .concat(
        anchors.filter((anchor) => issuedByOther(anchor, certificate)).map((anchor) => [...path, anchor]),
      );
    for (const candidate of candidates) {
      const reason = pathRefusal(candidate, at, options.allowExpired === true);
      if (reason === undefined) return candidate;
      firstReason ??= reason;
    }
  }
  const signer = certificates[0];
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
    throw new VeritySignError('key', `a trusted certificate cannot be read: ${error.message}`, {
      remedy: 'Give trusted certificates as X.509 in PEM',
      cause: error,
    });
  }
}

function issuedByOther(anchor: Certificate, certificate: Certificate): boolean {
  return !sameBytes(anchor.der, certificate.der) && hasIssued(anchor, certificate);
}

function pathRefusal(path: readonly Certificate[], at: Date, allowExpired: boolean): string | undefined {
  for (const [index, certificate] of path.entries()) {
    const expired = certificate.notAfter < at;
    const reason =
      (expired && allowExpired ? undefined : validityRefusal(certificate, at)) ??
      certificateRefusal(certificate) ??
      (index === 0
        ? leafRefusal(certificate)
        : issuerRefusal(certificate, pathBelow(path.slice(1, index)))) ??
      unknownCriticalRefusal(certificate);
    if (reason !== undefined) return `the ${certificateName(certificate)} ${reason}`;
  }
  return undefined;
}

function unknownCriticalRefusal(certificate: Certificate): string | undefined {
  const [id] = certificate.extensions.unknownCritical;
  return id === undefined ? undefined : `has a critical extension that is not understood (${id})`;
}
