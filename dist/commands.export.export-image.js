import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  LayerCache,
  cachedLayersReport,
  warnOfUnsigned
} from "./shared.commands.shared.cache.layer-cache.js";
import {
  SIGNATURES,
  writeSignatures
} from "./shared.commands.shared.cache.sidecar.js";
import {
  withVerifiedImage
} from "./shared.commands.verify.require-verified.js";
import "./shared.lib.read-regular.js";
import "./shared.commands.verify.verify-image.js";
import "./shared.commands.verify.notary-report.js";
import "./shared.signatures.notary.revocation.checker.js";
import "./shared.commands.verify.manifests.evaluate-signature.js";
import "./shared.commands.verify.layers.screen-referrers.js";
import "./shared.signatures.notary.timestamp.timestamp.js";
import "./shared.signatures.notary.envelope.parse.js";
import "./shared.signatures.notary.certificates.signing-chain.js";
import "./shared.signatures.notary.certificates.chain-rules.js";
import "./shared.signatures.x509.asn1.ber.js";
import "./shared.lib.retry.js";
import "./shared.commands.verify.layers.evaluate-referrer.js";
import "./shared.commands.shared.read-referrers.js";
import "./shared.signatures.x509.identity.js";
import "./shared.signatures.x509.asn1.encode.js";
import "./shared.lib.writable.js";
import "./shared.commands.shared.coverage.js";
import "./shared.lib.stopwatch.js";
import {
  convertLayers,
  layerLabel,
  openBuilder
} from "./shared.commands.shared.plan.js";
import "./shared.report.confinement.js";
import "./shared.tools.mkfs-erofs.js";
import "./shared.oci.image.resolve.js";
import "./shared.lib.process.temp-folder.js";
import {
  builderReport
} from "./shared.commands.shared.report-parts.js";
import "./shared.lib.concurrent.js";
import "./shared.commands.shared.check-manifest.js";
import "./shared.oci.attach.artifact-format.js";
import "./shared.convert.verity-file.verity-file.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.signatures.pkcs7.signing-chain.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.purposes.js";
import "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import {
  CACHE_PROFILE,
  cacheRecipe
} from "./shared.commands.shared.cache.cache-recipe.js";
import "./shared.commands.verify.worst-verdict.js";
import "./shared.convert.conversion-cache.js";
import "./shared.oci.image.platform.js";
import {
  TOOL
} from "./shared.report.tool.js";
import "./shared.report.coverage-text.js";
import "./shared.model.artifact-formats.js";
import "./shared.commands.shared.open-image.js";
import "./shared.oci.oras.version.js";
import "./shared.commands.shared.pem.pem-input.js";
import "./shared.tools.versions.js";
import "./shared.oci.oras.failures.refusal.js";
import "./shared.oci.attach.batches.js";
import "./shared.lib.pem-text.js";
import "./shared.lib.process.environment.js";
import "./shared.lib.process.run.js";
import "./shared.convert.erofs.recipe.js";
import {
  DEFAULT_CLASS,
  KNOWN_CLASSES
} from "./shared.model.profiles.js";
import "./shared.lib.process.system-limit.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.signatures.x509.bundle.js";
import "./shared.signatures.x509.pem.js";
import "./shared.lib.process.free-resources.js";
import "./shared.convert.verity.hash-request.js";
import "./shared.convert.verity.hash-tree.js";
import "./shared.convert.worker.protocol.js";
import "./shared.convert.blob.sniff.js";
import "./shared.convert.tar.facts.js";
import "./shared.convert.blob.buffer-ownership.js";
import "./shared.lib.process.drained.js";
import "./shared.lib.http.client.js";
import "./shared.lib.http.deadline.js";
import "./shared.lib.http.retry-after.js";
import "./shared.oci.oras.direct.answer-error.js";
import "./shared.lib.http.errors.js";
import "./shared.lib.read-given.js";
import "./shared.lib.format-bytes.js";
import "./shared.oci.image.layout-source.js";
import "./shared.oci.image.reference.js";
import "./shared.lib.leftovers.remove.js";
import "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import "./shared.oci.documents.js";
import "./shared.formats.digest.js";
import "./shared.zod.v4.core.schemas.js";
import "./shared.model.media-types.js";
import "./shared.formats.format-error.js";
import "./shared.formats.digest-grammar.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

// src/commands/export/export-image.ts
import { join } from "node:path";

// src/commands/shared/cache/fill-cache.ts
async function fillCache(cache, layers, { recipe, converter, open, accept }) {
  const { log } = converter;
  const results = new Array(layers.length);
  const jobs = [];
  for (const [position, layer] of layers.entries()) {
    const found = await cache.find(layer);
    if (found !== void 0 && "rootHash" in found && accept(layer, found.rootHash) === void 0) {
      const { rootHash } = found;
      log.info(`${layerLabel(layer)}: already there, root hash ${rootHash}`);
      results[position] = { layer, rootHash, outcome: "already there" };
      continue;
    }
    if (found !== void 0) log.warn(`${cache.blobOf(layer)} is replaced: ${faultOf(found)}`);
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
function faultOf(found) {
  return "fault" in found ? found.fault : `the root hash ${found.rootHash} is not the signed one`;
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
  const found = /* @__PURE__ */ new Map();
  for (const { layers } of allSets(platforms)) {
    for (const { rootHash, pkcs7 } of layers) if (!found.has(rootHash)) found.set(rootHash, pkcs7);
  }
  return found;
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
