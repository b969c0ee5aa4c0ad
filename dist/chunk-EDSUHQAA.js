import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  layerKey,
  recipeKey
} from "./chunk-7FZNO2EH.js";
import {
  VeritySignError
} from "./chunk-DNW23BY2.js";

// src/pipeline/shared-conversions.ts
var SharedConversions = class {
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
   * Keeps what a mkfs.erofs that has passed its test has made.
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
    const { path, version, class: own } = this.#builder;
    if (path === builder.path && version === builder.version && own === builder.class) return;
    const now = `${builder.path} ${builder.version}, class ${builder.class}`;
    throw new VeritySignError(
      "environment",
      `mkfs.erofs was exchanged during the run: ${path} ${version}, class ${own}, is now ${now}`,
      { remedy: "Run again" }
    );
  }
};
function key(layer, recipe) {
  return `${layerKey(layer)} ${layer.descriptor.size} ${recipeKey(recipe)}`;
}

export {
  SharedConversions
};
