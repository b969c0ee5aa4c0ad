/** The certificate chain that layers are signed with. */
import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import { sameBytes } from '../x509/asn1/der.ts';
import { CHAIN_REMEDY } from '../x509/bundle.ts';
import {
  type Certificate,
  certificateName,
  readCertificate,
  validityViolation,
} from '../x509/certificate.ts';
import { brokenLink } from '../x509/chain.ts';
import { EXTENSION } from '../x509/extensions.ts';
import { kernelChain, namesIssuer, ownIssue } from './kernel-links.ts';
import { MAX_CERTIFICATES, MAX_PKCS7_BYTES, mayHaveIssued } from './kernel-rules.ts';
import { pathViolation } from './path-rules.ts';

/** The signer's certificate and its issuers, checked and in order. */
export interface CertificateChain {
  leaf: Certificate;
  /** Issuer of the leaf first. */
  intermediates: Certificate[];
  /** The self-signed certificate at the end, where one was given; never embedded in PKCS#7. */
  root: Certificate | undefined;
  /** What does not prevent signing but may surprise on a node. */
  warnings: string[];
}

/** Most bytes of a PKCS#7 signature beside names and certificates: 512 for RSA-4096, and the frame. */
const MAX_REMAINDER = 640;

/**
 * Checks the certificates of a signer, in DER: leaf first, each followed by its issuer, the root optional.
 * A chain that ends before a root is allowed, because the kernel may trust any certificate of it and its issuer
 * need not be known here; a gap inside it is not. Everything that does not depend on the time or the private key
 * is checked.
 * @throws VeritySignError with code `key`.
 */
export function chainFromDer(ders: readonly Uint8Array[]): CertificateChain {
  const certificates = ders.map((der, index) =>
    readOrRefuse(der, `certificate ${index + 1} of ${ders.length}`),
  );
  const [leaf, ...issuers] = certificates;
  if (leaf === undefined) {
    throw new VeritySignError('key', 'the certificate chain is empty', { remedy: CHAIN_REMEDY });
  }
  checkOrder(certificates);
  const violation = pathViolation(certificates);
  if (violation !== undefined) refuse(violation.certificate, violation.reason, violation.remedy);
  const last = issuers.at(-1);
  const root = last?.selfSigned === true ? last : undefined;
  const intermediates = root === undefined ? issuers : issuers.slice(0, -1);
  checkSize([leaf, ...intermediates]);
  checkLinks(leaf, [leaf, ...intermediates]);
  return { leaf, intermediates, root, warnings: kernelWarnings([leaf, ...intermediates], root) };
}

/**
 * Refuses a chain with a certificate that is not valid at `now`. The kernel does not check dates,
 * verifiers outside it do.
 * @throws VeritySignError with code `key`.
 */
export function checkValidity(chain: CertificateChain, now: Date): void {
  const root = chain.root === undefined ? [] : [chain.root];
  for (const certificate of [chain.leaf, ...chain.intermediates, ...root]) {
    refuse(
      certificate,
      validityViolation(certificate, now),
      'Renew the certificate, and check the clock of this machine',
    );
  }
}

/** The certificates that PKCS#7 carries: leaf first, then intermediates, no root. */
export function embeddedCertificates(chain: CertificateChain): Certificate[] {
  return [chain.leaf, ...chain.intermediates];
}

/** The certificate to trust for signatures by a chain: the last one that the kernel comes to from the leaf. */
export function trustedEnd({ leaf, intermediates, root }: CertificateChain): Certificate {
  const chain = root === undefined ? [leaf, ...intermediates] : [leaf, ...intermediates, root];
  return kernelChain(leaf, chain).at(-1) ?? leaf;
}

