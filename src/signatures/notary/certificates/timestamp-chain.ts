/** The chain of a timestamping certificate. [RFC 3161, 2.3; notation-core-go x509/timestamp_cert_validations.go] */
import { VeritySignError } from '../../../errors.ts';
import { type Certificate, certificateName } from '../../x509/certificate.ts';
import { pathsToAnchors } from '../../x509/chain.ts';
import { PURPOSE } from '../../x509/purposes.ts';
import { algorithmOfKey } from '../envelope/algorithms.ts';
import { extensionViolation, leafUsageViolation, orderViolation, pathViolation } from './chain-rules.ts';
import { refuse, type Violation } from './violation.ts';

const AUTHORITY_REMEDY = 'Use another timestamping authority';
const MAX_LENGTH = 8;

/**
 * The chain from `leaf` over certificates of the token to a root. A renewed root or issuer with the same key makes several:
 * as in notation, the first counts that may sign timestamps of the time `at`, whatever their order.
 * @throws VeritySignError 'key' if no chain may, with what is wrong with the first
 */
export function requireTimestampingChain(
  leaf: Certificate,
  others: readonly Certificate[],
  roots: readonly Certificate[],
  at: Date,
): readonly Certificate[] {
  let first: Violation | undefined;
  for (const chain of pathsToAnchors(leaf, others, roots, { maxLength: MAX_LENGTH })) {
    const violation = timestampingViolation(chain, at);
    if (violation === undefined) return chain;
    first ??= violation;
  }
  refuse(first);
  throw new VeritySignError(
    'key',
    `the timestamping certificate "${leaf.subject}" does not lead to a trusted root`,
    { remedy: 'Give the root certificate of the timestamping authority' },
  );
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
