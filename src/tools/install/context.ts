import type { Logger } from '../../logger.ts';

/**
 * Puts a mkfs.erofs to the known-answer test, as the layers will be converted. Resolves with the reason why
 * it will not do, or undefined; rejects if the machine lets none pass (no way to be uid 0).
 */
export type MkfsCheck = (path: string) => Promise<string | undefined>;

/**
 * Asks an oras for its version, such as `1.3.3`.
 * @throws VeritySignError 'environment' if it is no oras that can be used
 */
export type OrasCheck = (path: string, signal: AbortSignal) => Promise<{ text: string }>;

/** What an installation needs of the run. */
export interface InstallContext {
  log: Logger;
  signal: AbortSignal;
}
