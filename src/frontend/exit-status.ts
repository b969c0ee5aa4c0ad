import { type ErrorCode, EXIT_STATUS } from '../errors.ts';

const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  usage: 'an option, an input or a reference is wrong',
  image: 'the image or a layer is damaged, or of a kind that cannot be signed',
  environment: 'a tool, a privilege, the disk or the machine is not as it must be',
  key: 'the key or the certificate chain does not do',
  registry: 'the registry or layout refused, failed or lost what was written',
  cancelled: 'ended by a signal',
};

/** Every exit status of the CLI and what it means, for its help and the README. */
export const EXIT_MEANINGS: readonly (readonly [status: number, meaning: string])[] = [
  [0, 'everything was done'],
  [1, 'a defect of this program'],
  ...Object.entries(MEANINGS).map(([code, meaning]) => [EXIT_STATUS[code as ErrorCode], meaning] as const),
];
