import type { Readable } from 'node:stream';
import { inContext, VeritySignError } from '../errors.ts';
import { mapConcurrently } from '../lib/concurrent.ts';
import type { Logger } from '../logger.ts';
import type { ConvertedLayer, ImageLayer, LayerFacts } from '../model/index.ts';
import type { LayerBuilder } from './builders/layer-builder.ts';
import { DiskBudget, likelySize } from './disk-budget.ts';
import { type Recipe, recipesFor } from './erofs/recipe.ts';
import { maxConcurrentLayers } from './layer-concurrency.ts';
import type { ConvertOptions } from './options.ts';

/** A layer and where its blob comes from. */
export interface LayerJob {
  layer: ImageLayer;
  open(signal: AbortSignal): Promise<Readable>;
  /** The images to make of it; without them one per profile of the options. */
  recipes?: readonly Recipe[];
}

/** Bytes: what a kernel cannot mount as EROFS is smaller than a page. */
const SMALLEST_MOUNTABLE = 4096;

/** What conversion needs besides the layers. */
export interface Converter {
  builder: LayerBuilder;
  /** Private temporary folder: for EROFS images until they are hashed. */
  folder: string;
  options: ConvertOptions;
  log: Logger;
  signal: AbortSignal;
  /** Room on the disk, shared by all who convert with it; without it each call has its own. */
  disk?: DiskBudget;
}

/**
 * Converts layers side by side: for each job, in order, one result per recipe. The largest come first,
 * so that none is left to run alone at the end.
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
  const concurrency = Math.min(options.concurrency, maxConcurrentLayers(images));
  await mapConcurrently(order, concurrency, signal, async (index, both) => {
    const job = jobs[index];
    if (job === undefined) return;
    const convert = (): Promise<ConvertedLayer[]> => convertInContext(job, { ...converter, signal: both });
    const size = likelySize(job.layer, recipesOf(job, options).length);
    results[index] = await (disk === undefined ? convert() : disk.run(size, convert));
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
    // It may have waited for room on the disk.
    converter.signal.throwIfAborted();
    return converter.log.group(`Convert ${label}`, (log) => convertLayer(job, { ...converter, log }));
  });
}

export function layerLabel(layer: Pick<ImageLayer, 'index' | 'descriptor'>): string {
  return `layer ${layer.index} (${layer.descriptor.digest})`;
}

async function convertLayer(job: LayerJob, converter: Converter): Promise<ConvertedLayer[]> {
  const { layer } = job;
  const { options, log, builder } = converter;
  let received = 0;
  const onProgress = (bytes: number): void => {
    received = bytes;
    log.progress(layerLabel(layer), bytes, layer.descriptor.size);
  };
  const waitedFor = (): string =>
    received < layer.descriptor.size
      ? `${received} of the blob's ${layer.descriptor.size} bytes had come`
      : 'the blob had come in full, building or hashing had not ended';

  return withDeadline(options.timeout, converter.signal, waitedFor, async (signal) => {
    const { images, facts } = await builder.make({
      layer,
      open: job.open,
      recipes: recipesOf(job, options),
      folder: converter.folder,
      timeout: options.timeout,
      maxTarSize: options.maxLayerSize,
      signal,
      onProgress,
    });
    warnOfDropped(facts, log);
    return images.map(({ recipe, uuid, verity, seconds }) => {
      const { profile } = recipe;
      const what = recipe.class === undefined ? profile : `${profile}, class ${recipe.class}`;
      if (verity.imageSize < SMALLEST_MOUNTABLE) warnOfSize(verity.imageSize, profile, log);
      const took = `EROFS ${verity.imageSize} bytes, ${seconds.build.toFixed(2)} s`;
      log.info(`${what}: root hash ${verity.rootHash} (${took})`);
      const of = recipe.class === undefined ? {} : { class: recipe.class };
      return { layer, profile, ...of, uuid, facts, verity, seconds };
    });
  });
}

/** Gives `work` a signal that also fires after `milliseconds`, and says then what had been reached. */
async function withDeadline<T>(
  milliseconds: number,
  signal: AbortSignal,
  reached: () => string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(milliseconds);
  try {
    return await work(AbortSignal.any([signal, deadline]));
  } catch (error) {
    if (!deadline.aborted || signal.aborted) throw error;
    const message = `not converted within ${milliseconds / 1000} s: ${reached()}`;
    throw new VeritySignError('environment', message, { remedy: 'Raise timeout', cause: error });
  }
}

function warnOfSize(size: number, profile: string, log: Logger): void {
  log.warn(
    `${profile}: the EROFS image has ${size} bytes; no kernel can mount less than a page (${SMALLEST_MOUNTABLE}), signed or not`,
  );
}

function warnOfDropped({ dropped }: LayerFacts, log: Logger): void {
  if (dropped.count === 0) return;
  log.warn(
    `mkfs.erofs leaves out or alters ${dropped.count} entries of this layer, here as on the node: ${dropped.examples.join(', ')}`,
  );
}
