import { FormatError } from '../../../formats/format-error.ts';
import { readCertificate } from '../../x509/certificate.ts';
import type { StoreType } from '../trust-policy/trust-policy.ts';

/**
 * Why a certificate cannot be in a trust store, as notation has it: only those of authorities can, and
 * self-signed ones; of timestamp authorities only roots. [notation-go verifier/truststore/truststore.go]
 */
export function storeViolation(der: Uint8Array, type: StoreType): string | undefined {
  try {
    const { selfSigned, subject, extensions } = readCertificate(der);
    if (selfSigned) return undefined;
    if (type === 'tsa') return `"${subject}" is not a root certificate`;
    if (extensions.basicConstraints?.isCa === true) return undefined;
    return `"${subject}" is neither a CA certificate nor self-signed`;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `a certificate cannot be read: it ${error.message}`;
  }
}
