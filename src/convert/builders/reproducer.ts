import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ImageLayer } from '../../model/index.ts';
import { LAYER_MEDIA_TYPES } from '../../model/media-types.ts';
import { openLayerTar } from '../blob/layer-tar.ts';
import { type SkeletonEntry, SkeletonReader, skeletonTar } from '../blob/tar-skeleton.ts';
import type { Recipe } from '../erofs/recipe.ts';
import type { LayerBuildRequest } from './layer-builder.ts';

/** Milliseconds for reducing the tar. */
const MAX_REDUCTION = 60_000;
const MAX_NAMES = 5;

export interface Reproducer {
  path: string;
  /** Names of the first entries that are left; empty if there is no difference without the contents. */
  names: string[];
}

/**
 * Stores a compressed tar in a new folder for which the builders produce different images, as they do for the
 * layer: with only those of its entries that matter, and zeros for the contents of files.
 * @param differs whether the builders produce different images for a smaller layer
 */
export async function storeReproducer(
  request: LayerBuildRequest,
  recipes: readonly Recipe[],
  parent: string | undefined,
  differs: (smaller: LayerBuildRequest) => Promise<boolean>,
): Promise<Reproducer> {
  const entries = await skeletonOf(request);
  const start = performance.now();
  const over = (): boolean => request.signal.aborted || performance.now() - start > MAX_REDUCTION;
  const differsFor = async (some: readonly SkeletonEntry[]): Promise<boolean> => {
    const layer = layerOf(some);
    const open = (): Promise<Readable> => Promise.resolve(Readable.from(skeletonTar(some)));
    return differs({ ...request, layer, open, recipes, onProgress: () => undefined });
  };
  const reduced = await differsFor(entries);
  const kept = reduced ? await minimise(entries, differsFor, over) : entries;
  const folder = await mkdtemp(join(resolve(parent ?? tmpdir()), 'verity-sign-cross-check-'));
  const path = join(folder, `layer-${request.layer.index}.tar.gz`);
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(Readable.from(skeletonTar(kept)), createGzip(), file);
  const named = reduced ? kept.filter(({ name }) => name !== '') : [];
  return { path, names: named.slice(0, MAX_NAMES).map(({ name }) => name) };
}

async function skeletonOf({ layer, open, maxTarSize, signal }: LayerBuildRequest): Promise<SkeletonEntry[]> {
  const { digest, size } = layer.descriptor;
  const expected = { digest, size, diffId: layer.diffId, compression: layer.compression };
  const { tar } = openLayerTar(await open(signal), expected, { maxTarSize, signal });
  const reader = new SkeletonReader();
  for await (const chunk of tar) reader.push(chunk as Buffer);
  return reader.result();
}

function layerOf(entries: readonly SkeletonEntry[]): ImageLayer {
  const hash = createHash('sha256');
  let size = 0;
  for (const chunk of skeletonTar(entries)) {
    hash.update(chunk);
    size += chunk.length;
  }
  const digest = `sha256:${hash.digest('hex')}`;
  const descriptor = { mediaType: LAYER_MEDIA_TYPES.none, digest, size };
  return { index: 0, descriptor, format: 'tar', compression: 'none', diffId: digest };
}

/**
 * Reduces `items`, for which `differs` is true, to fewer for which it still is: removes halves first, then
 * smaller parts, and single items last. Once `over` is true, returns the items that are left.
 * [A. Zeller, R. Hildebrandt, Simplifying and Isolating Failure-Inducing Input]
 */
export async function minimise<T>(
  items: readonly T[],
  differs: (fewer: readonly T[]) => Promise<boolean>,
  over: () => boolean = () => false,
): Promise<T[]> {
  let kept = [...items];
  for (let step = Math.ceil(kept.length / 2); step >= 1; step = step === 1 ? 0 : Math.ceil(step / 2)) {
    for (let at = 0; at < kept.length; ) {
      if (over()) return kept;
      const fewer = kept.toSpliced(at, step);
      if (await differs(fewer)) kept = fewer;
      else at += step;
    }
  }
  return kept;
}
