import { startMkfsBuilder } from '../erofs/known-answer.ts';
import type { Logger } from '../logger.ts';
import type { OpenedMaker } from './image-maker.ts';
import { MkfsMaker } from './mkfs-maker.ts';
import type { CommonOptions } from './options.ts';
import type { KnownClass, ProfileName } from './stages.ts';

export interface OpenOptions {
  /** What it is to build: the test of mkfs.erofs covers no more. */
  profiles: readonly ProfileName[];
  /** Of the native builder, if the user has not said; none if each recipe has its own. */
  classes: readonly KnownClass[];
  /** Also the SHA-256 of each image, where there is a whole image. */
  imageDigest?: boolean;
  /** A private folder. */
  folder: string;
  signal: AbortSignal;
  log: Logger;
}

/** What makes the images, as the user has chosen. Errors: those of `startMkfsBuilder`. */
export async function openMaker(options: CommonOptions, opened: OpenOptions): Promise<OpenedMaker> {
  const { builder: kind, crossCheck } = options;
  const classes = options.classes ?? opened.classes;
  if (kind === 'native' && !crossCheck) {
    const { NativeMaker } = await import('./native-maker.ts');
    return {
      maker: new NativeMaker(),
      info: Promise.resolve({ kind, classes }),
      stop: async () => undefined,
    };
  }
  const { builder, info, stop } = await startMkfsBuilder({
    mkfsPath: options.tools.mkfsPath,
    wanted: options.erofsUtilsVersion,
    profiles: opened.profiles,
    tempFolder: opened.folder,
    signal: opened.signal,
    log: opened.log,
  });
  const maker = new MkfsMaker(builder, opened.imageDigest);
  if (!crossCheck) return { maker, info, stop };
  const { CrossChecker } = await import('./cross-check.ts');
  const checker = new CrossChecker(kind, maker, info, options.tempDir);
  const checked = checker.info(classes);
  // Whoever awaits it is told; that may be after it has failed.
  checked.catch(() => undefined);
  return { maker: checker, info: checked, stop };
}
