/** The chain of a timestamping certificate. [RFC 3161, 2.3; notation-core-go x509/timestamp_cert_validations.go] */
import { algorithmOfKey } from '../envelope/algorithms.ts';
import { hasIssued, type NotaryCertificate } from './certificate.ts';
import {
  issuerViolation,
  leafUsageViolation,
  orderViolation,
  signatureViolation,
  validityViolation,
} from './chain-rules.ts';
import type { Violation } from './refusal.ts';

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const MAX_LENGTH = 8;
/** Of signatures that are tried; a token could bring certificates that all seem to issue each other. */
const MAX_TRIES = 200;

/** A chain from `leaf` over certificates of the token to a root; `undefined` if none is found. */
export function chainToRoot(
  leaf: NotaryCertificate,
  others: readonly NotaryCertificate[],
  roots: readonly NotaryCertificate[],
): readonly NotaryCertificate[] | undefined {
  let tries = 0;
  const issued = (issuer: NotaryCertificate, subject: NotaryCertificate): boolean =>
    Buffer.from(issuer.subject).equals(subject.issuer) && tries++ < MAX_TRIES && hasIssued(issuer, subject);
  const extend = (
    last: NotaryCertificate,
    path: readonly NotaryCertificate[],
  ): readonly NotaryCertificate[] | undefined => {
    if (roots.some((root) => same(root, last))) return path;
    const root = roots.find((one) => issued(one, last));
    if (root !== undefined) return [...path, root];
    if (path.length >= MAX_LENGTH) return undefined;
    for (const issuer of others) {
      if (path.some((one) => same(one, issuer)) || !issued(issuer, last)) continue;
      const found = extend(issuer, [...path, issuer]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return extend(leaf, [leaf]);
}

/** Why a chain may not sign timestamps of the time `at`. */
export function timestampingViolation(chain: readonly NotaryCertificate[], at: Date): Violation | undefined {
  const [leaf, ...issuers] = chain;
  return (
    (leaf && authorityViolation(leaf)) ??
    orderViolation(chain) ??
    issuers
      .map((issuer, below) => issuerViolation(issuer, below))
      .find((violation) => violation !== undefined) ??
    chain.map(signatureViolation).find((violation) => violation !== undefined) ??
    chain.map((one) => validityViolation(one, at)).find((violation) => violation !== undefined)
  );
}

function authorityViolation(leaf: NotaryCertificate): Violation | undefined {
  const name = `the timestamping certificate "${leaf.name}"`;
  const remedy = 'Use another timestamping authority';
  const { extendedKeyUsage } = leaf;
  const only = extendedKeyUsage?.purposes.length === 1 && extendedKeyUsage.purposes[0] === TIME_STAMPING;
  if (!only || !extendedKeyUsage.critical) {
    return { what: `${name} is not for timeStamping alone (critical extendedKeyUsage)`, remedy };
  }
  if (algorithmOfKey(leaf.key) === undefined) {
    return { what: `${name} has a key that Notary does not accept`, remedy };
  }
  const usage = leafUsageViolation(leaf, name);
  return usage && { what: usage.what, remedy };
}

function same(one: NotaryCertificate, other: NotaryCertificate): boolean {
  return Buffer.from(one.der).equals(other.der);
}
