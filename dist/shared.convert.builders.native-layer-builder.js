import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  processLayer,
  secondsSince
} from "./shared.convert.builders.layer-builder.js";
import {
  nativelyKnown,
  recipeKey,
  uuidOf
} from "./shared.convert.erofs.recipe.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/convert/builders/native-layer-builder.ts
var NativeLayerBuilder = class {
  needsDisk = false;
  async build(request) {
    const { layer, open, recipes, folder, signal, imageFile } = request;
    checkOptions(recipes);
    const started = performance.now();
    const plans = plansFor(layer, recipes, imageFile);
    const classesOf = (plan) => plan?.classes ?? [];
    const native = {
      plans: plans.map(({ plan }) => plan),
      blobSize: layer.descriptor.size,
      folder
    };
    const blob = await open(signal);
    blob.on("error", () => void 0);
    const { facts, idle } = processLayer(blob, { sinks: [], native }, request, signal);
    try {
      const { roots = [], ...processed } = await facts;
      const seconds = { build: secondsSince(started), verity: 0 };
      const images = recipes.map((recipe) => {
        const position = plans.findIndex(({ key }) => key === planKey(recipe));
        const plan = plans[position]?.plan;
        const verity = roots[position]?.[classesOf(plan).indexOf(recipe.class)];
        if (plan === void 0 || verity === void 0) throw new TypeError("an image is missing");
        return { recipe, uuid: plan.uuid, verity, seconds };
      });
      return { facts: processed, images };
    } finally {
      await idle;
    }
  }
};
function checkOptions(recipes) {
  const unsupported = recipes.find((recipe) => !nativelyKnown(recipe));
  if (unsupported === void 0) return;
  throw new VeritySignError(
    "environment",
    `mkfs-options ${unsupported.mkfsOptions.join(" ")} are not supported by the native builder`,
    { remedy: "Set builder to mkfs" }
  );
}
var planKey = ({ class: _class, ...recipe }) => recipeKey(recipe);
function plansFor(layer, recipes, imageFile) {
  const plans = /* @__PURE__ */ new Map();
  for (const recipe of recipes) {
    plans.set(planKey(recipe), [...plans.get(planKey(recipe)) ?? [], recipe]);
  }
  return [...plans].map(([key, own]) => {
    const [{ profile, mkfsOptions, uuidSource }] = own;
    const classes = own.flatMap((recipe) => recipe.class ?? []);
    const plan = { profile, uuid: uuidOf(layer, uuidSource), mkfsOptions, classes: [...new Set(classes)] };
    return { key, plan: { ...plan, ...fileOf(key, imageFile) } };
  });
}
function fileOf(key, imageFile) {
  if (imageFile === void 0 || planKey(imageFile.recipe) !== key) return {};
  const { path, recipe } = imageFile;
  if (recipe.class === void 0) throw new TypeError("the native builder needs the class of a file");
  return { file: { class: recipe.class, path } };
}

export {
  NativeLayerBuilder
};
