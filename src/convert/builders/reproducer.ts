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
import { minimise } from './minimise.ts';

/** Milliseconds for making it small. */
const PATIENCE = 60_000;
const MOST_NAMES = 5;

export interface Reproducer {
  path: string;
  /** Of the entries that are left, the first few; empty if without contents nothing differs. */
  names: string[];
}

/**
 * Stores a tar in a new folder, compressed, about which the builders disagree as they do about the
 * layer: of its entries those that matter, with zeros for the contents of files.
 */
export async function storeReproducer(
  request: LayerBuildRequest,
  recipes: readonly Recipe[],
  parent: string | undefined,
  disagree: (smaller: LayerBuildRequest) => Promise<boolean>,
): Promise<Reproducer> {
  const entries = await skeletonOf(request);
  const start = performance.now();
  const over = (): boolean => request.signal.aborted || performance.now() - start > PATIENCE;
  const differs = async (some: readonly SkeletonEntry[]): Promise<boolean> => {
    const layer = layerOf(some);
    const open = (): Promise<Readable> => Promise.resolve(Readable.from(skeletonTar(some)));
    return disagree({ ...request, layer, open, recipes, onProgress: () => undefined });
  };
  const reduced = await differs(entries);
  const kept = reduced ? await minimise(entries, differs, over) : entries;
  const folder = await mkdtemp(join(resolve(parent ?? tmpdir()), 'verity-sign-cross-check-'));
  const path = join(folder, `layer-${request.layer.index}.tar.gz`);
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(Readable.from(skeletonTar(kept)), createGzip(), file);
  const named = reduced ? kept.filter(({ name }) => name !== '') : [];
  return { path, names: named.slice(0, MOST_NAMES).map(({ name }) => name) };
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
  for (const piece of skeletonTar(entries)) {
    hash.update(piece);
    size += piece.length;
  }
  const digest = `sha256:${hash.digest('hex')}`;
  const descriptor = { mediaType: LAYER_MEDIA_TYPES.none, digest, size };
  return { index: 0, descriptor, compression: 'none', diffId: digest };
}
