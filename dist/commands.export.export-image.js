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
  hasTars,
  layerLabel,
  openBuilder
} from "./shared.images.js";
import "./shared.commands.js";
import {
  CACHE_PROFILE,
  cacheRecipe,
  nativelyKnown,
  recipeOf
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
function cacheSets(platforms) {
  return allSets(platforms).filter(({ profile }) => profile === CACHE_PROFILE);
}
function hasOptions({ recorded }, { mkfsOptions }) {
  return recorded.mkfsOptions === void 0 || recorded.mkfsOptions.join(" ") === mkfsOptions.join(" ");
}
function signedClass(platforms, recipe) {
  const signed = cacheSets(platforms).filter((set) => hasOptions(set, recipe));
  return KNOWN_CLASSES.find((of) => signed.some(({ recorded }) => recorded.class === of));
}
function expectedHashes(platforms, recipe, of) {
  const expected = /* @__PURE__ */ new Map();
  for (const set of cacheSets(platforms)) {
    if ((set.recorded.class ?? of) !== of || !hasOptions(set, recipe)) continue;
    for (const { layer, rootHash } of set.layers) {
      expected.set(layer.diffId, (expected.get(layer.diffId) ?? /* @__PURE__ */ new Set()).add(rootHash));
    }
  }
  return expected;
}

// src/commands/export/signed-recipe.ts
function asSigned(options, platforms) {
  const recipe = signedRecipe(options, platforms);
  const isGiven = options.mkfsOptions !== void 0;
  if (!isGiven) refuseUnsupported(recipe, options);
  const text = recipe.mkfsOptions.join(" ");
  const isDefault = text === recipeOf(CACHE_PROFILE).mkfsOptions.join(" ");
  return {
    ...options,
    ...isGiven || isDefault ? {} : { mkfsOptions: text },
    classes: options.classes ?? [signedClass(platforms, recipe) ?? DEFAULT_CLASS]
  };
}
function signedRecipe({ image, mkfsOptions }, platforms) {
  const wanted = recipeOf(CACHE_PROFILE, mkfsOptions);
  const signed = platforms.filter(({ manifest }) => hasTars({ manifests: [manifest] })).map((platform) => cacheSets([platform])).filter((sets) => sets.length > 0);
  const isSigned = (recipe) => signed.every((sets) => sets.some((set) => hasOptions(set, recipe)));
  if (isSigned(wanted)) return wanted;
  const texts = new Set(signed.flat().flatMap(({ recorded }) => recorded.mkfsOptions?.join(" ") ?? []));
  const [only, ...more] = [...texts].filter((text) => isSigned({ mkfsOptions: [text] }));
  if (mkfsOptions === void 0 && only !== void 0 && more.length === 0) {
    return recipeOf(CACHE_PROFILE, only);
  }
  const names = [...texts].map((text) => JSON.stringify(text)).join(" and ");
  throw new VeritySignError(
    "usage",
    `${image} is signed for ${CACHE_PROFILE} with the mkfs options ${names}, not with ${JSON.stringify(wanted.mkfsOptions.join(" "))}`,
    {
      remedy: "Give those of the signatures as mkfs-options, platform by platform where they differ, or sign the image again"
    }
  );
}
function refuseUnsupported(recipe, { image, builder, crossCheck }) {
  if (builder === "mkfs" && !crossCheck || nativelyKnown(recipe)) return;
  throw new VeritySignError(
    "usage",
    `${image} is signed for ${CACHE_PROFILE} with the mkfs options ${JSON.stringify(recipe.mkfsOptions.join(" "))}, which the native builder does not support`,
    {
      remedy: `Set builder to mkfs, with the mkfs.erofs that made the signed images${crossCheck ? ", and omit cross-check" : ""}`
    }
  );
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
  const own = asSigned(options, platforms);
  const recipe = cacheRecipe(own);
  const cache = await LayerCache.open(options.folder, signal);
  const opened = await openBuilder(own, {
    profiles: [CACHE_PROFILE],
    classes: own.classes ?? [],
    folder: run.folder,
    signal,
    log
  });
  try {
    const builder = await opened.info;
    const of = classOf(recipe, builder);
    const expected = expectedHashes(platforms, recipe, of);
    const layers = await log.group(
      `Write layers to ${options.folder}`,
      (group) => fillCache(cache, layersOf(verified), {
        recipe,
        converter: { builder: opened.builder, folder: run.folder, options: own, log: group, signal },
        open: (layer, both) => verified.opened.source.blob(layer.descriptor, both),
        accept: (layer, rootHash) => {
          const signed = expected.get(layer.diffId);
          return signed === void 0 || signed.has(rootHash) ? void 0 : mismatch(rootHash, signed);
        }
      })
    );
    const signatures = ofLayers(signaturesOf(platforms), layers);
    await writeSignatures(join(options.folder, SIGNATURES), signatures);
    warnOfUnsigned(layers, new Set(signatures.keys()), options.image, log, otherClass(platforms, of));
    return exportReport(verified, { options, recipe, builder, layers, signatures });
  } finally {
    await opened.stop();
    await cache.close();
  }
}
function classOf({ class: of }, builder) {
  return of ?? (builder.kind === "mkfs" ? builder.class : "unknown");
}
function otherClass(platforms, of) {
  const signed = cacheSets(platforms).map(({ recorded }) => recorded.class ?? of);
  if (signed.length === 0 || signed.includes(of)) return void 0;
  const classes = [...new Set(signed)].join(" and ");
  return `They are those of class ${of} of erofs-utils, and the signatures for ${CACHE_PROFILE} those of class ${classes}: export that class, or sign this one`;
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
    `the layer has the root hash ${rootHash}, but a referrer says ${names} for ${CACHE_PROFILE}: that signature is not for this layer`,
    {
      remedy: `Verify the image with recompute, which names the referrers that are wrong. Delete these from the registry, or sign the image for ${CACHE_PROFILE} from a source that you trust`
    }
  );
}
export {
  exportImage
};
