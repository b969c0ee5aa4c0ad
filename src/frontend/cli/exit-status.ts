import { type ErrorCode, EXIT_STATUS, type FailedVerdict } from '../../errors.ts';
import type { Verdict } from '../../report/verify-report.ts';

const MEANINGS: Readonly<Record<Exclude<ErrorCode, FailedVerdict>, string>> = {
  usage: 'an option, an input or a reference is invalid',
  image: 'the image or a layer is damaged, or of a type that cannot be signed',
  environment: 'a tool, a permission, the disk or the machine is not usable',
  key: 'the key or certificate chain is not usable',
  registry: 'the registry or layout rejected a request, failed or lost data',
  'not-enforced': 'a kernel would not enforce the image, or would not run it',
  cancelled: 'stopped by a signal',
};

/** Exit status of `verify` for each verdict. */
export const VERDICT_STATUS: Readonly<Record<Verdict, number>> = {
  verified: 0,
  'not-signed': EXIT_STATUS['not-signed'],
  invalid: EXIT_STATUS.invalid,
  'not-trusted': EXIT_STATUS['not-trusted'],
  unchecked: EXIT_STATUS.unchecked,
  // Success, as with notation: the policy was followed.
  skipped: 0,
};

const VERDICT_MEANINGS: Readonly<Record<FailedVerdict, string>> = {
  'not-signed': 'no signatures, or none for a requested profile',
  invalid: 'a signature, the image or a layer is invalid',
  'not-trusted': 'the signatures are valid, but the signer is not trusted',
  unchecked: 'the registry, a tool or the machine prevented a check',
};

type ExitMeaning = readonly [status: number, meaning: string];

/** Every exit status of the CLI and its meaning, for the help and the README. */
export const EXIT_MEANINGS: readonly ExitMeaning[] = [
  [0, 'success; verify: every image is verified, or skipped by its policy'] as const,
  [1, 'a defect in this program'] as const,
  ...Object.entries(MEANINGS).map(([code, meaning]) => [EXIT_STATUS[code as ErrorCode], meaning] as const),
  ...Object.entries(VERDICT_MEANINGS).map(
    ([verdict, meaning]) => [VERDICT_STATUS[verdict as Verdict], meaning] as const,
  ),
].sort(([a], [b]) => a - b);
