import type { Readable } from 'node:stream';
import { type Converter, convertLayers, type LayerJob, layerLabel } from '../../../convert/convert-layers.ts';
import type { Recipe } from '../../../convert/erofs/recipe.ts';
import type { VeritySignError } from '../../../errors.ts';
import type { ConvertedLayer, ImageLayer } from '../../../model/index.ts';
import type { CacheOutcome, LayerCache } from './layer-cache.ts';

/** A layer of which the cache has a complete entry. */
export interface CachedLayer {
  layer: ImageLayer;
  rootHash: string;
  outcome: CacheOutcome;
}

export interface FillOptions {
  recipe: Recipe;
  converter: Converter;
  open(layer: ImageLayer, signal: AbortSignal): Promise<Readable>;
  /** The error for a layer that must not have this root hash; undefined if it may. */
  accept(layer: ImageLayer, rootHash: string): VeritySignError | undefined;
}

/**
 * Makes sure that a cache has all layers: builds those of which it has no complete entry, each published as soon as
 * it is built, so that a run that was stopped continues where it was. Results are in the order of the layers.
 * @throws VeritySignError of the first layer that fails; its files are removed
 */
export async function fillCache(
  cache: LayerCache,
  layers: readonly ImageLayer[],
  { recipe, converter, open, accept }: FillOptions,
): Promise<CachedLayer[]> {
  const { log } = converter;
  const results: CachedLayer[] = new Array(layers.length);
  const jobs: LayerJob[] = [];
  for (const [position, layer] of layers.entries()) {
    const found = await cache.find(layer);
    if (found !== undefined && 'rootHash' in found && accept(layer, found.rootHash) === undefined) {
      const { rootHash } = found;
      log.info(`${layerLabel(layer)}: already there, root hash ${rootHash}`);
      results[position] = { layer, rootHash, outcome: 'already there' };
      continue;
    }
    if (found !== undefined) log.warn(`${cache.blobOf(layer)} is replaced: ${faultOf(found)}`);
    const path = await cache.begin(layer);
    const done = async ([converted]: readonly ConvertedLayer[]): Promise<void> => {
      if (converted === undefined) throw new TypeError('a layer was not converted');
      const { verity } = converted;
      const refused = accept(layer, verity.rootHash);
      if (refused !== undefined) throw refused;
      const outcome = await cache.publish(layer, path, verity);
      results[position] = { layer, rootHash: verity.rootHash, outcome };
    };
    const openBlob = (signal: AbortSignal): Promise<Readable> => open(layer, signal);
    jobs.push({ layer, open: openBlob, recipes: [recipe], imageFile: { recipe, path }, done });
  }
  await convertLayers(jobs, converter);
  return results;
}

function faultOf(found: { rootHash: string } | { fault: string }): string {
  return 'fault' in found ? found.fault : `the root hash ${found.rootHash} is not the signed one`;
}
