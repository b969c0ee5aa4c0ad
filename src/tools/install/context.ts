import type { Logger } from '../../logger.ts';

/** What an installation needs of the run. */
export interface InstallContext {
  log: Logger;
  signal: AbortSignal;
}
