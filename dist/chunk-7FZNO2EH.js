import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  PROFILES,
  mkfsOptionsFor
} from "./chunk-K6WYV3QI.js";

// src/pipeline/recipe.ts
function recipeOf(profile, options) {
  const mkfsOptions = options === void 0 || typeof options === "string" ? mkfsOptionsFor(profile, options) : options;
  return { profile, mkfsOptions, uuidSource: PROFILES[profile].uuidSource };
}
function recipesFor(options) {
  return options.profiles.map((profile) => recipeOf(profile, options.mkfsOptions));
}
function recipeKey({ profile, mkfsOptions, uuidSource }) {
  return [profile, uuidSource, ...mkfsOptions].join(" ");
}

// src/pipeline/layer-key.ts
function layerKey(layer) {
  return `${layer.descriptor.digest} ${layer.diffId} ${layer.compression}`;
}

export {
  layerKey,
  recipeOf,
  recipesFor,
  recipeKey
};
