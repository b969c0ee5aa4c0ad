import { ErofsLayerBuilder } from '../../convert/builders/erofs-layer-builder.ts';
import { failedOnLayer, openBuilder } from '../../convert/builders/open-builder.ts';
import { convertShared, type LayerJob } from '../../convert/convert-layers.ts';
import { alongside } from '../../lib/concurrent.ts';
import type { BuilderInfo, ConvertedLayer, ResolvedImage } from '../../model/index.ts';
import { DEFAULT_CLASS } from '../../model/profiles.ts';
import type { ImageSource } from '../../oci/image/source.ts';
import type { LayerDisks } from '../preflight/layer-disks.ts';
import type { CachedLayer } from '../shared/cache/fill-cache.ts';
import { hasTars, uniqueLayers } from '../shared/plan.ts';
import type { SignRun } from '../shared/run.ts';
import { LayerExport, recipesOfRun } from './export-layers.ts';
import { hasLayers } from './resolve-for-signing.ts';

/** The layers of an image with their root hashes, and what built the images. */
export interface ConvertedImage {
  /** Undefined if no layer is a tar. */
  builder: BuilderInfo | undefined;
  /** For each distinct layer its images, in the order of the recipes. */
  converted: ConvertedLayer[][];
  /** The layers in the cache of export-dir; undefined without it. */
  exported: CachedLayer[] | undefined;
}

/**
 * Converts each distinct layer once, beside the known-answer test of mkfs.erofs: images of a mkfs.erofs
 * that fails the test are never signed. Whatever ends the conversion, no mkfs.erofs keeps running in the
 * run's folder.
 * @param disks get the layers of the image that is tested
 */
export async function convertImage(
  image: ResolvedImage,
  source: ImageSource,
  { options, context, folder }: SignRun,
  disks?: LayerDisks,
): Promise<ConvertedImage> {
  if (!hasLayers(image)) return { builder: undefined, converted: [], exported: undefined };
  const { log, signal, conversions } = context;
  const recipes = recipesOfRun(options);
  const profiles = [...new Set(recipes.map(({ profile }) => profile))];
  const exporting = await LayerExport.open(options, context);
  const jobsFor = async (tested: Promise<BuilderInfo | undefined>): Promise<LayerJob[]> => {
    const jobs: LayerJob[] = [];
    for (const layer of uniqueLayers(image)) {
      const job = { layer, open: (own: AbortSignal) => source.blob(layer.descriptor, own) };
      const known = conversions?.findAll(layer, recipes);
      const exported = await exporting?.withFile(job, known, tested);
      jobs.push(exported ?? disks?.withFile(job, recipes) ?? job);
    }
    return jobs;
  };
  if (!hasTars(image)) {
    try {
      const converter = { builder: new ErofsLayerBuilder(), folder, options, log, signal };
      const jobs = await jobsFor(Promise.resolve(undefined));
      const { converted, confirm } = await convertShared(jobs, converter, image.name, conversions, recipes);
      confirm(undefined);
      return { builder: undefined, converted, exported: exporting?.exported(converted) };
    } finally {
      await exporting?.close();
    }
  }
  const opened = await openBuilder(options, { profiles, classes: [DEFAULT_CLASS], folder, signal, log });
  try {
    const jobs = await jobsFor(opened.info);
    const [builder, { converted, confirm }] = await alongside(
      { result: opened.info, stop: opened.stop, explains: failedOnLayer },
      signal,
      (both) => {
        const converter = { builder: opened.builder, folder, options, log, signal: both };
        return convertShared(jobs, converter, image.name, conversions, recipes);
      },
    );
    confirm(builder);
    return { builder, converted, exported: exporting?.exported(converted) };
  } finally {
    await opened.stop();
    await exporting?.close();
  }
}
