import { ConversionCache, layerKey } from '../../../convert/conversion-cache.ts';
import { type Converter, convertLayers } from '../../../convert/convert-layers.ts';
import { DiskBudget } from '../../../convert/disk-budget.ts';
import { type Recipe, recipeKey } from '../../../convert/erofs/recipe.ts';
import { maxConcurrentLayers } from '../../../convert/layer-concurrency.ts';
import { VeritySignError } from '../../../errors.ts';
import { mapConcurrently } from '../../../lib/concurrent.ts';
import type { ImageLayer, MkfsClass } from '../../../model/index.ts';
import type { OpenImage } from '../../shared/open-image.ts';

/** What a layer's image would have for a root hash, or why it cannot be made. */
export type Rebuilt = { rootHash: string; sharedFrom?: string } | { error: VeritySignError };

/** Images of one layer made at the same time. */
const AT_ONCE = 4;

/** Makes images of layers to compare root hashes; each layer and recipe once, however often asked for. */
export class Rebuilder {
  readonly converter: Converter;
  /** Undefined for the native builder, which has no class of its own. */
  readonly mkfsClass: MkfsClass | undefined;
  readonly #source: OpenImage['source'];
  readonly #image: string;
  readonly #shared: ConversionCache;
  readonly #known = new Map<string, Rebuilt>();
  #disk: DiskBudget | undefined;

  /**
   * @param image for reports
   * @param shared what earlier images of the run have; of the same builder
   */
  constructor(
    converter: Converter,
    mkfsClass: MkfsClass | undefined,
    source: OpenImage['source'],
    image: string,
    shared: ConversionCache = new ConversionCache(),
  ) {
    this.converter = converter;
    this.mkfsClass = mkfsClass;
    this.#source = source;
    this.#image = image;
    this.#shared = shared;
  }

  /** Makes what is wanted, layers side by side. A layer that fails does not stop the others. */
  async build(wanted: readonly { layer: ImageLayer; recipe: Recipe }[]): Promise<void> {
    const jobs = new Map<string, { layer: ImageLayer; recipes: Map<string, Recipe> }>();
    for (const { layer, recipe } of wanted) {
      if (this.#known.has(resultKey(layer, recipe)) || this.#take(layer, recipe)) continue;
      const job = jobs.get(layerKey(layer)) ?? { layer, recipes: new Map() };
      job.recipes.set(recipeKey(recipe), recipe);
      jobs.set(layerKey(layer), job);
    }
    const { options, signal, folder, builder } = this.converter;
    if (builder.needsDisk) this.#disk ??= await DiskBudget.of(folder);
    await mapConcurrently(
      [...jobs.values()],
      Math.min(options.concurrency, maxConcurrentLayers(AT_ONCE)),
      signal,
      async ({ layer, recipes }, both) => {
        const all = [...recipes.values()];
        for (let first = 0; first < all.length; first += AT_ONCE) {
          await this.#buildSome(layer, all.slice(first, first + AT_ONCE), both);
        }
      },
    );
  }

  /** Of something that was built. */
  result(layer: ImageLayer, recipe: Recipe): Rebuilt {
    const found = this.#known.get(resultKey(layer, recipe));
    if (found === undefined) throw new TypeError(`layer ${layer.index} was not built`);
    return found;
  }

  /** The layer's blob again, for a look at its tar. */
  blob(layer: ImageLayer, signal?: AbortSignal): ReturnType<OpenImage['source']['blob']> {
    return this.#source.blob(layer.descriptor, signal);
  }

  /** Takes over what an earlier image had, if it had it. */
  #take(layer: ImageLayer, recipe: Recipe): boolean {
    const found = this.#shared.find(layer, recipe);
    if (found === undefined) return false;
    const { verity, sharedFrom } = found;
    const { rootHash } = verity;
    this.#known.set(resultKey(layer, recipe), {
      rootHash,
      ...(sharedFrom === undefined ? {} : { sharedFrom }),
    });
    return true;
  }

  async #buildSome(layer: ImageLayer, recipes: readonly Recipe[], signal: AbortSignal): Promise<void> {
    const job = { layer, recipes, open: (own: AbortSignal) => this.blob(layer, own) };
    try {
      const disk = this.#disk;
      const converter = { ...this.converter, signal, ...(disk === undefined ? {} : { disk }) };
      const [made = []] = await convertLayers([job], converter);
      for (const [position, converted] of made.entries()) {
        const recipe = recipes[position];
        if (recipe === undefined) continue;
        this.#known.set(resultKey(layer, recipe), { rootHash: converted.verity.rootHash });
        this.#shared.add(converted, recipe, this.#image);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof VeritySignError)) throw error;
      const [only, ...more] = recipes;
      if (only !== undefined && more.length === 0) this.#known.set(resultKey(layer, only), { error });
      // One recipe that fails must not take the others along: somebody else may have recorded it.
      else for (const recipe of recipes) await this.#buildSome(layer, [recipe], signal);
    }
  }
}

function resultKey(layer: ImageLayer, recipe: Recipe): string {
  return `${layerKey(layer)} ${recipeKey(recipe)}`;
}
