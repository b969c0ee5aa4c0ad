import { VeritySignError } from '../../errors.ts';

/** What many layers at a time may run out of. */
const CODES: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM']);

/** The system has no room for more files or processes. */
export class SystemLimitError extends VeritySignError {
  constructor(what: string, cause: unknown) {
    super('environment', what, {
      remedy: 'Lower concurrency, or raise the limits of open files and processes (ulimit -n, ulimit -u)',
      cause,
    });
  }
}

/** Whether an error of the system says that. */
export function isSystemLimit(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && CODES.has(error.code);
}
