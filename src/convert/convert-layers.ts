import type { Readable } from 'node:stream';
import { inContext, VeritySignError } from '../errors.ts';
import { mapConcurrently } from '../lib/concurrent.ts';
import { formatBytes } from '../lib/format-bytes.ts';
import { type Logger, withPrefix } from '../logger.ts';
import type { BuilderInfo, ConvertedLayer, ImageLayer, LayerFacts } from '../model/index.ts';
import { ErofsLayerBuilder } from './builders/erofs-layer-builder.ts';
import type { ImageFileRequest, LayerBuilder } from './builders/layer-builder.ts';
import type { ConversionCache } from './conversion-cache.ts';
import { DiskBudget, likelySize } from './disk-budget.ts';
import { PROFILES } from './erofs/profile.ts';
import { type Recipe, recipesFor } from './erofs/recipe.ts';
import { layersAtOnce } from './layer-concurrency.ts';
import type { ConvertOptions } from './options.ts';

/** A layer to convert. */
export interface LayerJob {
  layer: ImageLayer;
  /** Opens the layer's blob. */
  open(signal: AbortSignal): Promise<Readable>;
  /** The images to build; default: one for each profile of the options. */
  recipes?: readonly Recipe[];
  /** Keeps one of the images in a file. */
  imageFile?: ImageFileRequest;
  /** Called when the layer is converted; the conversion ends with its promise. */
  done?(converted: readonly ConvertedLayer[]): Promise<void>;
}

/** Bytes: no kernel mounts an EROFS image smaller than a page. */
const SMALLEST_MOUNTABLE = 4096;

/** The context of a conversion. */
export interface Converter {
  builder: LayerBuilder;
  /** Private temporary folder for EROFS images until they are hashed. */
  folder: string;
  options: ConvertOptions;
  log: Logger;
  signal: AbortSignal;
  /** Disk space that several calls share; default: a budget for each call. */
  disk?: DiskBudget;
}

/**
 * Converts layers concurrently, the largest first so that none runs alone at the end. Returns one result for
 * each recipe of each job, in their order.
 * @throws VeritySignError of the first layer that fails, after which the others are stopped
 */
export async function convertLayers(
  jobs: readonly LayerJob[],
  converter: Converter,
): Promise<ConvertedLayer[][]> {
  const { options, signal, folder, builder } = converter;
  const disk = builder.needsDisk ? (converter.disk ?? (await DiskBudget.of(folder))) : undefined;
  const order = [...jobs.keys()].sort((a, b) => sizeOf(jobs[b]) - sizeOf(jobs[a]));
  const results: ConvertedLayer[][] = new Array(jobs.length);
  const images = Math.max(1, ...jobs.map((job) => recipesOf(job, options).length));
  await mapConcurrently(order, layersAtOnce(options.concurrency, images), signal, async (index, both) => {
    const job = jobs[index];
    if (job === undefined) return;
    const convert = (): Promise<ConvertedLayer[]> => convertInContext(job, { ...converter, signal: both });
    const size = likelySize(job.layer, recipesOf(job, options).length);
    // An EROFS image is hashed as it arrives.
    const onDisk = disk !== undefined && job.layer.format === 'tar';
    results[index] = await (onDisk ? disk.run(size, convert) : convert());
  });
  return results;
}

function sizeOf(job: LayerJob | undefined): number {
  return job?.layer.descriptor.size ?? 0;
}

function recipesOf(job: LayerJob, options: ConvertOptions): readonly Recipe[] {
  return job.recipes ?? recipesFor(options);
}

function convertInContext(job: LayerJob, converter: Converter): Promise<ConvertedLayer[]> {
  const label = layerLabel(job.layer);
  return inContext({ layer: label }, async () => {
    // The job may have waited for disk space.
    converter.signal.throwIfAborted();
    // One line for each image of the layer: an image may have dozens of layers.
    const converted = await convertLayer(job, { ...converter, log: withPrefix(converter.log, `${label}: `) });
    await job.done?.(converted);
    return converted;
  });
}

/** A layer's name in messages. */
export function layerLabel(layer: Pick<ImageLayer, 'index' | 'descriptor'>): string {
  return `layer ${layer.index} (${layer.descriptor.digest})`;
}

