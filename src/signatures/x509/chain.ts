import { VeritySignError } from '../../errors.ts';
import {
  type Certificate,
  certificateName,
  certificateRefusal,
  hasIssued,
  issuerRefusal,
  leafRefusal,
  readCertificate,
} from './certificate.ts';
import { FormatError, sameBytes } from './der.ts';
import { readPem } from './pem.ts';

/** The signer's certificate and those that vouch for it, checked and in order. */
export interface CertificateChain {
  leaf: Certificate;
  /** Issuer of the leaf first. */
  intermediates: Certificate[];
  /** The self-signed certificate at the end, where one was given; never embedded in PKCS#7. */
  root: Certificate | undefined;
  /** What will not stop signing but may surprise on a node. */
  warnings: string[];
}

const ORDER_REMEDY =
  'Give one PEM file with the signing certificate first, then the certificate that issued it, and so on; the root may be left out';

/**
 * Reads a PEM bundle: leaf first, each followed by its issuer, the root optional. Blocks other than
 * certificates are ignored. A chain that ends before a root is allowed, because the kernel may trust
 * any certificate of it and its issuer need not be known here; a gap inside it is not.
 * Everything that does not depend on the time or the private key is checked.
 * @throws VeritySignError with code `key`.
 */
export function loadCertificateChain(pem: string | Uint8Array): CertificateChain {
  const remedy = `${ORDER_REMEDY}; convert DER with openssl x509 -inform DER`;
  return chainFromDer(readCertificateBundle(pem, 'certificate file', remedy));
}

/**
 * The certificates of a PEM text, DER, in their order; other blocks are ignored.
 * @param what For the message: what the text is.
 * @throws VeritySignError with code `key` if it is damaged or has none.
 */
export function readCertificateBundle(pem: string | Uint8Array, what: string, remedy: string): Uint8Array[] {
  try {
    const blocks = readPem(pem, 'CERTIFICATE');
    const ders = blocks.filter((block) => block.label === 'CERTIFICATE').map((block) => block.bytes);
    if (ders.length > 0) return ders;
    const others = [...new Set(blocks.map((block) => block.label))];
    throw new FormatError(
      others.length === 0 ? 'no PEM block' : `no certificate, only: ${others.join(', ')}`,
    );
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError('key', `the ${what} holds ${error.message}`, { remedy });
  }
}

/** As loadCertificateChain, for certificates that come one by one from a vault or plugin. */
export function chainFromDer(ders: readonly Uint8Array[]): CertificateChain {
  const certificates = ders.map((der, index) => {
    try {
      return readCertificate(der);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new VeritySignError(
        'key',
        `certificate ${index + 1} of ${ders.length} cannot be read: ${error.message}`,
        {
          remedy: 'Export the certificate again, as X.509 in PEM',
          cause: error,
        },
      );
    }
  });
  const [leaf, ...issuers] = certificates;
  if (leaf === undefined)
    throw new VeritySignError('key', 'there is no certificate', { remedy: ORDER_REMEDY });
  checkOrder(certificates);
  for (const certificate of certificates) {
    refuse(
      certificate,
      certificateRefusal(certificate),
      'Use a certificate and CA with a key and algorithm that the kernel accepts',
    );
  }
  refuse(leaf, leafRefusal(leaf), 'Use a certificate for digital signatures, not the one of a CA');
  for (const [index, issuer] of issuers.entries()) {
    refuse(
      issuer,
      issuerRefusal(issuer, pathBelow(issuers.slice(0, index))),
      'Have the certificate issued by a proper CA',
    );
  }
  const last = issuers.at(-1);
  const root = last?.selfSigned === true ? last : undefined;
  const intermediates = root === undefined ? issuers : issuers.slice(0, -1);
  return { leaf, intermediates, root, warnings: kernelWarnings([leaf, ...intermediates]) };
}

/**
 * Refuses a chain with a certificate that is not valid at `now`. The kernel does not look at dates,
 * but whoever verifies outside it does.
 * @throws VeritySignError with code `key`.
 */
export function checkValidity(chain: CertificateChain, now: Date): void {
  const root = chain.root === undefined ? [] : [chain.root];
  for (const certificate of [chain.leaf, ...chain.intermediates, ...root]) {
    refuse(
      certificate,
      validityRefusal(certificate, now),
      'Renew the certificate, and check the clock of this machine',
    );
  }
}

/** Why a certificate is not valid at `at`; `undefined` if it is. */
export function validityRefusal(certificate: Certificate, at: Date): string | undefined {
  if (at < certificate.notBefore) return `is not valid before ${certificate.notBefore.toISOString()}`;
  if (at > certificate.notAfter) return `expired on ${certificate.notAfter.toISOString()}`;
  return undefined;
}

/** CA certificates that count towards a path length: those whose name differs from their issuer's. */
export function pathBelow(authorities: readonly Certificate[]): number {
  return authorities.filter(({ raw }) => !sameBytes(raw.issuer, raw.subject)).length;
}

/** The certificates that PKCS#7 carries: leaf first, then intermediates, no root. */
export function embeddedCertificates(chain: CertificateChain): Certificate[] {
  return [chain.leaf, ...chain.intermediates];
}

function refuse(certificate: Certificate, reason: string | undefined, remedy: string): void {
  if (reason !== undefined) {
    throw new VeritySignError('key', `the ${certificateName(certificate)} ${reason}`, { remedy });
  }
}

function checkOrder(certificates: readonly Certificate[]): void {
  for (const [index, certificate] of certificates.entries()) {
    const next = certificates[index + 1];
    if (next === undefined || (!certificate.selfSigned && hasIssued(next, certificate))) continue;
    const name = certificateName(certificate);
    const misplaced =
      certificates.some((other) => hasIssued(other, certificate)) ||
      certificates.slice(index + 1).some((other) => hasIssued(certificate, other));
    if (misplaced) {
      throw new VeritySignError(
        'key',
        `the certificate chain is out of order: the ${name} is not followed by its issuer`,
        {
          remedy: ORDER_REMEDY,
        },
      );
    }
    if (sameBytes(certificate.raw.issuer, next.raw.subject)) {
      throw new VeritySignError(
        'key',
        `the ${name} was not signed by the key of the ${certificateName(next)} after it`,
        {
          remedy: 'Use the certificate of the CA that issued it: a CA may have several keys under one name',
        },
      );
    }
    throw new VeritySignError(
      'key',
      `the certificate chain is incomplete: the issuer "${certificate.issuer}" of the ${name} is missing`,
      { remedy: ORDER_REMEDY },
    );
  }
}

/** The kernel finds an issuer by key identifiers alone, not by its name. [pkcs7_verify.c, pkcs7_trust.c] */
function kernelWarnings(embedded: readonly Certificate[]): string[] {
  return embedded
    .filter((certificate) => !certificate.selfSigned && !certificate.extensions.namesIssuerKey)
    .map(
      (certificate) =>
        `the ${certificateName(certificate)} has no authorityKeyIdentifier: the kernel cannot find its issuer and accepts the signature only where this very certificate is in its keyring`,
    );
}

/** Whether two chains are the same certificates in the same order, DER. */
export function sameChain(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((der, index) => Buffer.compare(der, b[index] ?? Buffer.of()) === 0);
}
