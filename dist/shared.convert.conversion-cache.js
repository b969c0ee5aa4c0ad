import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  recipeKey
} from "./shared.convert.erofs.recipe.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/convert/conversion-cache.ts
var ConversionCache = class {
  #known = /* @__PURE__ */ new Map();
  #builder;
  /** Undefined unless this run has converted the layer by this recipe. */
  find(layer, recipe) {
    return this.#known.get(key(layer, recipe));
  }
  /** All recipes of a layer, or undefined. */
  findAll(layer, recipes) {
    const found = recipes.map((recipe) => this.find(layer, recipe));
    return found.every((one) => one !== void 0) ? found : void 0;
  }
  /**
   * Keeps what a builder that has passed its test has made.
   * @param image for reports: the first that has the layer
   */
  add(converted, recipe, image) {
    const place = key(converted.layer, recipe);
    if (!this.#known.has(place)) this.#known.set(place, { ...converted, sharedFrom: image });
  }
  /**
   * To be called before anything that was found here is believed, and before anything is added.
   * @throws VeritySignError 'environment' if another mkfs.erofs made what is here
   */
  requireSame(builder) {
    this.#builder ??= builder;
    const [then, now] = [identity(this.#builder), identity(builder)];
    if (then === now) return;
    throw new VeritySignError(
      "environment",
      `the builder was exchanged during the run: ${then}, is now ${now}`,
      {
        remedy: "Run again"
      }
    );
  }
};
function identity(builder) {
  if (builder.kind === "native") return "the native builder";
  const { path, version, class: of } = builder;
  return `${path} ${version}, class ${of}`;
}
function key(layer, recipe) {
  return `${layerKey(layer)} ${layer.descriptor.size} ${recipeKey(recipe)}`;
}
function layerKey(layer) {
  return `${layer.descriptor.digest} ${layer.diffId} ${layer.compression}`;
}

export {
  ConversionCache,
  layerKey
};
