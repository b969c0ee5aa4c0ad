import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  convertLayers,
  layerLabel
} from "./chunk-SMB7BF7N.js";
import {
  formatPlatform
} from "./chunk-CIZTPETI.js";
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

// src/pipeline/left-out.ts
function whyIndexUnsigned({ root, skipped }) {
  const left = skipped.filter(({ leftOut }) => leftOut === true);
  if (left.length > 0) {
    const names = left.map(nameOf).join(", ");
    return `the index ${root.digest} gets no signature, for it lists images that were not asked for: ${names}. Leave platform out to sign them, and the index with them`;
  }
  const unfit = skipped.find(({ mayRun }) => mayRun);
  if (unfit === void 0) return void 0;
  return `the index ${root.digest} gets no signature, for a node might run ${unfit.descriptor.digest} of it, which is not signed: ${unfit.reason}. Build the index without that entry`;
}
function warnOfLeftOut(image, { layers, manifestSignature }, log) {
  if (layers === "auto") {
    for (const { descriptor, platform, layersLeftOut } of image.manifests) {
      if (layersLeftOut === void 0 || (platform?.os ?? "linux") !== "linux") continue;
      log.warn(
        `the layers of the Linux image ${descriptor.digest} are not signed, so nodes that demand it will not run it: ${layersLeftOut}. Set layers to required to refuse such images`
      );
    }
  }
  const reason = manifestSignature === "none" ? void 0 : whyIndexUnsigned(image);
  if (reason !== void 0) log.warn(reason);
}
function nameOf({ descriptor: { digest, platform } }) {
  return platform === void 0 ? digest : formatPlatform(platform);
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
function planManifests(image, { manifestSignature: format }) {
  if (format === "none") return [];
  const { root, manifests } = image;
  const parts = manifests.map(({ descriptor, platform }) => ({ subject: descriptor, platform, format }));
  const listed = parts.some(({ subject }) => subject.digest === root.digest);
  if (listed || whyIndexUnsigned(image) !== void 0) return parts;
  return [...parts, { subject: root, platform: void 0, format }];
}

export {
  convertShared,
  warnOfLeftOut,
  uniqueLayers,
  planArtifacts,
  planManifests
};
