import { VeritySignError } from '../../errors.ts';
import type { PreflightReport } from '../../report/node/preflight-report.ts';

/** @throws VeritySignError 'not-enforced' or 'unchecked' unless the image has passed */
export function requirePassed({ passed, verdict, summary }: PreflightReport): void {
  if (passed) return;
  throw new VeritySignError(verdict === 'unchecked' ? 'unchecked' : 'not-enforced', `preflight: ${summary}`, {
    remedy:
      verdict === 'unchecked'
        ? 'Read the log of the VM above, and run again'
        : 'Correct what the report lists under preflight, and sign the image again if it changes',
  });
}
