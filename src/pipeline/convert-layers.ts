import type { Readable } from 'node:stream';
import type { ErofsBuilder } from '../erofs/builder.ts';
import { PROFILES } from '../erofs/profile.ts';
import { inContext, VeritySignError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { computeRootHash } from '../verity/root-hash.ts';
import { type BuiltImage, buildImages, removeImage } from './build-images.ts';
import { mapConcurrently } from './concurrent.ts';
import { DiskBudget, likelySize } from './disk-budget.ts';
import { mostLayers } from './lanes.ts';
import { LAYER_THREADS } from './layer-threads.ts';
import type { CommonOptions } from './options.ts';
import { type Recipe, recipesFor } from './recipe.ts';
import type { ConvertedLayer, ImageLayer, LayerFacts } from './stages.ts';

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
  builder: ErofsBuilder;
  /** Also the SHA-256 of each image. */
  imageDigest?: boolean;
  /** Private temporary folder: each EROFS image is in it until it is hashed. */
  folder: string;
  options: CommonOptions;
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
  const { options, signal, folder } = converter;
  const disk = converter.disk ?? (await DiskBudget.of(folder));
  const order = [...jobs.keys()].sort((a, b) => sizeOf(jobs[b]) - sizeOf(jobs[a]));
  const results: ConvertedLayer[][] = new Array(jobs.length);
  const images = Math.max(1, ...jobs.map((job) => recipesOf(job, options).length));
  const lanes = Math.min(options.concurrency, mostLayers(images));
  await mapConcurrently(order, lanes, signal, async (index, both) => {
    const job = jobs[index];
    if (job === undefined) return;
    const size = likelySize(job.layer, recipesOf(job, options).length);
    results[index] = await disk.run(size, () => convertInContext(job, { ...converter, signal: both }));
  });
  return results;
}

function sizeOf(job: LayerJob | undefined): number {
  return job?.layer.descriptor.size ?? 0;
}

function recipesOf(job: LayerJob, options: CommonOptions): readonly Recipe[] {
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
  const { options, log } = converter;
  let received = 0;
  const onProgress = (bytes: number): void => {
    received = bytes;
    log.progress(layerLabel(layer), bytes, layer.descriptor.size);
  };
  const waitedFor = (): string =>
    received < layer.descriptor.size
      ? `${received} of the blob's ${layer.descriptor.size} bytes had come`
      : 'the blob had come in full, mkfs.erofs or the hashing had not ended';

  return withDeadline(options.timeout, converter.signal, waitedFor, async (signal) => {
    const started = performance.now();
    const { images, facts } = await buildImages({
      layer,
      open: job.open,
      recipes: recipesOf(job, options),
      builder: converter.builder,
      folder: converter.folder,
      timeout: options.timeout,
      maxTarSize: options.maxLayerSize,
      signal,
      onProgress,
    });
    const build = secondsSince(started);
    warnOfDropped(facts, log);
    try {
      const converted: ConvertedLayer[] = [];
      for (const built of images) {
        converted.push({ layer, facts, ...(await hashImage(built, build, { ...converter, signal })) });
      }
      return converted;
    } finally {
      // Also of those that were not hashed.
      await Promise.all(images.map(({ image }) => removeImage(image)));
    }
  });
}

/** What becomes of an image that is built; the image is removed. */
async function hashImage(
  { image, recipe: { profile } }: BuiltImage,
  build: number,
  { imageDigest = false, signal, log }: Converter,
): Promise<Pick<ConvertedLayer, 'profile' | 'uuid' | 'verity' | 'seconds'>> {
  const hashing = performance.now();
  const verity = await computeRootHash(image.files, PROFILES[profile].blockSize, {
    threads: LAYER_THREADS,
    imageDigest,
    signal,
  });
  await removeImage(image);
  if (verity.imageSize < SMALLEST_MOUNTABLE) warnOfSize(verity.imageSize, profile, log);
  log.info(`${profile}: root hash ${verity.rootHash} (EROFS ${image.size} bytes, ${build.toFixed(2)} s)`);
  return { profile, uuid: image.uuid, verity, seconds: { build, verity: secondsSince(hashing) } };
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

function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
