import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  recipeKey
} from "./shared.convert.erofs.recipe.js";
import {
  PROFILES
} from "./shared.convert.erofs.native.known-options.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/convert/conversion-cache.ts
var ConversionCache = class {
  #known = /* @__PURE__ */ new Map();
  #builder;
  /** The conversion of a layer by a recipe, if the run has one. */
  find(layer, recipe) {
    const found = this.#known.get(key(layer, recipe));
    return found && { ...found, profile: recipe.profile };
  }
  /** The conversions of a layer by all recipes, or undefined if one is missing. */
  findAll(layer, recipes) {
    const found = recipes.map((recipe) => this.find(layer, recipe));
    return found.every((conversion) => conversion !== void 0) ? found : void 0;
  }
  /**
   * Adds a conversion by a builder that has passed its test.
   * @param image name of the image, for reports
   */
  add(converted, recipe, image) {
    const place = key(converted.layer, recipe);
    if (!this.#known.has(place)) this.#known.set(place, { ...converted, sharedFrom: image });
  }
  /**
   * Must be called before a conversion from here is used, and before one is added.
   * @throws VeritySignError 'environment' if another mkfs.erofs has built the conversions
   */
  requireSame(builder) {
    this.#builder ??= builder;
    const [then, now] = [identity(this.#builder), identity(builder)];
    if (then === now) return;
    throw new VeritySignError("environment", `the builder changed during the run: ${then}, now ${now}`, {
      remedy: "Run again"
    });
  }
};
function identity(builder) {
  if (builder.kind === "native") return "the native builder";
  const { path, version, class: of } = builder;
  return `${path} ${version}, class ${of}`;
}
function key(layer, recipe) {
  return `${layer.descriptor.size} ${conversionKey(layer, recipe)}`;
}
function conversionKey(layer, recipe) {
  const how = layer.format === "erofs" ? PROFILES[recipe.profile].blockSize : recipeKey(recipe);
  return `${layerKey(layer)} ${how}`;
}
function layerKey(layer) {
  return `${layer.descriptor.digest} ${layer.diffId} ${layer.format} ${layer.compression}`;
}

export {
  ConversionCache,
  conversionKey,
  layerKey
};
