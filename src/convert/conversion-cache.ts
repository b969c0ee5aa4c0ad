import { VeritySignError } from '../errors.ts';
import type { BuilderInfo, ConvertedLayer, ImageLayer } from '../model/index.ts';
import { type Recipe, recipeKey } from './erofs/recipe.ts';

/**
 * What a run has found out about layers, for its later images: a layer that several images have is
 * converted once. Only root hashes and sizes are kept, no file; conversions that failed are not.
 *
 * A layer is known by its digest, so the blob of a later image is not read again: whoever pulls it goes
 * by the digest as well.
 */
export class ConversionCache {
  readonly #known = new Map<string, ConvertedLayer>();
  #builder: BuilderInfo | undefined;

  /** Undefined unless this run has converted the layer by this recipe. */
  find(layer: ImageLayer, recipe: Recipe): ConvertedLayer | undefined {
    return this.#known.get(key(layer, recipe));
  }

  /** All recipes of a layer, or undefined. */
  findAll(layer: ImageLayer, recipes: readonly Recipe[]): ConvertedLayer[] | undefined {
    const found = recipes.map((recipe) => this.find(layer, recipe));
    return found.every((one) => one !== undefined) ? found : undefined;
  }

  /**
   * Keeps what a builder that has passed its test has made.
   * @param image for reports: the first that has the layer
   */
  add(converted: ConvertedLayer, recipe: Recipe, image: string): void {
    const place = key(converted.layer, recipe);
    if (!this.#known.has(place)) this.#known.set(place, { ...converted, sharedFrom: image });
  }

  /**
   * To be called before anything that was found here is believed, and before anything is added.
   * @throws VeritySignError 'environment' if another mkfs.erofs made what is here
   */
  requireSame(builder: BuilderInfo): void {
    this.#builder ??= builder;
    const [then, now] = [identity(this.#builder), identity(builder)];
    if (then === now) return;
    throw new VeritySignError(
      'environment',
      `the builder was exchanged during the run: ${then}, is now ${now}`,
      {
        remedy: 'Run again',
      },
    );
  }
}

/** What must not change; the native builder is this program. */
function identity(builder: BuilderInfo): string {
  if (builder.kind === 'native') return 'the native builder';
  const { path, version, class: of } = builder;
  return `${path} ${version}, class ${of}`;
}

/** The size too: another manifest may claim another one, and conversion finds out. */
function key(layer: ImageLayer, recipe: Recipe): string {
  return `${layerKey(layer)} ${layer.descriptor.size} ${recipeKey(recipe)}`;
}

/** The same for layers whose conversion is the same. */
export function layerKey(layer: ImageLayer): string {
  return `${layer.descriptor.digest} ${layer.diffId} ${layer.compression}`;
}
