import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  convertLayers,
  layerLabel
} from "./shared.convert.builders.open-builder.js";
import {
  layerKey
} from "./shared.convert.conversion-cache.js";
import {
  recipesFor
} from "./shared.convert.erofs.recipe.js";

// src/convert/convert-shared.ts
async function convertShared(jobs, converter, image, shared) {
  const recipes = recipesFor(converter.options);
  const known = jobs.map(({ layer }) => shared?.findAll(layer, recipes));
  for (const [index, found] of known.entries()) {
    const job = jobs[index];
    if (found === void 0 || job === void 0) continue;
    converter.log.info(`${layerLabel(job.layer)}: converted already for ${found[0]?.sharedFrom}`);
  }
  const fresh = await convertLayers(
    jobs.filter((_, index) => known[index] === void 0),
    converter
  );
  let next = 0;
  const converted = known.map((found) => found ?? fresh[next++] ?? []);
  const confirm = (builder) => {
    shared?.requireSame(builder);
    for (const ofLayer of fresh) {
      for (const [position, one] of ofLayer.entries()) {
        const recipe = recipes[position];
        if (recipe !== void 0) shared?.add(one, recipe, image);
      }
    }
  };
  return { converted, confirm };
}

// src/commands/shared/plan.ts
function classOfArtifact({ class: of }, builder) {
  if (of !== void 0) return of;
  return builder?.kind === "mkfs" ? builder.class : "unknown";
}
function uniqueLayers(image) {
  const unique = /* @__PURE__ */ new Map();
  for (const { layers } of image.manifests) {
    for (const layer of layers) {
      if (!unique.has(layerKey(layer))) unique.set(layerKey(layer), layer);
    }
  }
  return [...unique.values()];
}
function planArtifacts(image, converted, recipes) {
  const byLayer = new Map(
    converted.map((ofLayer) => [ofLayer[0] === void 0 ? "" : layerKey(ofLayer[0].layer), ofLayer])
  );
  const signable = image.manifests.filter(({ layersLeftOut }) => layersLeftOut === void 0);
  return signable.flatMap(
    (manifest) => recipes.map(({ profile, mkfsOptions, class: of }, position) => ({
      manifest,
      profile,
      mkfsOptions,
      class: of,
      layers: manifest.layers.map((layer) => {
        const result = byLayer.get(layerKey(layer))?.[position];
        if (result === void 0) throw new TypeError(`layer ${layer.index} was not converted`);
        return { ...result, layer };
      })
    }))
  );
}

export {
  convertShared,
  classOfArtifact,
  uniqueLayers,
  planArtifacts
};
