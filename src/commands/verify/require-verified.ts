import { type FailedVerdict, inContext, VeritySignError } from '../../errors.ts';
import type { Verdict, VerifyReport } from '../../report/verify-report.ts';
import type { RunContext, VerifyOptions } from '../shared/options.ts';
import type { VerifiedImage } from './verified-image.ts';
import { verifyImage } from './verify-image.ts';

/**
 * Runs `use` on an image that has verified, for commands that hand on nothing else. An image that the trust policy
 * exempts (`skip`) counts as not signed: nothing of it was verified.
 * @throws VeritySignError with the verdict as code, and whatever `use` throws
 */
export async function withVerifiedImage<T>(
  options: VerifyOptions,
  context: RunContext,
  use: (verified: VerifiedImage) => Promise<T>,
): Promise<T> {
  return inContext({ image: options.image }, async () => {
    let result: { value: T } | undefined;
    const report = await verifyImage(options, context, async (verified) => {
      result = { value: await use(verified) };
    });
    if (result === undefined) throw notVerified(report);
    return result.value;
  });
}

function notVerified({ verdict, reason = verdict }: VerifyReport): VeritySignError {
  return new VeritySignError(codeOf(verdict), `the image is not verified: ${reason}`);
}

function codeOf(verdict: Verdict): FailedVerdict {
  if (verdict === 'verified') throw new TypeError('a verified image was not used');
  return verdict === 'skipped' ? 'not-signed' : verdict;
}