async function convertLayer(job: LayerJob, converter: Converter): Promise<ConvertedLayer[]> {
  const { layer } = job;
  const { options, log } = converter;
  const builder = layer.format === 'erofs' ? new ErofsLayerBuilder() : converter.builder;
  let received = 0;
  const onProgress = (bytes: number): void => {
    received = bytes;
    log.progress(layerLabel(layer), bytes, layer.descriptor.size);
  };
  const progress = (): string =>
    received < layer.descriptor.size
      ? `${received} of ${layer.descriptor.size} bytes of the blob received`
      : 'blob fully received, still building or hashing';

  return withDeadline(options.timeout, converter.signal, progress, async (signal) => {
    const { images, facts } = await builder.build({
      layer,
      open: job.open,
      recipes: recipesOf(job, options),
      ...(job.imageFile === undefined ? {} : { imageFile: job.imageFile }),
      folder: converter.folder,
      timeout: options.timeout,
      maxTarSize: options.maxLayerSize,
      signal,
      onProgress,
    });
    warnOfDropped(facts, log);
    const reported = new Set<string>();
    return images.map(({ recipe, uuid, verity, seconds }) => {
      const { profile } = recipe;
      const of = recipe.class === undefined || layer.format === 'erofs' ? {} : { class: recipe.class };
      // An EROFS image is the same for all recipes, unless their block sizes differ.
      if (layer.format === 'tar' || !reported.has(verity.rootHash)) {
        const took = `EROFS ${formatBytes(verity.imageSize)}, ${seconds.build.toFixed(2)} s`;
        log.info(`root hash ${verity.rootHash} (${nameOf(layer, recipe)}, ${took})`);
        if (verity.imageSize < SMALLEST_MOUNTABLE) warnOfSize(verity.imageSize, nameOf(layer, recipe), log);
      }
      reported.add(verity.rootHash);
      return { layer, profile, ...of, uuid, facts, verity, seconds };
    });
  });
}

function nameOf(layer: ImageLayer, { profile, class: of }: Recipe): string {
  if (layer.format === 'erofs') return `native EROFS layer, blocks of ${PROFILES[profile].blockSize}`;
  return of === undefined ? profile : `${profile}, class ${of}`;
}

/** Runs `work` with a signal that also fires after `milliseconds`; the timeout's error includes the progress. */
async function withDeadline<T>(
  milliseconds: number,
  signal: AbortSignal,
  progress: () => string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(milliseconds);
  try {
    return await work(AbortSignal.any([signal, deadline]));
  } catch (error) {
    if (!deadline.aborted || signal.aborted) throw error;
    const message = `conversion timed out after ${milliseconds / 1000} s (${progress()})`;
    throw new VeritySignError('environment', message, { remedy: 'Raise timeout', cause: error });
  }
}

function warnOfSize(size: number, what: string, log: Logger): void {
  log.warn(
    `${what}: the EROFS image has only ${size} bytes; kernels mount no image smaller than ${SMALLEST_MOUNTABLE} bytes`,
  );
}

function warnOfDropped({ dropped }: LayerFacts, log: Logger): void {
  if (dropped.count === 0) return;
  log.warn(
    `mkfs.erofs omits or alters ${dropped.count} entries, as it does on the node: ${dropped.examples.join(', ')}`,
  );
}

export interface SharedConversion {
  /** One result for each profile of each job, as {@link convertLayers} returns them. */
  converted: ConvertedLayer[][];
  /**
   * Must be called once mkfs.erofs has passed its test, before the results are used.
   * @param builder undefined if all layers are EROFS images
   */
  confirm(builder: BuilderInfo | undefined): void;
}

/**
 * Converts the layers that no earlier image of the run had.
 * @param image name of the image, for reports
 * @param recipes those of all jobs
 * @throws VeritySignError as {@link convertLayers} does; `confirm` throws one if the builder has changed
 */
export async function convertShared(
  jobs: readonly LayerJob[],
  converter: Converter,
  image: string,
  shared: ConversionCache | undefined,
  recipes: readonly Recipe[] = recipesFor(converter.options),
): Promise<SharedConversion> {
  // A conversion of earlier has no file.
  const known = jobs.map(({ layer, imageFile }) =>
    imageFile === undefined ? shared?.findAll(layer, recipes) : undefined,
  );
  for (const [index, found] of known.entries()) {
    const job = jobs[index];
    if (found === undefined || job === undefined) continue;
    converter.log.info(`${layerLabel(job.layer)}: already converted for ${found[0]?.sharedFrom}`);
  }
  const unknown = jobs.filter((_, index) => known[index] === undefined);
  const fresh = await convertLayers(
    unknown.map((job) => ({ ...job, recipes })),
    converter,
  );
  let next = 0;
  const converted = known.map((found) => found ?? fresh[next++] ?? []);
  const confirm = (builder: BuilderInfo | undefined): void => {
    if (builder !== undefined) shared?.requireSame(builder);
    for (const ofLayer of fresh) {
      for (const [position, one] of ofLayer.entries()) {
        const recipe = recipes[position];
        if (recipe !== undefined) shared?.add(one, recipe, image);
      }
    }
  };
  return { converted, confirm };
}
