import { hash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import type { ErofsImage, LayerFacts } from '../../model/index.ts';
import { layerKey } from '../conversion-cache.ts';
import type { Build, BuildRequest, ErofsBuilder } from '../erofs/builder.ts';
import { explainFailure } from '../erofs/mkfs/mkfs-errors.ts';
import { PROFILES } from '../erofs/profile.ts';
import { type Recipe, recipeKey, uuidOf } from '../erofs/recipe.ts';
import { computeRootHash } from '../verity/root-hash.ts';
import { keepImage } from '../verity-file/keep-image.ts';
import { LAYER_WORKERS } from '../worker/pool.ts';
import { processLayer } from '../worker/process-layer.ts';
import {
  type BuiltLayer,
  type BuiltLayerImage,
  type LayerBuilder,
  type LayerBuildRequest,
  secondsSince,
} from './layer-builder.ts';

/** Builds images with mkfs.erofs in the run's folder, hashes them, and removes them; a file that is to stay is a copy. */
export class MkfsLayerBuilder implements LayerBuilder {
  readonly needsDisk = true;
  readonly #builder: ErofsBuilder;
  readonly #imageDigest: boolean;

  /** @param imageDigest also compute the SHA-256 of each image */
  constructor(builder: ErofsBuilder, imageDigest = false) {
    this.#builder = builder;
    this.#imageDigest = imageDigest;
  }

  async build(request: LayerBuildRequest): Promise<BuiltLayer> {
    const started = performance.now();
    const { images, facts } = await buildImages({ ...request, builder: this.#builder });
    const build = secondsSince(started);
    const hashed: BuiltLayerImage[] = [];
    try {
      for (const { image, recipe } of images) {
        const hashing = performance.now();
        const verity = await computeRootHash(image.files, PROFILES[recipe.profile].blockSize, {
          threads: LAYER_WORKERS,
          imageDigest: this.#imageDigest,
          signal: request.signal,
        });
        if (request.imageFile !== undefined && recipeKey(request.imageFile.recipe) === recipeKey(recipe)) {
          await keepImage(image, verity, { ...request.imageFile, ...request });
        }
        await removeImage(image);
        hashed.push({ recipe, uuid: image.uuid, verity, seconds: { build, verity: secondsSince(hashing) } });
      }
      return { facts, images: hashed };
    } finally {
      // After an error, also the images that were not hashed.
      await Promise.all(images.map(({ image }) => removeImage(image)));
    }
  }
}

export interface BuiltImage {
  recipe: Recipe;
  image: ErofsImage;
}

export interface BuildImagesRequest extends LayerBuildRequest {
  builder: ErofsBuilder;
}

/**
 * Reads a layer's blob once, checks it, and builds its images at the same time; they are in the order of the
 * recipes. After an error no program is running and no image is left.
 * @throws VeritySignError 'image' for a blob or tar that is refused, 'environment' for a failed program
 */
export async function buildImages(
  request: BuildImagesRequest,
): Promise<{ images: BuiltImage[]; facts: LayerFacts }> {
  const blob = await request.open(request.signal);
  // Prevents an uncaught error: the blob may break before it is read.
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
  { layer, recipes, folder, timeout, maxTarSize, signal }: LayerBuildRequest,
  position: number,
): BuildRequest {
  const recipe = recipes[position];
  if (recipe === undefined) throw new RangeError(`no recipe ${position}`);
  // Not the digest alone: two configs may claim different diffIDs for one blob.
  const name = hash('sha256', layerKey(layer), 'hex').slice(0, 32);
  return {
    profile: recipe.profile,
    uuid: uuidOf(layer, recipe.uuidSource),
    mkfsOptions: recipe.mkfsOptions,
    folder,
    // Unique for each attempt.
    name: `${name}-${position}-${randomUUID()}`,
    blobSize: layer.descriptor.size,
    maxTarSize,
    timeout,
    signal,
  };
}

/** Writes the layer's tar to all builds. If it or a build fails, the others are stopped; the first error counts. */
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
    // mkfs.erofs may refuse the tar because the blob is damaged: then the blob's own error is thrown.
    if (isAboutTheImage(explained)) await facts.catch(throwIfAboutTheImage);
    stop.abort();
    // A pending write blocks until all readers of its pipe have ended.
    for (const build of builds) build.stop();
    throw explained;
  } finally {
    await idle;
  }
}

function isAboutTheImage(error: unknown): boolean {
  return error instanceof VeritySignError && error.code === 'image';
}

function throwIfAboutTheImage(error: unknown): void {
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

/** Removes the files of an image. */
export async function removeImage({ files }: ErofsImage): Promise<void> {
  await Promise.all(files.map(({ path }) => rm(path, { force: true })));
}
