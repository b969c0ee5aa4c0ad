/**
 * How the kernel goes from a certificate to its issuer: by authorityKeyIdentifier alone, first among the
 * certificates of the message, and only from the last of those among the trusted ones.
 * [Linux crypto/asymmetric_keys/pkcs7_verify.c, pkcs7_trust.c, x509_public_key.c]
 */
import { FormatError } from '../../formats/format-error.ts';
import { sameBytes } from '../x509/asn1/der.ts';
import { type Certificate, certificateName } from '../x509/certificate.ts';
import { hasIssued } from '../x509/chain.ts';

/**
 * Whether the authorityKeyIdentifier of `subject` names `issuer`: by name and serial number if it has both, and
 * then by the key too if it has that; otherwise by the key. One that names nothing links to nothing.
 */
export function namesIssuer(subject: Certificate, issuer: Certificate): boolean {
  if (!isFirstChoice(subject, issuer)) return false;
  const { authorityKeyId } = subject.extensions;
  return authorityKeyId === undefined || isKey(issuer, authorityKeyId);
}

/** Whether the kernel finds `issuer` for `subject` and verifies its signature: name and key hold as well. */
export function hasIssuedForKernel(issuer: Certificate, subject: Certificate): boolean {
  return namesIssuer(subject, issuer) && hasIssued(issuer, subject);
}

/**
 * What the kernel takes a certificate for that has its own name as issuer: `self-signed`, `issued` by another
 * key, or, where its identifiers or its signature contradict that, `unreadable`.
 */
export function ownIssue(certificate: Certificate): 'self-signed' | 'issued' | 'unreadable' {
  const { raw, extensions, selfSigned } = certificate;
  if (!sameBytes(raw.issuer, raw.subject)) return 'issued';
  const { authorityKeyId, authorityCertificate } = extensions;
  if (authorityKeyId !== undefined || authorityCertificate !== undefined) {
    const byKey = authorityKeyId !== undefined && isKey(certificate, authorityKeyId);
    const byNumber = authorityCertificate !== undefined && isNumbered(certificate, authorityCertificate);
    if (!byKey && !byNumber) return 'issued';
    if (byKey !== byNumber && authorityKeyId !== undefined && authorityCertificate !== undefined) {
      return 'unreadable';
    }
  }
  return selfSigned ? 'self-signed' : 'unreadable';
}

/**
 * The signer's certificate and the issuers that the kernel finds for it among the certificates of a message.
 * @throws FormatError if it finds one that did not issue: it refuses the message then.
 */
export function kernelChain(
  signer: Certificate,
  embedded: readonly Certificate[],
): [Certificate, ...Certificate[]] {
  const chain: [Certificate, ...Certificate[]] = [signer];
  for (let last = signer; ownIssue(last) !== 'self-signed'; ) {
    const subject = last;
    const issuer = embedded.find((one) => isFirstChoice(subject, one));
    if (issuer === undefined || chain.includes(issuer)) break;
    if (!hasIssuedForKernel(issuer, subject)) {
      throw new FormatError(
        `has a ${certificateName(subject)} that names the ${certificateName(issuer)} as its issuer (authorityKeyIdentifier), which did not issue it`,
      );
    }
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

/** Whether the kernel stops its search at `issuer`; what else must hold then, it checks afterwards. */
function isFirstChoice({ extensions }: Certificate, issuer: Certificate): boolean {
  const { authorityKeyId, authorityCertificate } = extensions;
  if (authorityCertificate !== undefined) return isNumbered(issuer, authorityCertificate);
  return authorityKeyId !== undefined && isKey(issuer, authorityKeyId);
}

function isKey({ extensions: { subjectKeyId } }: Certificate, id: Uint8Array): boolean {
  return subjectKeyId !== undefined && sameBytes(subjectKeyId, id);
}

function isNumbered(
  { raw }: Certificate,
  { issuer, serial }: { issuer: Uint8Array; serial: Uint8Array },
): boolean {
  return sameBytes(raw.issuer, issuer) && sameBytes(raw.serial, serial);
}
