import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  knowsOptions
} from "./chunk-HEFEJ7KT.js";
import {
  PROFILES,
  mkfsOptionsFor
} from "./chunk-K6WYV3QI.js";
import {
  VeritySignError
} from "./chunk-DNW23BY2.js";

// src/pipeline/recipe.ts
var KNOWN_CLASSES = ["C", "B", "A"];
function recipeOf(profile, options) {
  const mkfsOptions = options === void 0 || typeof options === "string" ? mkfsOptionsFor(profile, options) : options;
  return { profile, mkfsOptions, uuidSource: PROFILES[profile].uuidSource };
}
function recipesFor({ profiles, mkfsOptions, builder, classes = ["C"] }) {
  const recipes = profiles.map((profile) => recipeOf(profile, mkfsOptions));
  if (builder === "mkfs") return recipes;
  const odd = recipes.find((recipe) => !nativelyKnown(recipe));
  if (odd !== void 0) {
    throw new VeritySignError(
      "usage",
      `the native builder does not know mkfs-options ${odd.mkfsOptions.join(" ")}`,
      { remedy: `Use ${PROFILES[odd.profile].defaultOptions.join(" ")}, or the builder mkfs` }
    );
  }
  return recipes.flatMap((recipe) => ofClasses(recipe, classes));
}
function ofClasses(recipe, classes) {
  return classes.map((of) => ({ ...recipe, class: of }));
}
function nativelyKnown(recipe) {
  return knowsOptions(recipe);
}
function recipeKey({ profile, mkfsOptions, uuidSource, class: of }) {
  return [of ?? "mkfs", profile, uuidSource, ...mkfsOptions].join(" ");
}

export {
  KNOWN_CLASSES,
  recipeOf,
  recipesFor,
  ofClasses,
  nativelyKnown,
  recipeKey
};