/** Refuses before any work what no signature can carry. */
function checkSize(embedded: readonly [Certificate, ...Certificate[]]): void {
  const remedy =
    'Have the signing certificate issued by a CA nearer to the root, or with shorter certificates';
  if (embedded.length > MAX_CERTIFICATES) {
    const limit = `a signature carries at most ${MAX_CERTIFICATES}`;
    throw new VeritySignError(
      'key',
      `the certificate chain has ${embedded.length} certificates below its root; ${limit}`,
      { remedy },
    );
  }
  const [leaf] = embedded;
  const certificates = embedded.reduce((total, { der }) => total + der.length, 0);
  const bytes = certificates + leaf.raw.issuer.length + leaf.raw.serial.length + MAX_REMAINDER;
  if (bytes <= MAX_PKCS7_BYTES) return;
  const limit = `the kernel accepts signatures of at most ${MAX_PKCS7_BYTES} bytes`;
  throw new VeritySignError(
    'key',
    `the certificate chain has ${certificates} bytes below its root, and ${limit} with it`,
    { remedy },
  );
}

/** Refuses a chain in which the kernel would go from a certificate to another one than its issuer. */
function checkLinks(leaf: Certificate, embedded: readonly Certificate[]): void {
  const remedy =
    'Have the certificates issued with an authorityKeyIdentifier that names their issuer, or none';
  try {
    const chain = kernelChain(leaf, embedded);
    const at = chain.findIndex((certificate, index) => certificate !== embedded[index]);
    const [certificate, next] = [chain[at - 1], chain[at]];
    if (certificate === undefined || next === undefined) return;
    refuse(certificate, `names the ${certificateName(next)} as its issuer, which does not follow it`, remedy);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError('key', `the certificate chain ${error.message}`, { remedy, cause: error });
  }
}

function readOrRefuse(der: Uint8Array, name: string): Certificate {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError('key', `${name} cannot be read: it ${cause.message}`, {
      remedy: 'Export the certificate again, as X.509 in PEM',
      cause,
    });
  }
}

function refuse(certificate: Certificate, violation: string | undefined, remedy: string): void {
  if (violation === undefined) return;
  throw new VeritySignError('key', `the ${certificateName(certificate)} ${violation}`, { remedy });
}

function checkOrder(certificates: readonly Certificate[]): void {
  const at = brokenLink(certificates, mayHaveIssued);
  const certificate = certificates[at ?? -1];
  const next = certificates[(at ?? -1) + 1];
  if (at === undefined || certificate === undefined || next === undefined) return;
  const name = certificateName(certificate);
  const misplaced =
    certificates.some((other) => mayHaveIssued(other, certificate)) ||
    certificates.slice(at + 1).some((other) => mayHaveIssued(certificate, other));
  if (misplaced) {
    throw new VeritySignError(
      'key',
      `the certificate chain is out of order: the ${name} is not followed by its issuer`,
      { remedy: CHAIN_REMEDY },
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
    { remedy: CHAIN_REMEDY },
  );
}

/** The kernel finds an issuer by authorityKeyIdentifier alone, not by its name. */
function kernelWarnings(embedded: readonly Certificate[], root: Certificate | undefined): string[] {
  const issuers = [...embedded.slice(1), root];
  return embedded.flatMap((certificate, index) => {
    const reason = lostIssuer(certificate, issuers[index]);
    const what = `the kernel cannot find its issuer and accepts the signature only where this very certificate is in its keyring`;
    return reason === undefined ? [] : [`the ${certificateName(certificate)} ${reason}: ${what}`];
  });
}

/** @param issuer where the chain has it */
function lostIssuer(certificate: Certificate, issuer: Certificate | undefined): string | undefined {
  const { authorityKeyId, authorityCertificate, all } = certificate.extensions;
  if (ownIssue(certificate) === 'self-signed') return undefined;
  if (!all.has(EXTENSION.authorityKeyId)) return 'has no authorityKeyIdentifier';
  if (authorityKeyId === undefined && authorityCertificate === undefined) {
    return 'has an authorityKeyIdentifier without a key and without a name and serial number';
  }
  if (issuer === undefined || namesIssuer(certificate, issuer)) return undefined;
  return `has an authorityKeyIdentifier that does not name the ${certificateName(issuer)} by its identifiers`;
}
