import { VeritySignError } from '../../errors.ts';
import { ToolError } from '../../lib/process/run.ts';
import type { Logger } from '../../logger.ts';
import type { KnownClass, ProfileName } from '../../model/index.ts';
import type { ConvertOptions } from '../options.ts';
import type { OpenedBuilder } from './layer-builder.ts';
import { NativeLayerBuilder } from './native-layer-builder.ts';

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

/** Whether a program failed on a layer. What it did in its known-answer test says more: it may not work at all. */
export function failedOnLayer(error: unknown): boolean {
  return error instanceof VeritySignError && error.code !== 'registry' && error.cause instanceof ToolError;
}

/**
 * Opens the builder that the options choose.
 * @throws VeritySignError as `startMkfsBuilder` does
 */
export async function openBuilder(options: ConvertOptions, opened: OpenOptions): Promise<OpenedBuilder> {
  const { builder: kind, crossCheck } = options;
  const classes = options.classes ?? opened.classes;
  if (kind === 'native' && !crossCheck) {
    return {
      builder: new NativeLayerBuilder(),
      info: Promise.resolve({ kind, classes: [...classes] }),
      stop: async () => undefined,
    };
  }
  // Lazy imports: the native builder is the default, and needs none of this.
  const [{ startMkfsBuilder }, { MkfsLayerBuilder }] = await Promise.all([
    import('../erofs/mkfs/known-answer.ts'),
    import('./mkfs-layer-builder.ts'),
  ]);
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
