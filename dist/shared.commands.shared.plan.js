import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  layerKey
} from "./shared.convert.conversion-cache.js";

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
  classOfArtifact,
  uniqueLayers,
  planArtifacts
};
