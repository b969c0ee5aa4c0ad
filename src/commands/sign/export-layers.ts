import { join } from 'node:path';
import type { LayerJob } from '../../convert/convert-layers.ts';
import { type Recipe, recipeKey, recipesFor } from '../../convert/erofs/recipe.ts';
import type { AttachedArtifact, BuilderInfo, ConvertedLayer } from '../../model/index.ts';
import { formOf, signatureIn } from '../../oci/attach/artifact-format.ts';
import { readReferrer } from '../../oci/attach/read/one-referrer.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { cacheRecipe } from '../shared/cache/cache-recipe.ts';
import type { CachedLayer } from '../shared/cache/fill-cache.ts';
import { type CacheOutcome, LayerCache } from '../shared/cache/layer-cache.ts';
import { SIGNATURES, writeSignatures } from '../shared/cache/signature-folder.ts';
import { warnOfUnsigned } from '../shared/cache/warn-unsigned.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';

/** The recipes of a run, those of its profiles first: with export-dir the images of the cache are built too. */
export function recipesOfRun(options: SignOptions): readonly Recipe[] {
  const recipes = recipesFor(options);
  if (options.exportDir === undefined) return recipes;
  const recipe = cacheRecipe(options);
  const isSigned = recipes.some((own) => recipeKey(own) === recipeKey(recipe));
  return isSigned ? recipes : [...recipes, recipe];
}

/** Writes the layers of an image into a layer cache while they are converted for signing. */
export class LayerExport {
  readonly #cache: LayerCache;
  readonly #recipe: Recipe;
  readonly #position: number;
  readonly #outcomes = new Map<string, CacheOutcome>();

  private constructor(cache: LayerCache, recipe: Recipe, position: number) {
    this.#cache = cache;
    this.#recipe = recipe;
    this.#position = position;
  }

  /**
   * Undefined without export-dir.
   * @throws VeritySignError 'environment' for a folder that cannot be written to
   */
  static async open(options: SignOptions, { signal }: RunContext): Promise<LayerExport | undefined> {
    if (options.exportDir === undefined) return undefined;
    const recipe = cacheRecipe(options);
    const position = recipesOfRun(options).findIndex((own) => recipeKey(own) === recipeKey(recipe));
    return new LayerExport(await LayerCache.open(options.exportDir, signal), recipe, position);
  }

  /**
   * The job, with a file for the layer's image unless an earlier image of the run has exported it.
   * @param known the layer's conversions of an earlier image, by all recipes
   * @param tested rejects if the builder fails its test: then nothing is published
   */
  async withFile(
    job: LayerJob,
    known: readonly ConvertedLayer[] | undefined,
    tested: Promise<BuilderInfo | undefined>,
  ): Promise<LayerJob> {
    const { layer } = job;
    if (this.#outcomes.has(layer.diffId)) return job;
    this.#outcomes.set(layer.diffId, 'already there');
    const found = known && (await this.#cache.find(layer));
    if (found !== undefined && 'rootHash' in found && found.rootHash === this.#rootHash(known)) return job;
    const path = await this.#cache.begin(layer);
    const done = async (converted: readonly ConvertedLayer[]): Promise<void> => {
      await tested;
      const { verity } = this.#ownOf(converted);
      this.#outcomes.set(layer.diffId, await this.#cache.publish(layer, path, verity));
    };
    return { ...job, imageFile: { recipe: this.#recipe, path }, done };
  }

  /** What the cache has of the layers, each once. */
  exported(converted: readonly (readonly ConvertedLayer[])[]): CachedLayer[] {
    const byDiffId = new Map<string, CachedLayer>();
    for (const ofLayer of converted) {
      const { layer, verity } = this.#ownOf(ofLayer);
      const { rootHash } = verity;
      const outcome = this.#outcomes.get(layer.diffId) ?? 'already there';
      if (!byDiffId.has(layer.diffId)) byDiffId.set(layer.diffId, { layer, rootHash, outcome });
    }
    return [...byDiffId.values()];
  }

  /** Removes what was begun and not published. */
  close(): Promise<void> {
    return this.#cache.close();
  }

  #rootHash(converted: readonly ConvertedLayer[] | undefined): string | undefined {
    return converted && this.#ownOf(converted).verity.rootHash;
  }

  #ownOf(converted: readonly ConvertedLayer[]): ConvertedLayer {
    const own = converted[this.#position];
    if (own === undefined) throw new TypeError('a layer was not converted for the cache');
    return own;
  }
}

/**
 * Writes the signatures of the exported root hashes, as they are attached, beside the exported layers.
 * @returns the signed root hashes among them
 */
export async function exportSignatures(
  layers: readonly CachedLayer[],
  artifacts: readonly AttachedArtifact[],
  store: ReferrerStore,
  { exportDir, image }: SignOptions,
  { log }: RunContext,
): Promise<ReadonlySet<string>> {
  if (exportDir === undefined) return new Set();
  const wanted = new Set(layers.map(({ rootHash }) => rootHash));
  const signatures = new Map<string, Uint8Array>();
  for (const { descriptor, signatureDigests } of artifacts) {
    if (![...signatureDigests.keys()].some((rootHash) => wanted.has(rootHash))) continue;
    const { manifest, blobs } = await readReferrer(store, descriptor);
    const form = formOf(manifest);
    for (const [index, { annotations }] of manifest.layers.entries()) {
      const [rootHash, blob] = [annotations?.[form.rootHash] ?? '', blobs[index]];
      if (blob !== undefined && wanted.has(rootHash)) {
        signatures.set(rootHash, signatureIn(manifest, index, blob));
      }
    }
  }
  await writeSignatures(join(exportDir, SIGNATURES), signatures);
  warnOfUnsigned(layers, new Set(signatures.keys()), image, log);
  return new Set(signatures.keys());
}
