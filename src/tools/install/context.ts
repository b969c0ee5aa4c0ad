import type { Logger } from '../../logger.ts';

/**
 * Puts a mkfs.erofs to the known-answer test, as the layers will be converted. Resolves with the reason why
 * it will not do, or undefined; rejects if the machine lets none pass (no way to be uid 0).
 */
export type MkfsCheck = (path: string) => Promise<string | undefined>;

/** What an installation needs of the run. */
export interface InstallContext {
  log: Logger;
  signal: AbortSignal;
}
