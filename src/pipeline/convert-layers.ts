import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { ErofsBuilder } from '../erofs/builder.ts';
import { PROFILES } from '../erofs/profile.ts';
import { layerUuid } from '../erofs/uuid.ts';
import { inContext, VeritySignError } from '../errors.ts';
import { fanOut } from '../layers/fan-out.ts';
import { openLayerTar } from '../layers/layer-tar.ts';
import type { Logger } from '../logger.ts';
import { computeRootHash } from '../verity/root-hash.ts';
import { mapConcurrently } from './concurrent.ts';
import type { CommonOptions } from './options.ts';
import { layerKey } from './plan.ts';
import { type Recipe, recipesFor } from './recipe.ts';
import type { ConvertedLayer, ErofsImage, ImageLayer, LayerFacts } from './stages.ts';

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
  /** Private temporary folder: each EROFS image is in it until it is hashed. */
  folder: string;
  options: CommonOptions;
  log: Logger;
  signal: AbortSignal;
}

/** Converts layers side by side: for each job, in order, one result per recipe. */
export function convertLayers(jobs: readonly LayerJob[], converter: Converter): Promise<ConvertedLayer[][]> {
  const { options, signal, log } = converter;
  return mapConcurrently(jobs, options.concurrency, signal, (job, both) => {
    const label = layerLabel(job.layer);
    return inContext({ layer: label }, () =>
      log.group(`Convert ${label}`, (own) => convertLayer(job, { ...converter, log: own, signal: both })),
    );
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
    const { images, facts } = await buildImages(job, { ...converter, signal }, onProgress);
    const build = secondsSince(started);
    warnOfDropped(facts, log);
    const converted: ConvertedLayer[] = [];
    for (const {
      image,
      recipe: { profile },
    } of images) {
      const hashing = performance.now();
      const verity = await computeRootHash(image.path, PROFILES[profile].blockSize, signal);
      await rm(image.path, { force: true });
      const { uuid } = image;
      const seconds = { build, verity: secondsSince(hashing) };
      converted.push({ layer, profile, uuid, facts, verity, seconds });
      if (verity.imageSize < SMALLEST_MOUNTABLE) warnOfSize(verity.imageSize, profile, log);
      log.info(`${profile}: root hash ${verity.rootHash} (EROFS ${image.size} bytes, ${build.toFixed(2)} s)`);
    }
    return converted;
  });
}

interface BuiltImage {
  recipe: Recipe;
  image: ErofsImage;
}

/** Reads the blob once and feeds one mkfs.erofs per recipe. */
async function buildImages(
  job: LayerJob,
  { builder, folder, options, signal }: Converter,
  onProgress: (bytes: number) => void,
): Promise<{ images: BuiltImage[]; facts: LayerFacts }> {
  const { layer } = job;
  const recipes = job.recipes ?? recipesFor(options);
  const blob = await job.open(signal);
  const expected = {
    digest: layer.descriptor.digest,
    size: layer.descriptor.size,
    diffId: layer.diffId,
    compression: layer.compression,
  };
  const { tar, facts } = openLayerTar(blob, expected, {
    maxTarSize: options.maxLayerSize,
    signal,
    onProgress,
  });
  // Awaited below; if a build fails first, its error is the one to tell.
  facts.catch(() => undefined);
  const branches = fanOut(tar, recipes.length);
  // Two configs may claim different diffIDs for one blob: its digest alone does not keep them apart.
  const name = hash('sha256', layerKey(layer), 'hex').slice(0, 32);
  const builds = recipes.map(async (recipe, position): Promise<BuiltImage> => {
    const digest = recipe.uuidSource === 'digest' ? layer.descriptor.digest : layer.diffId;
    const image = await builder.build(branches[position] as Readable, {
      profile: recipe.profile,
      uuid: layerUuid(digest),
      mkfsOptions: recipe.mkfsOptions,
      folder,
      name: `${name}-${position}`,
      timeout: options.timeout,
      signal,
    });
    return { recipe, image };
  });
  const results = await Promise.allSettled(builds);
  const images = results.filter((result) => result.status === 'fulfilled').map((result) => result.value);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    tar.destroy();
    await Promise.all(images.map(({ image }) => rm(image.path, { force: true })));
    throw failed.reason;
  }
  return { images, facts: await facts };
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
