import { VeritySignError } from '../../../errors.ts';

/** Why a certificate chain is rejected, and what to do about it. */
export interface Violation {
  what: string;
  remedy: string;
}

/** @throws VeritySignError 'key' if there is a violation. */
export function refuse(violation: Violation | undefined): void {
  if (violation !== undefined) throw new VeritySignError('key', violation.what, { remedy: violation.remedy });
}
