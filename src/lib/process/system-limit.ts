import { SYSTEM_LIMIT_REMEDY, VeritySignError } from '../../errors.ts';

/** The system allows no more open files, processes or memory. */
export class SystemLimitError extends VeritySignError {
  constructor(what: string, cause: unknown) {
    super('environment', what, { remedy: SYSTEM_LIMIT_REMEDY, cause });
  }
}
