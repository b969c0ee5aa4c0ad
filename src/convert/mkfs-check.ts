import { VeritySignError } from '../errors.ts';
import { findPrivilege } from '../lib/process/privilege.ts';
import { withTempFolder } from '../lib/process/temp-folder.ts';
import { createMkfsBuilder } from './erofs/mkfs/known-answer.ts';
import type { ConvertContext, ConvertOptions } from './options.ts';

/**
 * A function that runs the known-answer test of a mkfs.erofs; it resolves with the reason why that one is not
 * usable, or undefined.
 * @throws VeritySignError 'environment' if no mkfs.erofs could run as root
 */
export function mkfsCheck(
  {
    profiles,
    erofsUtilsVersion: wanted,
    mkfsOptions,
    tempDir,
  }: Pick<ConvertOptions, 'profiles' | 'erofsUtilsVersion' | 'mkfsOptions' | 'tempDir'>,
  { log, signal }: Pick<ConvertContext, 'log' | 'signal'>,
): (mkfsPath: string) => Promise<string | undefined> {
  return async (mkfsPath) => {
    await findPrivilege(signal);
    try {
      await withTempFolder(tempDir, (tempFolder) =>
        createMkfsBuilder({ mkfsPath, wanted, profiles, mkfsOptions, tempFolder, signal, log }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code !== 'environment') throw error;
      return error.message;
    }
  };
}
