import { VeritySignError } from '../../errors.ts';

/** Error codes of limits that many concurrent layers may reach. */
const CODES: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM']);

/** The system allows no more open files, processes or memory. */
export class SystemLimitError extends VeritySignError {
  constructor(what: string, cause: unknown) {
    super('environment', what, {
      remedy: 'Lower concurrency, or raise the limits on open files and processes (ulimit -n, ulimit -u)',
      cause,
    });
  }
}

/** Whether an error comes from such a limit. */
export function isSystemLimit(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && CODES.has(error.code);
}
