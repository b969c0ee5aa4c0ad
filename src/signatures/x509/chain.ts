/** Links, chains and paths of certificates by issuer. Each profile decides what a chain may be used for. */
import { sameBytes } from './asn1/der.ts';
import { type Certificate, isVerifiedBy } from './certificate.ts';

/** Whether a certificate issued another. Profiles may ask for more than `hasIssued` does. */
export type IssuerTest = (issuer: Certificate, subject: Certificate) => boolean;

/** True if `issuer` issued `subject`: the same name byte for byte, and the signature holds. */
export function hasIssued(issuer: Certificate, subject: Certificate): boolean {
  return isNamedBy(issuer, subject) && issuer.key !== undefined && isVerifiedBy(subject.x509, issuer.key);
}

/** True unless both certificates identify the issuer's key, and differently. [RFC 5280, 4.2.1.1] */
export function keyIdentifiersMatch(issuer: Certificate, subject: Certificate): boolean {
  const { authorityKeyId } = subject.extensions;
  const { subjectKeyId } = issuer.extensions;
  return (
    authorityKeyId === undefined || subjectKeyId === undefined || sameBytes(authorityKeyId, subjectKeyId)
  );
}

/** True if both chains have the same certificates (DER) in the same order. */
export function sameChain(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((der, index) => sameBytes(der, b[index] ?? new Uint8Array()));
}

/**
 * Position of the first certificate that is not followed by its issuer, or that is self-signed and yet
 * followed by another; `undefined` for a chain in order. The last one needs no issuer here.
 */
export function brokenLink(
  chain: readonly Certificate[],
  issued: IssuerTest = hasIssued,
): number | undefined {
  const at = chain.findIndex((certificate, index) => {
    const next = chain[index + 1];
    return next !== undefined && (certificate.selfSigned || !issued(next, certificate));
  });
  return at === -1 ? undefined : at;
}

/**
 * `leaf`, its issuer among `others`, the issuer of that one, and so on, until a certificate is self-signed or
 * its issuer is not there. Of several issuers a self-signed one is chosen, as it ends the chain.
 */
export function followIssuers(
  leaf: Certificate,
  others: readonly Certificate[],
  issued: IssuerTest = hasIssued,
): [Certificate, ...Certificate[]] {
  const chain: [Certificate, ...Certificate[]] = [leaf];
  for (let last = leaf; !last.selfSigned; ) {
    const subject = last;
    const issuers = others.filter((one) => !chain.includes(one) && issued(one, subject));
    const issuer = issuers.find(({ selfSigned }) => selfSigned) ?? issuers[0];
    if (issuer === undefined) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

/** Certificates in a path before the anchor; real chains are much shorter. */
const MAX_LENGTH = 16;
/** Signatures that are tried: a hostile signature could bring certificates that all seem to issue each other. */
const MAX_TRIES = 200;

/**
 * The paths from `leaf` over `others` to one of `anchors`, which ends the path and may be the leaf itself.
 * Shorter ways to an anchor come before longer ones along the same certificates.
 */
export function* pathsToAnchors(
  leaf: Certificate,
  others: readonly Certificate[],
  anchors: readonly Certificate[],
  { issued = hasIssued, maxLength = MAX_LENGTH }: { issued?: IssuerTest; maxLength?: number } = {},
): Generator<Certificate[]> {
  let tries = 0;
  function* extend(path: readonly Certificate[], last: Certificate): Generator<Certificate[]> {
    if (anchors.some((anchor) => isSame(anchor, last))) yield [...path];
    for (const anchor of anchors) {
      if (!isSame(anchor, last) && issued(anchor, last)) yield [...path, anchor];
    }
    if (path.length >= maxLength) return;
    for (const other of others) {
      if (path.some((one) => isSame(one, other)) || !isNamedBy(other, last)) continue;
      if (tries++ < MAX_TRIES && issued(other, last)) yield* extend([...path, other], other);
    }
  }
  yield* extend([leaf], leaf);
}

/** Whether the issuer of `subject` has the name of `issuer`, byte for byte. */
function isNamedBy(issuer: Certificate, subject: Certificate): boolean {
  return sameBytes(issuer.raw.subject, subject.raw.issuer);
}

function isSame(one: Certificate, other: Certificate): boolean {
  return sameBytes(one.der, other.der);
}
