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
  buildArtifact,
  checkAnnotations,
  encodeArtifact,
  findReusableReferrers,
  runAnnotations
} from "./shared.commands.sign.existing.find-reusable.js";
import {
  CERTIFICATE_REMEDY,
  readCertificates
} from "./shared.commands.shared.pem.read-certificates.js";
import {
  checkKeyReference,
  prepareSigner
} from "./shared.signatures.signers.prepare-signer.js";
import {
  plainErofsText,
  requiresLayers,
  resolvedLayers,
  skippedButRun,
  uncoveredEntry,
  uncoveredNames,
  uncoveredReport,
  warnOfUncovered
} from "./shared.commands.shared.coverage.js";
import {
  Stopwatch
} from "./shared.lib.stopwatch.js";
import {
  ErofsLayerBuilder,
  classOfArtifact,
  convertShared,
  hasTars,
  openBuilder,
  planArtifacts,
  uniqueLayers
} from "./shared.commands.shared.plan.js";
import {
  resolveImage
} from "./shared.oci.image.resolve.js";
import {
  withTempFolder
} from "./shared.lib.process.temp-folder.js";
import {
  builderReport,
  manifestReport,
  platformReport,
  referrerReport,
  signerReport,
  skippedLayersReport,
  skippedReport
} from "./shared.commands.shared.report-parts.js";
import {
  alongside,
  mapConcurrently
} from "./shared.lib.concurrent.js";
import {
  checkStructure,
  parsePkcs7
} from "./shared.commands.shared.check-manifest.js";
import {
  ARTIFACT_FORMS,
  checkSignatureSizes,
  distinctLayers,
  formOf,
  parseReferrer,
  readReferrer,
  signatureIn
} from "./shared.oci.attach.artifact-format.js";
import {
  LAYER_WORKERS
} from "./shared.convert.builders.layer-builder.js";
import {
  chainFromDer,
  checkValidity,
  embeddedCertificates,
  verifySignature
} from "./shared.signatures.pkcs7.signing-chain.js";
import {
  readCertificate,
  sameChain
} from "./shared.signatures.x509.chain.js";
import {
  inPlace
} from "./shared.commands.sign.destination.js";
import {
  cacheRecipe
} from "./shared.commands.shared.cache.cache-recipe.js";
import {
  formatPlatform
} from "./shared.oci.image.platform.js";
import {
  REPORT_HEAD,
  TOOL
} from "./shared.report.tool.js";
import {
  imagesNotCovered
} from "./shared.report.coverage-text.js";
import {
  openImage
} from "./shared.commands.shared.open-image.js";
import {
  inBatches,
  isNotFound
} from "./shared.oci.attach.batches.js";
import {
  recipeKey,
  recipesFor
} from "./shared.convert.erofs.recipe.js";
import {
  DEFAULT_CLASS,
  FIRST_CONTAINERD,
  isContainerdProfile
} from "./shared.model.profiles.js";
import {
  PROFILES
} from "./shared.convert.erofs.native.known-options.js";
import {
  parseImage
} from "./shared.oci.image.reference.js";
import {
  OWN_PREFIX
} from "./shared.model.annotations.js";
import {
  sameContent
} from "./shared.oci.documents.js";
import {
  sha256Digest
} from "./shared.formats.digest.js";
import {
  FormatError
} from "./shared.formats.format-error.js";
import {
  VeritySignError,
  inContext
} from "./shared.errors.js";

// src/commands/preflight/require-passed.ts
function requirePassed({ passed, verdict, summary }, pushTo = []) {
  if (passed) return;
  const kept = pushTo.length === 0 ? "" : `; nothing was pushed to ${pushTo.join(", ")}`;
  const message = `preflight: ${summary}${kept}`;
  throw new VeritySignError(verdict === "unchecked" ? "unchecked" : "not-enforced", message, {
    remedy: verdict === "unchecked" ? "Read the log of the VM above, and run again" : "Correct what the report lists under preflight, and sign the image again if it changes"
  });
}

