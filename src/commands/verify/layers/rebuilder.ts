import { ConversionCache, conversionKey, layerKey } from '../../../convert/conversion-cache.ts';
import { type Converter, convertLayers } from '../../../convert/convert-layers.ts';
import { DiskBudget } from '../../../convert/disk-budget.ts';
import type { Recipe } from '../../../convert/erofs/recipe.ts';
import { maxConcurrentLayers } from '../../../convert/layer-concurrency.ts';
import { VeritySignError } from '../../../errors.ts';
import { mapConcurrently } from '../../../lib/concurrent.ts';
import type { BuilderInfo, ImageLayer, MkfsClass } from '../../../model/index.ts';
import type { ImageSource } from '../../../oci/image/source.ts';

/** The root hash of a layer's image, or why the image cannot be built. */
export type Rebuilt = { rootHash: string; sharedFrom?: string } | { error: VeritySignError };

/** Images of one layer that are built at the same time. */
const AT_ONCE = 4;

/** Builds images of layers to compare root hashes: each layer and recipe once, however often requested. */
export class Rebuilder {
  readonly converter: Converter;
  readonly info: BuilderInfo;
  readonly #source: ImageSource;
  readonly #image: string;
  readonly #conversions: ConversionCache;
  readonly #known = new Map<string, Rebuilt>();
  #disk: DiskBudget | undefined;

  /**
   * @param info the builder of `converter`
   * @param image name of the image, for reports
   * @param conversions those of earlier images of the run, by the same builder
   */
  constructor(
    converter: Converter,
    info: BuilderInfo,
    source: ImageSource,
    image: string,
    conversions: ConversionCache = new ConversionCache(),
  ) {
    this.converter = converter;
    this.info = info;
    this.#source = source;
    this.#image = image;
    this.#conversions = conversions;
  }

  /** The class of mkfs.erofs; undefined for the native builder, which has no class of its own. */
  get mkfsClass(): MkfsClass | undefined {
    return this.info.kind === 'mkfs' ? this.info.class : undefined;
  }

  /** Builds the wanted images, layers side by side. A layer that fails does not stop the others. */
  async build(wanted: readonly { layer: ImageLayer; recipe: Recipe }[]): Promise<void> {
    const jobs = new Map<string, { layer: ImageLayer; recipes: Map<string, Recipe> }>();
    for (const { layer, recipe } of wanted) {
      const key = conversionKey(layer, recipe);
      if (this.#known.has(key) || this.#reuse(layer, recipe)) continue;
      const job = jobs.get(layerKey(layer)) ?? { layer, recipes: new Map() };
      job.recipes.set(key, recipe);
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

  /** The result for a layer and recipe that were built. */
  result(layer: ImageLayer, recipe: Recipe): Rebuilt {
    const found = this.#known.get(conversionKey(layer, recipe));
    if (found === undefined) throw new TypeError(`layer ${layer.index} was not built`);
    return found;
  }

  /** Opens the layer's blob again, to inspect its tar. */
  blob(layer: ImageLayer, signal?: AbortSignal): ReturnType<ImageSource['blob']> {
    return this.#source.blob(layer.descriptor, signal);
  }

  /** Takes over the result of an earlier image of the run, if there is one. */
  #reuse(layer: ImageLayer, recipe: Recipe): boolean {
    const found = this.#conversions.find(layer, recipe);
    if (found === undefined) return false;
    const { verity, sharedFrom } = found;
    const { rootHash } = verity;
    this.#known.set(conversionKey(layer, recipe), {
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
      const [built = []] = await convertLayers([job], converter);
      for (const [position, converted] of built.entries()) {
        const recipe = recipes[position];
        if (recipe === undefined) continue;
        this.#known.set(conversionKey(layer, recipe), { rootHash: converted.verity.rootHash });
        this.#conversions.add(converted, recipe, this.#image);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof VeritySignError)) throw error;
      const [only, ...more] = recipes;
      if (only !== undefined && more.length === 0) this.#known.set(conversionKey(layer, only), { error });
      // One recipe that fails must not fail the others: another signer may have recorded it.
      else for (const recipe of recipes) await this.#buildSome(layer, [recipe], signal);
    }
  }
}
