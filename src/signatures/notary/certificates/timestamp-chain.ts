/** The chain of a timestamping certificate. [RFC 3161, 2.3; notation-core-go x509/timestamp_cert_validations.go] */
import { type Certificate, certificateName } from '../../x509/certificate.ts';
import { pathsToAnchors } from '../../x509/chain.ts';
import { PURPOSE } from '../../x509/purposes.ts';
import { algorithmOfKey } from '../envelope/algorithms.ts';
import { extensionViolation, leafUsageViolation, orderViolation, pathViolation } from './chain-rules.ts';
import type { Violation } from './violation.ts';

const AUTHORITY_REMEDY = 'Use another timestamping authority';
const MAX_LENGTH = 8;

/** A chain from `leaf` over certificates of the token to a root; `undefined` if none is found. */
export function chainToRoot(
  leaf: Certificate,
  others: readonly Certificate[],
  roots: readonly Certificate[],
): readonly Certificate[] | undefined {
  const [chain] = pathsToAnchors(leaf, others, roots, { maxLength: MAX_LENGTH });
  return chain;
}

/** Why a chain may not sign timestamps of the time `at`. */
export function timestampingViolation(chain: readonly Certificate[], at: Date): Violation | undefined {
  const [leaf] = chain;
  const path = orderViolation(chain) ?? pathViolation(chain, at);
  // notation verifies this chain by Go's crypto/x509, which heeds them.
  const extension = extensionViolation(chain, 'timeStamping');
  return (
    (leaf && authorityViolation(leaf)) ??
    path ??
    (extension && { what: extension.what, remedy: AUTHORITY_REMEDY })
  );
}

function authorityViolation(leaf: Certificate): Violation | undefined {
  const name = `the timestamping ${certificateName(leaf)}`;
  const remedy = AUTHORITY_REMEDY;
  const { extendedKeyUsage } = leaf.extensions;
  const only =
    extendedKeyUsage?.purposes.length === 1 && extendedKeyUsage.purposes[0] === PURPOSE.timeStamping;
  if (!only || !extendedKeyUsage.critical) {
    return { what: `${name} is not for timeStamping only (critical extendedKeyUsage)`, remedy };
  }
  if (algorithmOfKey(leaf.key) === undefined) {
    return { what: `${name} has a key that Notary does not accept`, remedy };
  }
  const usage = leafUsageViolation(leaf, name);
  return usage && { what: usage.what, remedy };
}
