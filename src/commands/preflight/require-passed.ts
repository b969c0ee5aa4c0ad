import { VeritySignError } from '../../errors.ts';
import type { PreflightReport } from '../../report/node/preflight-report.ts';

/**
 * @param pushTo where the image was to be pushed, if anywhere
 * @throws VeritySignError 'not-enforced' or 'unchecked' unless the image has passed
 */
export function requirePassed(
  { passed, verdict, summary }: Pick<PreflightReport, 'passed' | 'verdict' | 'summary'>,
  pushTo: readonly string[] = [],
): void {
  if (passed) return;
  const kept = pushTo.length === 0 ? '' : `; nothing was pushed to ${pushTo.join(', ')}`;
  const message = `preflight: ${summary}${kept}`;
  throw new VeritySignError(verdict === 'unchecked' ? 'unchecked' : 'not-enforced', message, {
    remedy:
      verdict === 'unchecked'
        ? 'Read the log of the VM above, and run again'
        : 'Correct what the report lists under preflight, and sign the image again if it changes',
  });
}
