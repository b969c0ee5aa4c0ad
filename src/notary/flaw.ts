import { VeritySignError } from '../errors.ts';

/** Why a certificate chain does not do, and what to do about it. */
export interface Flaw {
  what: string;
  remedy: string;
}

/** @throws VeritySignError 'key' if there is a flaw */
export function refuse(flaw: Flaw | undefined): void {
  if (flaw !== undefined) throw new VeritySignError('key', flaw.what, { remedy: flaw.remedy });
}
