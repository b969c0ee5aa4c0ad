import { VeritySignError } from '../errors.ts';
import type { BuilderInfo, ConvertedLayer, ImageLayer } from '../model/index.ts';
import { PROFILES } from './erofs/profile.ts';
import { type Recipe, recipeKey } from './erofs/recipe.ts';

/**
 * The conversions of a run: a layer that several images have is converted once. Keeps root hashes and sizes, no
 * files, and no failed conversions.
 *
 * Layers are identified by digest, so the blob of a later image is not read again: clients pull it by the
 * digest as well.
 */
export class ConversionCache {
  readonly #known = new Map<string, ConvertedLayer>();
  #builder: BuilderInfo | undefined;

  /** The conversion of a layer by a recipe, if the run has one. */
  find(layer: ImageLayer, recipe: Recipe): ConvertedLayer | undefined {
    const found = this.#known.get(conversionKey(layer, recipe));
    // An EROFS image is one for several profiles.
    return found && { ...found, profile: recipe.profile };
  }

  /** The conversions of a layer by all recipes, or undefined if one is missing. */
  findAll(layer: ImageLayer, recipes: readonly Recipe[]): ConvertedLayer[] | undefined {
    const found = recipes.map((recipe) => this.find(layer, recipe));
    return found.every((conversion) => conversion !== undefined) ? found : undefined;
  }

  /**
   * Adds a conversion by a builder that has passed its test.
   * @param image name of the image, for reports
   */
  add(converted: ConvertedLayer, recipe: Recipe, image: string): void {
    const place = conversionKey(converted.layer, recipe);
    if (!this.#known.has(place)) this.#known.set(place, { ...converted, sharedFrom: image });
  }

  /**
   * Must be called before a conversion from here is used, and before one is added.
   * @throws VeritySignError 'environment' if another mkfs.erofs has built the conversions
   */
  requireSame(builder: BuilderInfo): void {
    this.#builder ??= builder;
    const [then, now] = [identity(this.#builder), identity(builder)];
    if (then === now) return;
    throw new VeritySignError('environment', `the builder changed during the run: ${then}, now ${now}`, {
      remedy: 'Run again',
    });
  }
}

/** What identifies a builder; the native builder cannot change. */
function identity(builder: BuilderInfo): string {
  if (builder.kind === 'native') return 'the native builder';
  const { path, version, class: of } = builder;
  return `${path} ${version}, class ${of}`;
}

/** Equal where the same root hash comes out. Of a layer that is an EROFS image only the block size matters. */
export function conversionKey(layer: ImageLayer, recipe: Recipe): string {
  const how = layer.format === 'erofs' ? PROFILES[recipe.profile].blockSize : recipeKey(recipe);
  return `${layerKey(layer)} ${how}`;
}

/**
 * Equal for layers whose conversions are the same. It has all that a manifest and a config claim of a blob, the size as
 * well: a claim may be wrong, which only the conversion detects.
 */
export function layerKey({ descriptor, diffId, format, compression }: ImageLayer): string {
  return `${descriptor.digest} ${descriptor.size} ${diffId} ${format} ${compression}`;
}
