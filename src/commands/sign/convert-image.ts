import { ErofsLayerBuilder } from '../../convert/builders/erofs-layer-builder.ts';
import { openBuilder } from '../../convert/builders/open-builder.ts';
import { convertShared } from '../../convert/convert-layers.ts';
import { alongside } from '../../lib/concurrent.ts';
import type { BuilderInfo, ConvertedLayer, ResolvedImage } from '../../model/index.ts';
import { DEFAULT_CLASS } from '../../model/profiles.ts';
import type { ImageSource } from '../../oci/image/source.ts';
import { hasTars, uniqueLayers } from '../shared/plan.ts';
import type { SignRun } from '../shared/run.ts';
import { hasLayers } from './resolve-for-signing.ts';

/** The layers of an image with their root hashes, and what built the images. */
export interface ConvertedImage {
  /** Undefined if no layer is a tar. */
  builder: BuilderInfo | undefined;
  /** For each distinct layer its images, in the order of the recipes. */
  converted: ConvertedLayer[][];
}

/**
 * Converts each distinct layer once, beside the known-answer test of mkfs.erofs: images of a mkfs.erofs
 * that fails the test are never signed. Whatever ends the conversion, no mkfs.erofs keeps running in the
 * run's folder.
 */
export async function convertImage(
  image: ResolvedImage,
  source: ImageSource,
  { options, context, folder }: SignRun,
): Promise<ConvertedImage> {
  if (!hasLayers(image)) return { builder: undefined, converted: [] };
  const { log, signal, conversions } = context;
  const { profiles } = options;
  const jobs = uniqueLayers(image).map((layer) => ({
    layer,
    open: (own: AbortSignal) => source.blob(layer.descriptor, own),
  }));
  if (!hasTars(image)) {
    const converter = { builder: new ErofsLayerBuilder(), folder, options, log, signal };
    const { converted, confirm } = await convertShared(jobs, converter, image.name, conversions);
    confirm(undefined);
    return { builder: undefined, converted };
  }
  const opened = await openBuilder(options, { profiles, classes: [DEFAULT_CLASS], folder, signal, log });
  try {
    // The test tries the user's options too, and explains a refusal better than a layer does.
    if (options.mkfsOptions !== undefined) await opened.info;
    const [builder, { converted, confirm }] = await alongside(
      { result: opened.info, stop: opened.stop },
      signal,
      (both) => {
        const converter = { builder: opened.builder, folder, options, log, signal: both };
        return convertShared(jobs, converter, image.name, conversions);
      },
    );
    confirm(builder);
    return { builder, converted };
  } finally {
    await opened.stop();
  }
}
