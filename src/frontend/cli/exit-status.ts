import { type ErrorCode, EXIT_STATUS } from '../../errors.ts';
import type { Verdict } from '../../report/verify-report.ts';

const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  usage: 'an option, an input or a reference is wrong',
  image: 'the image or a layer is damaged, or of a kind that cannot be signed',
  environment: 'a tool, a privilege, the disk or the machine is not as it must be',
  key: 'the key or the certificate chain does not do',
  registry: 'the registry or layout refused, failed or lost what was written',
  cancelled: 'ended by a signal',
};

/** Exit status of `verify` for each verdict. */
export const VERDICT_STATUS: Readonly<Record<Verdict, number>> = {
  verified: 0,
  'not-signed': 10,
  invalid: 11,
  'not-trusted': 12,
  unchecked: 13,
  // As notation: the policy was followed.
  skipped: 0,
};

const VERDICT_MEANINGS: Readonly<Record<Exclude<Verdict, 'verified' | 'skipped'>, string>> = {
  'not-signed': 'verify: no signatures, or none for a profile that was asked for',
  invalid: 'verify: signatures, image or layers are not what they must be',
  'not-trusted': 'verify: the signatures hold, but no trusted certificate vouches for the signer',
  unchecked: 'verify: the registry, a tool or the machine kept something from being checked',
};

type ExitMeaning = readonly [status: number, meaning: string];

/** Every exit status of the CLI and what it means, for its help and the README. */
export const EXIT_MEANINGS: readonly ExitMeaning[] = [
  [
    0,
    'everything was done; verify: everything that was asked for holds, or the trust policy says skip',
  ] as const,
  [1, 'a defect of this program'] as const,
  ...Object.entries(MEANINGS).map(([code, meaning]) => [EXIT_STATUS[code as ErrorCode], meaning] as const),
  ...Object.entries(VERDICT_MEANINGS).map(
    ([verdict, meaning]) => [VERDICT_STATUS[verdict as Verdict], meaning] as const,
  ),
].sort(([a], [b]) => a - b);
