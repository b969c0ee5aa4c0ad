import type { Logger } from '../../logger.ts';
import type { KnownClass, ProfileName } from '../../model/index.ts';
import { startMkfsBuilder } from '../erofs/mkfs/known-answer.ts';
import type { ConvertOptions } from '../options.ts';
import type { OpenedBuilder } from './layer-builder.ts';
import { MkfsLayerBuilder } from './mkfs-layer-builder.ts';

export interface OpenOptions {
  /** Profiles to build; the test of mkfs.erofs covers no others. */
  profiles: readonly ProfileName[];
  /** Classes of the native builder if the options name none; empty if each recipe has its own. */
  classes: readonly KnownClass[];
  /** Also compute the SHA-256 of each image file. */
  imageDigest?: boolean;
  /** A private folder. */
  folder: string;
  signal: AbortSignal;
  log: Logger;
}

/**
 * Opens the builder that the options choose.
 * @throws VeritySignError as `startMkfsBuilder` does
 */
export async function openBuilder(options: ConvertOptions, opened: OpenOptions): Promise<OpenedBuilder> {
  const { builder: kind, crossCheck } = options;
  const classes = options.classes ?? opened.classes;
  if (kind === 'native' && !crossCheck) {
    const { NativeLayerBuilder } = await import('./native-layer-builder.ts');
    return {
      builder: new NativeLayerBuilder(),
      info: Promise.resolve({ kind, classes: [...classes] }),
      stop: async () => undefined,
    };
  }
  const {
    builder: mkfs,
    info,
    stop,
  } = await startMkfsBuilder({
    mkfsPath: options.tools.mkfsPath,
    wanted: options.erofsUtilsVersion,
    profiles: opened.profiles,
    mkfsOptions: options.mkfsOptions,
    timeout: options.timeout,
    maxTarSize: options.maxLayerSize,
    tempFolder: opened.folder,
    signal: opened.signal,
    log: opened.log,
  });
  const builder = new MkfsLayerBuilder(mkfs, opened.imageDigest);
  if (!crossCheck) return { builder, info, stop };
  const { CrossChecker } = await import('./cross-check.ts');
  const checker = new CrossChecker(kind, builder, info, options.tempDir);
  const checked = checker.info(classes);
  // `checked` may reject before the caller awaits it.
  checked.catch(() => undefined);
  return { builder: checker, info: checked, stop };
}
