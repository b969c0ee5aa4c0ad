import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  recipesFor
} from "./shared.convert.erofs.recipe.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/commands/shared/cache/cache-recipe.ts
var CACHE_PROFILE = "containerd-cache";
function cacheRecipe(options) {
  const [recipe, ...others] = recipesFor({ ...options, profiles: [CACHE_PROFILE] });
  if (recipe === void 0) throw new TypeError("no recipe for a profile");
  if (others.length === 0) return recipe;
  const classes = [recipe, ...others].map(({ class: of }) => of ?? "unknown").join(" and ");
  throw new VeritySignError(
    "usage",
    `a layer cache has one image of each layer, but the classes ${classes} of erofs-utils are given`,
    { remedy: "Export each class to a folder of its own, in a run of its own, with one erofs-utils-version" }
  );
}

export {
  CACHE_PROFILE,
  cacheRecipe
};
