import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  withVerifiedImage
} from "./shared.commands.verify.require-verified.js";
import {
  LayerCache,
  SIGNATURES,
  cachedLayersReport,
  warnOfUnsigned,
  writeSignatures
} from "./shared.signing.js";
import "./shared.verifying.js";
import "./shared.notary.js";
import {
  builderReport,
  convertLayers,
  layerLabel,
  openBuilder
} from "./shared.images.js";
import "./shared.commands.js";
import {
  CACHE_PROFILE,
  cacheRecipe
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import {
  DEFAULT_CLASS,
  KNOWN_CLASSES
} from "./shared.inputs.js";
import {
  TOOL,
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/commands/export/export-image.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:path of src/commands/export/export-image.ts
var found;
var all = () => found ??= load("node:path");
var one = (name) => all()[name];
var join = /* @__PURE__ */ one("join");

// src/commands/shared/cache/fill-cache.ts
async function fillCache(cache, layers, { recipe, converter, open, accept }) {
  const { log } = converter;
  const results = new Array(layers.length);
  const jobs = [];
  for (const [position, layer] of layers.entries()) {
    const found2 = await cache.find(layer);
    if (found2 !== void 0 && "rootHash" in found2 && accept(layer, found2.rootHash) === void 0) {
      const { rootHash } = found2;
      log.info(`${layerLabel(layer)}: already there, root hash ${rootHash}`);
      results[position] = { layer, rootHash, outcome: "already there" };
      continue;
    }
    if (found2 !== void 0) log.warn(`${cache.blobOf(layer)} is replaced: ${faultOf(found2)}`);
    const path = await cache.begin(layer);
    const done = async ([converted]) => {
      if (converted === void 0) throw new TypeError("a layer was not converted");
      const { verity } = converted;
      const refused = accept(layer, verity.rootHash);
      if (refused !== void 0) throw refused;
      const outcome = await cache.publish(layer, path, verity);
      results[position] = { layer, rootHash: verity.rootHash, outcome };
    };
    const openBlob = (signal) => open(layer, signal);
    jobs.push({ layer, open: openBlob, recipes: [recipe], imageFile: { recipe, path }, done });
  }
  await convertLayers(jobs, converter);
  return results;
}
function faultOf(found2) {
  return "fault" in found2 ? found2.fault : `the root hash ${found2.rootHash} is not the signed one`;
}

// src/commands/export/report.ts
function exportReport({ image, opened }, { options, recipe, builder, layers, signatures }) {
  const { digest, mediaType } = image.root;
  return {
    schemaVersion: 1,
    tool: TOOL,
    image: { reference: options.image, name: image.name, digest, mediaType },
    verifiedProfiles: [...options.profiles],
    folder: options.folder,
    class: recipe.class ?? (builder.kind === "mkfs" ? builder.class : "unknown"),
    mkfsOptions: [...recipe.mkfsOptions],
    builder,
    ...builderReport(builder),
    ...opened.oras === void 0 ? {} : { oras: opened.oras },
    layers: cachedLayersReport(layers, new Set(signatures.keys()))
  };
}

// src/commands/export/signed-hashes.ts
function allSets(platforms) {
  return platforms.flatMap(({ sets, others }) => [...sets, ...others]);
}
function signaturesOf(platforms) {
  const found2 = /* @__PURE__ */ new Map();
  for (const { layers } of allSets(platforms)) {
    for (const { rootHash, pkcs7 } of layers) if (!found2.has(rootHash)) found2.set(rootHash, pkcs7);
  }
  return found2;
}
function signedClass(platforms) {
  const signed = allSets(platforms).filter(({ profile }) => profile === CACHE_PROFILE);
  return KNOWN_CLASSES.find((of) => signed.some(({ recorded }) => recorded.class === of));
}
function expectedHashes(platforms, { mkfsOptions }, of) {
  const expected = /* @__PURE__ */ new Map();
  for (const { profile, recorded, layers } of allSets(platforms)) {
    if (profile !== CACHE_PROFILE || (recorded.class ?? of) !== of) continue;
    if (recorded.mkfsOptions !== void 0 && recorded.mkfsOptions.join(" ") !== mkfsOptions.join(" "))
      continue;
    for (const { layer, rootHash } of layers) {
      expected.set(layer.diffId, (expected.get(layer.diffId) ?? /* @__PURE__ */ new Set()).add(rootHash));
    }
  }
  return expected;
}

// src/commands/export/export-image.ts
function exportImage(options, context) {
  cacheRecipe(options);
  return withVerifiedImage(
    { ...options, recompute: false },
    context,
    (verified) => exportVerified(verified, options, context)
  );
}
async function exportVerified(verified, options, context) {
  const { platforms, run } = verified;
  const { log, signal } = context;
  const classes = options.classes ?? [signedClass(platforms) ?? DEFAULT_CLASS];
  const recipe = cacheRecipe({ ...options, classes });
  const cache = await LayerCache.open(options.folder, signal);
  const opened = await openBuilder(
    { ...options, classes },
    { profiles: [CACHE_PROFILE], classes, folder: run.folder, signal, log }
  );
  try {
    const builder = await opened.info;
    const expected = expectedHashes(platforms, recipe, classOf(recipe, builder));
    const layers = await log.group(
      `Write layers to ${options.folder}`,
      (own) => fillCache(cache, layersOf(verified), {
        recipe,
        converter: { builder: opened.builder, folder: run.folder, options, log: own, signal },
        open: (layer, both) => verified.opened.source.blob(layer.descriptor, both),
        accept: (layer, rootHash) => {
          const signed = expected.get(layer.diffId);
          return signed === void 0 || signed.has(rootHash) ? void 0 : mismatch(rootHash, signed);
        }
      })
    );
    const signatures = ofLayers(signaturesOf(platforms), layers);
    await writeSignatures(join(options.folder, SIGNATURES), signatures);
    warnOfUnsigned(layers, new Set(signatures.keys()), options.image, log);
    return exportReport(verified, { options, recipe, builder, layers, signatures });
  } finally {
    await opened.stop();
    await cache.close();
  }
}
function classOf({ class: of }, builder) {
  return of ?? (builder.kind === "mkfs" ? builder.class : "unknown");
}
function layersOf({ platforms }) {
  const byDiffId = /* @__PURE__ */ new Map();
  for (const { manifest } of platforms) {
    for (const layer of manifest.layers) {
      if (!byDiffId.has(layer.diffId)) byDiffId.set(layer.diffId, layer);
    }
  }
  return [...byDiffId.values()];
}
function ofLayers(signatures, layers) {
  return new Map(
    layers.flatMap(({ rootHash }) => {
      const pkcs7 = signatures.get(rootHash);
      return pkcs7 === void 0 ? [] : [[rootHash, pkcs7]];
    })
  );
}
function mismatch(rootHash, signed) {
  const names = [...signed].join(" and ");
  return new VeritySignError(
    "invalid",
    `the layer has the root hash ${rootHash}, but ${names} is signed for it: the signature is not for this layer`,
    { remedy: "Verify the image with recompute, and sign it again from a source that you trust" }
  );
}
export {
  exportImage
};
