import { hash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import type { ErofsImage, LayerFacts } from '../../model/index.ts';
import { layerKey } from '../conversion-cache.ts';
import type { Build, BuildRequest, ErofsBuilder } from '../erofs/builder.ts';
import { explainFailure } from '../erofs/mkfs/mkfs-errors.ts';
import type { Recipe } from '../erofs/recipe.ts';
import { uuidOf } from '../erofs/recipe.ts';
import { processLayer } from '../worker/process-layer.ts';
import type { LayerBuildRequest } from './layer-builder.ts';

export interface BuiltImage {
  recipe: Recipe;
  image: ErofsImage;
}

export interface BuildImagesRequest extends LayerBuildRequest {
  builder: ErofsBuilder;
}

/**
 * Reads a layer's blob once, checks it, and builds its images side by side, in the order of the recipes.
 * After an error nothing runs any more and no image is left.
 */
export async function buildImages(
  request: BuildImagesRequest,
): Promise<{ images: BuiltImage[]; facts: LayerFacts }> {
  const blob = await request.open(request.signal);
  // It may break before anybody reads it.
  blob.on('error', () => undefined);
  const builds: Build[] = [];
  let facts: LayerFacts;
  try {
    for (const position of request.recipes.keys()) {
      builds.push(await request.builder.start(buildRequest(request, position)));
    }
    facts = await fill(builds, blob, request);
  } catch (error) {
    blob.destroy();
    await Promise.all(builds.map((build) => build.abort()));
    throw error;
  }
  return { images: await finishAll(builds, request.recipes), facts };
}

function buildRequest(
  { layer, recipes, folder, timeout, signal }: LayerBuildRequest,
  position: number,
): BuildRequest {
  const recipe = recipes[position];
  if (recipe === undefined) throw new RangeError(`no recipe ${position}`);
  // Two configs may claim different diffIDs for one blob: its digest alone does not keep them apart.
  const name = hash('sha256', layerKey(layer), 'hex').slice(0, 32);
  return {
    profile: recipe.profile,
    uuid: uuidOf(layer, recipe.uuidSource),
    mkfsOptions: recipe.mkfsOptions,
    folder,
    // Unlike those of any other attempt.
    name: `${name}-${position}-${randomUUID()}`,
    timeout,
    signal,
  };
}

/** Pours the layer into all builds. When it or a build fails, the others are stopped; the first error counts. */
async function fill(
  builds: readonly Build[],
  blob: Readable,
  request: LayerBuildRequest,
): Promise<LayerFacts> {
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const sinks = builds.flatMap((build) => build.sinks);
  const { facts, idle } = processLayer(blob, { sinks }, request, signal);
  try {
    return await Promise.race([facts, ...builds.map(({ failure }) => failure)]);
  } catch (error) {
    const explained = explainFailure(error, request.timeout);
    // A tar that mkfs.erofs refuses may be that of a damaged blob: its digest is looked at first.
    if (isAboutTheImage(explained)) await facts.catch(preferred);
    stop.abort();
    // A write waits as long as somebody might read: no build may go on while one is on its way.
    for (const build of builds) build.stop();
    throw explained;
  } finally {
    await idle;
  }
}

function isAboutTheImage(error: unknown): boolean {
  return error instanceof VeritySignError && error.code === 'image';
}

/** What the blob is refused for explains what became of its tar. */
function preferred(error: unknown): void {
  if (isAboutTheImage(error)) throw error;
}

async function finishAll(builds: readonly Build[], recipes: readonly Recipe[]): Promise<BuiltImage[]> {
  const results = await Promise.allSettled(builds.map((build) => build.finish()));
  const failed = results.find((result) => result.status === 'rejected');
  const images = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (failed !== undefined) {
    await Promise.all(images.map(removeImage));
    throw failed.reason;
  }
  return recipes.map((recipe, position) => {
    const image = images[position];
    if (image === undefined) throw new RangeError(`no image ${position}`);
    return { recipe, image };
  });
}

export async function removeImage({ files }: ErofsImage): Promise<void> {
  await Promise.all(files.map(({ path }) => rm(path, { force: true })));
}