// src/commands/sign/export-layers.ts
import { join } from "node:path";
function recipesOfRun(options) {
  const recipes = recipesFor(options);
  if (options.exportDir === void 0) return recipes;
  const recipe = cacheRecipe(options);
  const isSigned = recipes.some((own) => recipeKey(own) === recipeKey(recipe));
  return isSigned ? recipes : [...recipes, recipe];
}
var LayerExport = class _LayerExport {
  #cache;
  #recipe;
  #position;
  #outcomes = /* @__PURE__ */ new Map();
  constructor(cache, recipe, position) {
    this.#cache = cache;
    this.#recipe = recipe;
    this.#position = position;
  }
  /**
   * Undefined without export-dir.
   * @throws VeritySignError 'environment' for a folder that cannot be written to
   */
  static async open(options, { signal }) {
    if (options.exportDir === void 0) return void 0;
    const recipe = cacheRecipe(options);
    const position = recipesOfRun(options).findIndex((own) => recipeKey(own) === recipeKey(recipe));
    return new _LayerExport(await LayerCache.open(options.exportDir, signal), recipe, position);
  }
  /**
   * The job, with a file for the layer's image unless an earlier image of the run has exported it.
   * @param known the layer's conversions of an earlier image, by all recipes
   * @param tested rejects if the builder fails its test: then nothing is published
   */
  async withFile(job, known, tested) {
    const { layer } = job;
    if (this.#outcomes.has(layer.diffId)) return job;
    this.#outcomes.set(layer.diffId, "already there");
    const found = known && await this.#cache.find(layer);
    if (found !== void 0 && "rootHash" in found && found.rootHash === this.#rootHash(known)) return job;
    const path = await this.#cache.begin(layer);
    const done = async (converted) => {
      await tested;
      const { verity } = this.#ownOf(converted);
      this.#outcomes.set(layer.diffId, await this.#cache.publish(layer, path, verity));
    };
    return { ...job, imageFile: { recipe: this.#recipe, path }, done };
  }
  /** What the cache has of the layers, each once. */
  exported(converted) {
    const byDiffId = /* @__PURE__ */ new Map();
    for (const ofLayer of converted) {
      const { layer, verity } = this.#ownOf(ofLayer);
      const { rootHash } = verity;
      const outcome = this.#outcomes.get(layer.diffId) ?? "already there";
      if (!byDiffId.has(layer.diffId)) byDiffId.set(layer.diffId, { layer, rootHash, outcome });
    }
    return [...byDiffId.values()];
  }
  /** Removes what was begun and not published. */
  close() {
    return this.#cache.close();
  }
  #rootHash(converted) {
    return converted && this.#ownOf(converted).verity.rootHash;
  }
  #ownOf(converted) {
    const own = converted[this.#position];
    if (own === void 0) throw new TypeError("a layer was not converted for the cache");
    return own;
  }
};
async function exportSignatures(layers, artifacts, store, { exportDir, image }, { log }) {
  if (exportDir === void 0) return /* @__PURE__ */ new Set();
  const wanted = new Set(layers.map(({ rootHash }) => rootHash));
  const signatures = /* @__PURE__ */ new Map();
  for (const { descriptor, signatureDigests: signatureDigests2 } of artifacts) {
    if (![...signatureDigests2.keys()].some((rootHash) => wanted.has(rootHash))) continue;
    const { manifest, blobs } = await readReferrer(store, descriptor);
    const form = formOf(manifest);
    for (const [index, { annotations }] of manifest.layers.entries()) {
      const [rootHash, blob] = [annotations?.[form.rootHash] ?? "", blobs[index]];
      if (blob !== void 0 && wanted.has(rootHash)) {
        signatures.set(rootHash, signatureIn(manifest, index, blob));
      }
    }
  }
  await writeSignatures(join(exportDir, SIGNATURES), signatures);
  warnOfUnsigned(layers, new Set(signatures.keys()), image, log);
  return new Set(signatures.keys());
}

// src/commands/sign/resolve-for-signing.ts
var SIGN_MANIFESTS = "Set manifest-signature to jws or cose to sign the manifest, with layers auto or none";
async function resolveForSigning(source, options) {
  const { platforms, allowSkip, layers, manifestSignature } = options;
  const required = requiresLayers(layers);
  const manifestsOnly = required && manifestSignature !== "none" && platforms.length === 0;
  const image = await resolveImage(source, {
    platforms,
    allowSkip,
    layers: manifestsOnly ? "auto" : resolvedLayers(layers),
    unsignableLayers: layers === "auto" ? "exclude" : "refuse"
  });
  const manifests = image.manifests.map((manifest) => required ? manifest : withoutLayers(manifest));
  for (const manifest of manifests) if (required) requireLayers(manifest);
  if (layers !== "none" && (required || manifestSignature === "none")) requireSome(manifests);
  return { ...image, manifests };
}
function hasLayers({ manifests }) {
  return manifests.some(({ layers }) => layers.length > 0);
}
function withoutLayers(manifest) {
  if (manifest.layers.length > 0 || manifest.layersLeftOut !== void 0) return manifest;
  return { ...manifest, layersLeftOut: emptiness(manifest) };
}
function requireLayers(manifest) {
  const { descriptor, layers, layersLeftOut } = manifest;
  if (layers.length > 0 || layersLeftOut !== void 0) return;
  throw new VeritySignError(
    "image",
    `the manifest ${descriptor.digest} ${emptiness(manifest)}: there is nothing to sign`,
    { remedy: "Choose other platforms, or omit this image" }
  );
}
function requireSome(manifests) {
  if (manifests.some(({ layers }) => layers.length > 0)) return;
  const reasons = [...new Set(manifests.map(({ layersLeftOut }) => layersLeftOut ?? "no layers"))];
  throw new VeritySignError("image", `the image cannot be signed: ${reasons.join("; ")}`, {
    remedy: SIGN_MANIFESTS
  });
}
function emptiness({ skippedLayers }) {
  return skippedLayers.length === 0 ? "has no layers" : "has skipped layers only";
}

// src/commands/sign/convert-image.ts
async function convertImage(image, source, { options, context, folder }, disks) {
  if (!hasLayers(image)) return { builder: void 0, converted: [], exported: void 0 };
  const { log, signal, conversions } = context;
  const recipes = recipesOfRun(options);
  const profiles = [...new Set(recipes.map(({ profile }) => profile))];
  const exporting = await LayerExport.open(options, context);
  const jobsFor = async (tested) => {
    const jobs = [];
    for (const layer of uniqueLayers(image)) {
      const job = { layer, open: (own) => source.blob(layer.descriptor, own) };
      const known = conversions?.findAll(layer, recipes);
      const exported = await exporting?.withFile(job, known, tested);
      jobs.push(exported ?? disks?.withFile(job, recipes) ?? job);
    }
    return jobs;
  };
  if (!hasTars(image)) {
    try {
      const converter = { builder: new ErofsLayerBuilder(), folder, options, log, signal };
      const jobs = await jobsFor(Promise.resolve(void 0));
      const { converted, confirm } = await convertShared(jobs, converter, image.name, conversions, recipes);
      confirm(void 0);
      return { builder: void 0, converted, exported: exporting?.exported(converted) };
    } finally {
      await exporting?.close();
    }
  }
  const opened = await openBuilder(options, { profiles, classes: [DEFAULT_CLASS], folder, signal, log });
  try {
    const jobs = await jobsFor(opened.info);
    if (options.mkfsOptions !== void 0) await opened.info;
    const [builder, { converted, confirm }] = await alongside(
      { result: opened.info, stop: opened.stop },
      signal,
      (both) => {
        const converter = { builder: opened.builder, folder, options, log, signal: both };
        return convertShared(jobs, converter, image.name, conversions, recipes);
      }
    );
    confirm(builder);
    return { builder, converted, exported: exporting?.exported(converted) };
  } finally {
    await opened.stop();
    await exporting?.close();
  }
}

// src/commands/sign/index-coverage.ts
function whyIndexUnsigned({ root, skipped }) {
  const excluded = skipped.filter(({ leftOut }) => leftOut === true);
  if (excluded.length > 0) {
    const names = excluded.map(nameOf).join(", ");
    return `index ${root.digest} is not signed because \`platform\` excludes ${names}. Omit \`platform\` to sign everything, including the index`;
  }
  const unsigned = skipped.find(({ mayRun }) => mayRun);
  if (unsigned === void 0) return void 0;
  return `index ${root.digest} is not signed because a node could run ${unsigned.descriptor.digest}, which is unsigned: ${unsigned.reason}. Build the index without that entry`;
}
function uncoveredBySigning(image, { manifestSignature }) {
  const skipped = image.skipped.filter(({ isImage }) => isImage).map(uncoveredEntry);
  if (manifestSignature !== "none") return whyIndexUnsigned(image) === void 0 ? [] : skipped;
  const withoutLayers2 = image.manifests.flatMap(
    ({ descriptor, platform, layersLeftOut: reason }) => reason === void 0 ? [] : [
      {
        descriptor: { ...descriptor, ...platform === void 0 ? {} : { platform } },
        reason,
        excluded: false
      }
    ]
  );
  return [...withoutLayers2, ...skipped];
}
function requireCoverage(image, options) {
  const [first] = skippedButRun(image, options.platforms);
  if (first !== void 0) {
    throw new VeritySignError(
      "image",
      `a node may run ${first.descriptor.digest}, but its layers cannot be signed: ${first.reason}`,
      { remedy: "Build the index without that entry" }
    );
  }
  const uncovered = options.layers === "all" ? uncoveredBySigning(image, options) : [];
  if (uncovered.length === 0) return;
  throw new VeritySignError(
    "image",
    `layers is all, but ${imagesNotCovered(uncovered.length)}: ${uncoveredNames(uncovered)}`,
    {
      remedy: "Omit platform and set manifest-signature to jws or cose to cover every image, or set layers to required"
    }
  );
}
function requireTars({ manifests }, { profiles }) {
  if (!profiles.includes("tardev")) return;
  const found = manifests.flatMap(({ layers }) => layers).find(({ format }) => format === "erofs");
  if (found === void 0) return;
  throw new VeritySignError(
    "image",
    `layer ${found.index} (${found.descriptor.digest}) is an EROFS image, which tardev-snapshotter does not take`,
    { remedy: "Omit profile tardev, or build the image with tar layers" }
  );
}
function warnOfPlainErofs({ manifests }, log) {
  for (const { descriptor, ...manifest } of manifests) {
    const text = plainErofsText(manifest);
    if (text !== void 0) log.warn(`${descriptor.digest}: ${text}`);
  }
}
function warnOfUnsigned2(image, { layers, manifestSignature }, log) {
  if (layers === "auto") {
    for (const { descriptor, platform, layersLeftOut } of image.manifests) {
      if (layersLeftOut === void 0 || (platform?.os ?? "linux") !== "linux") continue;
      log.warn(
        `the layers of the Linux image ${descriptor.digest} are not signed, so nodes that require signatures will not run it: ${layersLeftOut}. Set \`layers\` to \`required\` to refuse such images`
      );
    }
  }
  const reason = manifestSignature === "none" ? void 0 : whyIndexUnsigned(image);
  if (reason !== void 0) log.warn(reason);
}
function nameOf({ descriptor: { digest, platform } }) {
  return platform === void 0 ? digest : formatPlatform(platform);
}

// src/commands/sign/manifests/plan.ts
function planManifests(image, { manifestSignature: format }) {
  if (format === "none") return [];
  const { root, manifests } = image;
  const parts = manifests.map(({ descriptor, platform }) => ({ subject: descriptor, platform, format }));
  const listed = parts.some(({ subject }) => subject.digest === root.digest);
  if (listed || whyIndexUnsigned(image) !== void 0) return parts;
  return [...parts, { subject: root, platform: void 0, format }];
}

// src/commands/sign/plan-signatures.ts
function planSignatures(image, converted, options) {
  return {
    artifacts: planArtifacts(image, converted, recipesFor(options), options.artifactFormats),
    manifests: planManifests(image, options)
  };
}

// src/oci/attach/referrers.ts
import { mkdtemp, rm } from "node:fs/promises";
import { join as join2 } from "node:path";
var REMEDY = "Set referrers to tag to use the fallback tag, or to api if the registry has the referrers API; otherwise use another registry";
async function attachTogether(store, artifacts, folder, signal) {
  const encoded = artifacts.map(encodeArtifact);
  const own = await mkdtemp(join2(folder, "attach-"));
  try {
    for (const one of encoded) {
      await store.push(one, own);
      await checkContentOf(store, one);
    }
    checkListed(store, encoded, await enlist(store, encoded, own, signal));
  } finally {
    await rm(own, { recursive: true, force: true });
  }
  return encoded.map(({ descriptor }) => descriptor);
}
async function checkContentOf(store, encoded) {
  const { descriptor, bytes, blobs } = encoded;
  if (!(await readBack(store, descriptor, false)).equals(bytes)) {
    throw different(store, `the signature manifest ${descriptor.digest} differs when it is read back`);
  }
  await inBatches(blobs, async (blob) => {
    if (!(await readBack(store, blob.descriptor, true)).equals(blob.bytes)) {
      throw different(store, `the signature ${blob.descriptor.digest} differs when it is read back`);
    }
  });
}
async function enlist(store, encoded, folder, signal) {
  try {
    return await store.enlist(encoded, folder, signal);
  } catch (cause) {
    if (cause instanceof VeritySignError && cause.remedy !== void 0) throw cause;
    throw unreadable(store, "the list of referrers", cause);
  }
}
function checkListed(store, encoded, listed) {
  for (const { descriptor } of encoded) {
    const found = listed.find(({ digest }) => digest === descriptor.digest);
    if (found === void 0) {
      const what = listed.length === 0 ? "no referrer" : "only other referrers";
      throw different(store, `${descriptor.digest} was pushed, but the list has ${what} of the image`);
    }
    if (!sameContent(found, descriptor)) {
      throw different(store, `the list of referrers has other properties for ${descriptor.digest}`);
    }
  }
}
async function readBack(store, descriptor, blob) {
  try {
    return await (blob ? store.fetchBlob(descriptor) : store.fetchManifest(descriptor));
  } catch (cause) {
    throw unreadable(store, descriptor.digest, cause);
  }
}
function different(store, what) {
  return new VeritySignError("registry", `${store.name} does not hold what was attached: ${what}`, {
    remedy: REMEDY
  });
}
function unreadable(store, what, cause) {
  if (!(cause instanceof VeritySignError) || cause.code === "cancelled") return cause;
  const message = `${store.name} does not return ${what} after the signature was attached: ${cause.message}`;
  return new VeritySignError("registry", message, { remedy: REMEDY, cause });
}

// src/oci/attach/copy-referrer.ts
import { mkdtemp as mkdtemp2 } from "node:fs/promises";
import { join as join3 } from "node:path";
async function copyReferrer(from, to, descriptor, folder, signal) {
  const bytes = await from.fetchManifest(descriptor);
  const manifest = parseReferrer(bytes, descriptor.mediaType);
  const layers = checkSignatureSizes(distinctLayers(manifest));
  const content = [...new Map([manifest.config, ...layers].map((one) => [one.digest, one])).values()];
  const blobs = await inBatches(content, async (blob) => ({
    descriptor: blob,
    bytes: await from.fetchBlob(blob)
  }));
  const { mediaType, digest, size } = descriptor;
  const copy = { manifest, bytes, descriptor: { mediaType, digest, size }, blobs };
  const own = await mkdtemp2(join3(folder, "copy-"));
  await to.push(copy, own);
  await to.enlist([copy], own, signal);
}

// src/commands/sign/existing/find-existing.ts
async function findExisting(planned, { layers, manifests }, places, log) {
  const search = new Search(places, log);
  return {
    artifacts: await search.find(layers, planned.artifacts),
    manifests: await search.find(manifests, planned.manifests),
    copied: search.copied
  };
}
var Search = class {
  copied = 0;
  #places;
  #log;
  constructor(places, log) {
    this.#places = places;
    this.#log = log;
  }
  async find(steps, planned) {
    if (steps === void 0) return [];
    const found = [];
    for (const one of planned) {
      const [here] = await steps.find([one], this.#places.store, this.#log);
      found.push(here ?? await this.#findElsewhere(steps, one));
    }
    return found;
  }
  async #findElsewhere(steps, one) {
    const { store, elsewhere, folder, signal } = this.#places;
    for (const place of elsewhere) {
      const [found] = await steps.find([one], place, this.#log).catch(noneIfNotFound);
      if (found === void 0) continue;
      await copyReferrer(place, store, found.descriptor, folder, signal);
      this.copied += 1;
      this.#log.info(`${steps.label(one)}: ${found.descriptor.digest} is in ${place.name} already`);
      return found;
    }
    return void 0;
  }
};
function noneIfNotFound(error) {
  if (isNotFound(error)) return [];
  throw error;
}

// src/commands/sign/sign-and-attach.ts
async function signAndAttach(planned, { layers, manifests }, { store, commit, elsewhere }, { context: { log, signal }, watch, folder }) {
  await store.removeLeftovers?.();
  const existing = await watch.time(
    "attach",
    () => log.group(
      "Look for signatures",
      (own) => findExisting(planned, { layers, manifests }, { store, elsewhere, folder, signal }, own)
    )
  );
  const missing = {
    artifacts: planned.artifacts.filter((_, index) => existing.artifacts[index] === void 0),
    manifests: planned.manifests.filter((_, index) => existing.manifests[index] === void 0)
  };
  const signed = await watch.time(
    "sign",
    () => log.group("Sign", async (own) => ({
      artifacts: await layers?.sign(missing.artifacts, own),
      manifests: await manifests?.sign(missing.manifests, own)
    }))
  );
  return watch.time(
    "attach",
    () => log.group("Attach and read back", async (own) => {
      const artifacts = prepare(layers, planned.artifacts, existing.artifacts, signed.artifacts, own);
      const envelopes = prepare(manifests, planned.manifests, existing.manifests, signed.manifests, own);
      for (const together of bySubject([...artifacts.pending, ...envelopes.pending])) {
        const bodies = together.map(({ artifact }) => artifact);
        const descriptors = await attachTogether(store, bodies, folder, signal);
        for (const [index, descriptor] of descriptors.entries()) together[index]?.attached(descriptor);
      }
      const attached = { artifacts: artifacts.all(), manifests: envelopes.all() };
      if (missing.artifacts.length + missing.manifests.length + existing.copied > 0) {
        await store.settle?.(folder, signal);
        await commit();
      }
      return attached;
    })
  );
}
function prepare(steps, planned, existing, signed, log) {
  const done = [...existing];
  const pending = [];
  if (planned.length === 0) return { pending, all: () => [] };
  if (steps === void 0 || signed === void 0) throw new TypeError("a planned signature has no steps");
  const report = (one, { descriptor, reused }) => {
    const how = reused ? "already there, nothing attached" : "attached and read back";
    log.info(`${steps.label(one)}: ${descriptor.digest} ${how}`);
  };
  const firstLike = (one) => planned.findIndex((other) => other === one || steps.isSame(other, one));
  for (const [index, one] of planned.entries()) {
    if (existing[index] !== void 0) report(one, existing[index]);
    else if (firstLike(one) === index) {
      const attached = (descriptor) => {
        const result = steps.done(one, signed, descriptor);
        done[index] = result;
        report(one, result);
      };
      pending.push({ artifact: steps.artifact(one, signed), attached });
    }
  }
  const all = () => planned.map((one, index) => {
    if (done[index] !== void 0) return done[index];
    const same = done[firstLike(one)];
    if (same === void 0) throw new TypeError("a planned signature is not attached");
    const shared = { ...same, reused: true };
    report(one, shared);
    return shared;
  });
  return { pending, all };
}
function bySubject(pending) {
  return [...Map.groupBy(pending, ({ artifact }) => artifact.subject.digest).values()];
}

// src/commands/sign/layers/report.ts
function artifactReport(artifact, builder, attached) {
  const { manifest, profile, mkfsOptions, layers } = artifact;
  const of = classOfArtifact(artifact, builder);
  return {
    ...platformReport(manifest.platform),
    manifest: manifestReport(manifest.descriptor),
    profile,
    ...artifact.format === "tardev" ? { artifactFormat: artifact.format } : {},
    ...isContainerdProfile(profile) ? { containerd: FIRST_CONTAINERD[profile] } : {},
    ...of === void 0 ? {} : { class: of },
    mkfsOptions: [...mkfsOptions],
    blockSize: PROFILES[profile].blockSize,
    ...attached === void 0 ? {} : { referrer: referrerReport(attached) },
    layers: layers.map((layer, position) => ({
      ...layerReport(layer, attached?.signatureDigests),
      ...sameAs(layer, layers.slice(0, position))
    })),
    skippedLayers: skippedLayersReport(manifest)
  };
}
function sameAs({ layer }, earlier) {
  const first = earlier.find((other) => other.layer.descriptor.digest === layer.descriptor.digest);
  return first === void 0 ? {} : { sameAs: first.layer.index };
}
function layerReport({ layer, facts, uuid, verity, seconds, sharedFrom }, signatureDigests2) {
  const signatureDigest = signatureDigests2?.get(verity.rootHash);
  return {
    index: layer.index,
    digest: layer.descriptor.digest,
    diffId: facts.diffId,
    mediaType: layer.descriptor.mediaType,
    size: facts.size,
    tarSize: facts.tarSize,
    erofsSize: verity.imageSize,
    uuid,
    rootHash: verity.rootHash,
    ...signatureDigest === void 0 ? {} : { signatureDigest },
    seconds,
    dropped: facts.dropped,
    fractionalTimes: facts.fractionalTimes,
    ...sharedFrom === void 0 ? {} : { sharedFrom }
  };
}

// src/commands/sign/manifests/report.ts
function manifestSignatureReport({ subject, platform, format }, attached) {
  const planned = { ...platformReport(platform), manifest: manifestReport(subject), format };
  if (attached === void 0) return planned;
  const { signedAt, expiry, timestamped } = attached;
  return {
    ...planned,
    referrer: referrerReport(attached),
    signedAt: signedAt.toISOString(),
    ...expiry === void 0 ? {} : { expiry: expiry.toISOString() },
    timestamped
  };
}

// src/commands/sign/sign-report.ts
function signReport({ options, watch }, { image, builder, oras, signing, planned, exported, signedInCache = /* @__PURE__ */ new Set(), preflight }, attached, [pushed, ...more] = []) {
  const { digest, mediaType } = image.root;
  return {
    ...REPORT_HEAD,
    dryRun: options.dryRun,
    image: { reference: options.image, name: image.name, digest, mediaType },
    ...builderReport(builder),
    ...oras === void 0 ? {} : { oras },
    ...signing === void 0 ? {} : { signer: signingReport(signing) },
    artifacts: planned.artifacts.map(
      (artifact, index) => artifactReport(artifact, builder, attached?.artifacts[index])
    ),
    layersLeftOut: excludedLayersReport(image),
    manifestSignatures: planned.manifests.map(
      (manifest, index) => manifestSignatureReport(manifest, attached?.manifests[index])
    ),
    ...exportedReport(options, exported, signedInCache),
    ...preflight === void 0 ? {} : { preflight },
    configurationCovered: options.manifestSignature !== "none",
    uncovered: uncoveredReport(uncoveredBySigning(image, options)),
    skipped: skippedReport(image),
    ...pushed === void 0 ? {} : { pushed, pushedTo: [pushed, ...more] },
    seconds: {
      total: watch.total(),
      resolve: watch.of("resolve"),
      convert: watch.of("convert"),
      sign: watch.of("sign"),
      attach: watch.of("attach"),
      push: watch.of("push")
    }
  };
}
function exportedReport({ exportDir }, exported, signed) {
  if (exportDir === void 0 || exported === void 0) return {};
  return { exported: { folder: exportDir, layers: cachedLayersReport(exported, signed) } };
}
function excludedLayersReport({ manifests }) {
  return manifests.flatMap(
    ({ descriptor, platform, layersLeftOut: reason }) => reason === void 0 ? [] : [{ ...platformReport(platform), manifest: manifestReport(descriptor), reason }]
  );
}
function signingReport({ leaf, key }) {
  return { ...signerReport(leaf), ...key === void 0 ? {} : { holder: key.holder } };
}

// src/commands/sign/layers/attach.ts
function layerArtifact(planned, signatures, builder, { options, context }) {
  const entries = planned.layers.map(({ layer, verity: { rootHash } }) => {
    const signature = signatures.get(rootHash);
    if (signature === void 0) throw new TypeError(`the root hash ${rootHash} is not signed`);
    return { layerDigest: layer.descriptor.digest, rootHash, pkcs7: signature.pkcs7 };
  });
  return buildArtifact({
    format: planned.format,
    subject: planned.manifest.descriptor,
    entries,
    own: ownAnnotations(planned, builder, context),
    created: context.created,
    extra: options.annotations
  });
}
function ownAnnotations(artifact, given, { ci }) {
  const builder = hasTars({ manifests: [artifact.manifest] }) ? given : void 0;
  return {
    profile: artifact.profile,
    "mkfs-options": artifact.mkfsOptions.join(" "),
    builder: builder?.kind,
    "erofs-utils-version": builder?.kind === "mkfs" ? builder.version : void 0,
    "erofs-utils-class": classOfArtifact(artifact, builder),
    version: TOOL.version,
    ...runAnnotations(ci)
  };
}

// src/commands/sign/layers/find.ts
function hasSameRootHashes(manifest, { manifest: image, format, profile, mkfsOptions, layers }) {
  const form = formOf(manifest);
  if (form.format !== format) return false;
  const records = format === "notary";
  if (records && manifest.annotations[`${OWN_PREFIX}profile`] !== profile) return false;
  const options = manifest.annotations[`${OWN_PREFIX}mkfs-options`];
  if (records && options !== mkfsOptions.join(" ")) return false;
  checkStructure(manifest, image);
  if (manifest.layers.length !== layers.length) return false;
  return layers.every(({ layer, verity }, index) => {
    const entry = manifest.layers[index]?.annotations;
    return entry?.[form.layerDigest] === layer.descriptor.digest && entry[form.rootHash] === verity.rootHash;
  });
}
function isSameLayerSignature(manifest, blobs, planned, chain) {
  if (!hasSameRootHashes(manifest, planned)) return false;
  const embedded = embeddedCertificates(chain).map(({ fingerprint }) => fingerprint);
  return planned.layers.every(({ verity }, index) => {
    const blob = blobs[index];
    if (blob === void 0) return false;
    const parsed = parsePkcs7(signatureIn(manifest, index, blob));
    verifySignature(parsed, verity.rootHash);
    const own = parsed.certificates.map(({ fingerprint }) => fingerprint);
    return own.length === embedded.length && own.every((one, at) => one === embedded[at]);
  });
}
function signatureDigests(manifest) {
  const { rootHash } = formOf(manifest);
  return new Map(
    manifest.layers.map(({ annotations, digest }) => [
      annotations?.[rootHash] ?? "",
      digest
    ])
  );
}

// src/commands/sign/layers/sign.ts
async function signRootHashes(rootHashes, chain, { key, concurrency, signal }) {
  const distinct = [...new Set(rootHashes)];
  if (distinct.length === 0) return /* @__PURE__ */ new Map();
  const { buildPkcs7 } = await import("./signatures.pkcs7.build.js");
  const signer = await key.open();
  const signed = await mapConcurrently(
    distinct,
    concurrency,
    signal,
    (rootHash, both) => inContext({ layer: `root hash ${rootHash}` }, async () => {
      both.throwIfAborted();
      const signature = await signer.sign(Buffer.from(rootHash, "ascii"), "layer");
      return [rootHash, { rootHash, pkcs7: buildPkcs7({ signature, chain, rootHash }) }];
    })
  );
  return new Map(signed);
}

// src/commands/sign/layers/steps.ts
var LayerSignatures = class {
  /** Checked for the kernel. */
  chain;
  #key;
  #builder;
  #run;
  constructor({ key, chain }, builder, run) {
    this.#key = key;
    this.chain = chain;
    this.#builder = builder;
    this.#run = run;
  }
  async find(planned, store, log) {
    const requests = planned.map((artifact) => ({
      subject: artifact.manifest.descriptor,
      artifactType: ARTIFACT_FORMS[artifact.format].artifactType,
      annotations: this.#run.options.annotations,
      wanted: (manifest) => hasSameRootHashes(manifest, artifact),
      read: (manifest, blobs) => this.isSameAs(artifact, manifest, blobs) ? signatureDigests(manifest) : void 0
    }));
    const found = await findReusableReferrers(store, requests, log, this.#run.context.signal);
    return found.map(
      (one) => one && { descriptor: one.descriptor, reused: true, signatureDigests: one.content }
    );
  }
  async sign(missing, log) {
    const { options, context } = this.#run;
    const calls = { key: this.#key, concurrency: options.concurrency, signal: context.signal };
    const rootHashes = missing.flatMap(({ layers }) => layers.map(({ verity }) => verity.rootHash));
    const signatures = await signRootHashes(rootHashes, this.chain, calls);
    if (signatures.size > 0) {
      log.info(`${signatures.size} root hashes signed as ${this.chain.leaf.subject}`);
    }
    return signatures;
  }
  artifact(planned, signatures) {
    return layerArtifact(planned, signatures, this.#builder, this.#run);
  }
  done({ layers }, signatures, descriptor) {
    const digests = layers.map(({ verity: { rootHash } }) => {
      const { pkcs7 } = signatures.get(rootHash) ?? {};
      if (pkcs7 === void 0) throw new TypeError(`the root hash ${rootHash} is not signed`);
      return [rootHash, sha256Digest(pkcs7)];
    });
    return { descriptor, reused: false, signatureDigests: new Map(digests) };
  }
  /** Classes of erofs-utils that agree about every layer share a referrer, as they would in a later run. */
  isSame(a, b) {
    if (a.manifest !== b.manifest || a.format !== b.format) return false;
    if (a.format === "notary" && a.profile !== b.profile) return false;
    return a.layers.every(({ verity }, index) => verity.rootHash === b.layers[index]?.verity.rootHash);
  }
  label({ manifest, profile, format }) {
    const form = format === "notary" ? "" : `, format ${format}`;
    return `${manifest.descriptor.digest}, ${profile}${form}`;
  }
  /** @throws VeritySignError 'image' for a manifest or signature that is malformed */
  isSameAs(planned, manifest, blobs) {
    return isSameLayerSignature(manifest, blobs, planned, this.chain);
  }
};

// src/commands/sign/signature-kinds.ts
async function signatureKinds(planned, { key, chain, certificates, authority }, builder, run) {
  return {
    layers: chain === void 0 || planned.artifacts.length === 0 ? void 0 : new LayerSignatures({ key, chain }, builder, run),
    manifests: planned.manifests.length === 0 ? void 0 : await manifestSignatures({ key, certificates, authority }, run)
  };
}
async function manifestSignatures(...parts) {
  const steps = await import("./commands.sign.manifests.steps.js");
  return new steps.ManifestSignatures(...parts);
}

// src/commands/sign/signing-context.ts
async function loadSigningContext(options, layers, context) {
  const { key, keyPassphrase, certificate } = options;
  const purposes = purposesOf(options, layers);
  const given = certificate === void 0 ? void 0 : await readCertificates(certificate, "certificate", context);
  if (options.dryRun) {
    if (key !== void 0) checkKeyReference(key, keyPassphrase);
    return given && { ...await checkChain(given, purposes, context), key: void 0 };
  }
  if (key === void 0) {
    throw new VeritySignError("usage", "`key` is missing", {
      remedy: "Give a key file, env://NAME or a KMS key"
    });
  }
  const complete = !key.startsWith("notation-plugin://");
  const early = complete && given ? await checkChain(given, purposes, context) : void 0;
  const prepared = await prepareSigner(key, {
    certificates: given,
    purposes,
    ...keyPassphrase === void 0 ? {} : { passphrase: keyPassphrase },
    pluginConfig: options.pluginConfig,
    ...options.pluginSecrets === void 0 ? {} : { secrets: options.pluginSecrets },
    env: context.secrets,
    timeout: options.timeout,
    signal: context.signal
  });
  for (const warning of prepared.warnings ?? []) context.log.warn(warning);
  const { certificateChain } = prepared;
  const chain = early !== void 0 && sameChain(early.certificates, certificateChain) ? early : await checkChain(certificateChain, purposes, context);
  return { ...chain, key: openable(prepared) };
}
async function loadTimestampAuthority({ timestampUrl: url, timestampCertificate, timeout }, context) {
  if (url === void 0 || timestampCertificate === void 0) return void 0;
  const certificates = await readCertificates(timestampCertificate, "timestamp-certificate", context);
  return { url, certificates, signal: context.signal, timeout };
}
function purposesOf({ manifestSignature }, layers) {
  return [
    ...layers ? ["layer"] : [],
    ...manifestSignature === "none" ? [] : ["manifest"]
  ];
}
function openable(prepared) {
  let opened;
  const open = () => {
    opened ??= prepared.open();
    return opened;
  };
  return { holder: prepared.holder, spec: prepared.spec, open };
}
async function checkChain(certificates, purposes, { now, log }) {
  const chain = purposes.includes("layer") ? chainFromDer(certificates) : void 0;
  if (chain !== void 0) {
    checkValidity(chain, now);
    for (const warning of chain.warnings) log.warn(warning);
  }
  if (purposes.includes("manifest")) {
    const { checkSigningChain } = await import("./signatures.notary.certificates.signing-chain.js");
    checkSigningChain(certificates, now);
  }
  return { leaf: chain?.leaf ?? leafOf(certificates), certificates, chain };
}
function leafOf([leaf]) {
  try {
    return readCertificate(leaf ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("key", `the signing certificate cannot be read: it ${error.message}`, {
      remedy: CERTIFICATE_REMEDY,
      cause: error
    });
  }
}

// src/commands/sign/sign-image.ts
function signImage(options, context, openDestination = inPlace, attached = () => void 0) {
  return inContext(
    { image: options.image },
    () => withTempFolder(
      options.tempDir,
      (folder) => signIn({ options, context, folder, watch: new Stopwatch() }, openDestination, attached)
    )
  );
}
async function signIn(run, openDestination, onAttached) {
  const { options, context, folder, watch } = run;
  const { log } = context;
  checkAnnotations(options);
  const recipes = recipesFor(options).length;
  if (options.artifactFormats?.includes("tardev") && recipes > 1) {
    log.warn(
      `artifact-format tardev records neither profile nor class, and nodes take the first artifact that a registry lists: ${recipes} are made for each image. Name one profile and one class`
    );
  }
  const reference = parseImage(options.image);
  const destination = await openDestination(reference, options, context, folder);
  const authority = await loadTimestampAuthority(options, context);
  const mayKeep = options.pushTo !== void 0 && !options.dryRun;
  const opened = await openImage(reference, folder, options, context, mayKeep);
  const image = await watch.time(
    "resolve",
    () => log.group(`Resolve ${options.image}`, () => resolveForSigning(opened.source, options))
  );
  return inContext({ image: image.name }, async () => {
    requireCoverage(image, options);
    requireTars(image, options);
    destination.requireComplete(image);
    warnOfUnsigned2(image, options, log);
    warnOfPlainErofs(image, log);
    warnOfUncovered(image, uncoveredBySigning(image, options), log);
    const signing = await loadSigningContext(options, hasLayers(image), context);
    if (hasLayers(image)) LAYER_WORKERS.warmUp(1);
    const stage = await openPreflight(image, opened, signing, run);
    const { builder, converted, exported } = await watch.time(
      "convert",
      () => convertImage(image, opened.source, run, stage?.disks)
    );
    const planned = planSignatures(image, converted, options);
    const known = { image, builder, oras: opened.oras ?? destination.oras, signing, planned, exported };
    if (signing?.key === void 0) return signReport(run, known);
    const kinds = await signatureKinds(planned, { ...signing, key: signing.key, authority }, builder, run);
    const elsewhere = await destination.signedBefore(image);
    const attached = await signAndAttach(planned, kinds, { ...opened, elsewhere }, run);
    onAttached(signReport(run, known, attached));
    const preflight = await stage?.run();
    if (preflight !== void 0) {
      onAttached(signReport(run, { ...known, preflight }, attached));
      requirePassed(preflight, options.pushTo);
    }
    const signedInCache = await exportSignatures(
      exported ?? [],
      attached.artifacts,
      opened.store,
      options,
      context
    );
    const facts = { ...known, preflight, signedInCache };
    onAttached(signReport(run, facts, attached));
    const pushed = await watch.time(
      "push",
      () => destination.publish(
        { opened, image, planned, kinds, attached, folder, log },
        (tags) => onAttached(signReport(run, facts, attached, tags))
      )
    );
    return signReport(run, facts, attached, pushed);
  });
}
async function openPreflight(image, opened, signing, run) {
  const { preflight } = run.options;
  if (preflight === void 0) return void 0;
  const { openPreflightStage } = await import("./commands.sign.preflight.stage.js");
  return openPreflightStage(preflight, image, opened, signing, run);
}

export {
  signImage
};
