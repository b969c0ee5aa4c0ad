import type { Logger } from '../../logger.ts';

/**
 * Runs the known-answer test on a mkfs.erofs. Resolves with the reason why it is not usable, or
 * undefined; rejects if no mkfs.erofs could pass on this machine (no way to run as uid 0).
 */
export type MkfsCheck = (path: string) => Promise<string | undefined>;

/**
 * The version of an oras, such as `1.3.3`.
 * @throws VeritySignError 'environment' if the program is not a usable oras
 */
export type OrasCheck = (path: string, signal: AbortSignal) => Promise<{ text: string }>;

export interface InstallContext {
  log: Logger;
  signal: AbortSignal;
  /** Whether source archives are restored from the runner's cache, and saved there. Default: false. */
  runnerCache?: boolean;
}
