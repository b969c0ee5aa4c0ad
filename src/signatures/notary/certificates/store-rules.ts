import { FormatError } from '../../../formats/format-error.ts';
import type { StoreType } from '../trust-policy/trust-policy.ts';
import { hasIssued, readNotaryCertificate } from './certificate.ts';

/**
 * Why a certificate cannot be in a trust store, as notation has it: only those of authorities can, and
 * self-signed ones; of timestamp authorities only roots. [notation-go verifier/truststore/truststore.go]
 */
export function storeViolation(der: Uint8Array, type: StoreType): string | undefined {
  try {
    const certificate = readNotaryCertificate(der);
    const isRoot = hasIssued(certificate, certificate);
    if (isRoot) return undefined;
    if (type === 'tsa') return `"${certificate.name}" is not a root`;
    if (certificate.basicConstraints?.isCa === true) return undefined;
    return `"${certificate.name}" is neither of a certificate authority nor self-signed`;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `there is ${error.message}`;
  }
}
