import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  convertLayers,
  layerLabel
} from "./chunk-XSO6KFWY.js";
import {
  layerKey,
  recipesFor
} from "./chunk-7FZNO2EH.js";

// src/pipeline/convert-shared.ts
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

// src/pipeline/plan.ts
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
    (manifest) => recipes.map(({ profile, mkfsOptions }, position) => ({
      manifest,
      profile,
      mkfsOptions,
      layers: manifest.layers.map((layer) => {
        const result = byLayer.get(layerKey(layer))?.[position];
        if (result === void 0) throw new TypeError(`layer ${layer.index} was not converted`);
        return { ...result, layer };
      })
    }))
  );
}
function planManifests({ root, manifests }, { manifestSignature: format }) {
  if (format === "none") return [];
  const parts = manifests.map(({ descriptor, platform }) => ({ subject: descriptor, platform, format }));
  const listed = parts.some(({ subject }) => subject.digest === root.digest);
  return listed ? parts : [...parts, { subject: root, platform: void 0, format }];
}

export {
  convertShared,
  uniqueLayers,
  planArtifacts,
  planManifests
};
