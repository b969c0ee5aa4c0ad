import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  ARTIFACT_FORMS,
  COORDINATE_BYTES,
  DIGEST_OIDS,
  ECDSA_OIDS,
  EXTENSION,
  ErofsLayerBuilder,
  MAX_CERTIFICATES,
  MAX_PKCS7_BYTES,
  OID,
  Stopwatch,
  brokenLink,
  builderReport,
  certificateName,
  checkStructure,
  classOfArtifact,
  convertShared,
  eachReferrer,
  encode,
  encodeInteger,
  encodeOid,
  failedOnLayer,
  fetchTogether,
  formOf,
  hasTars,
  holdsOver,
  kernelChain,
  kindOfSpec,
  layersAtOnce,
  manifestReport,
  mayHaveIssued,
  namesIssuer,
  openBuilder,
  ownIssue,
  parsePkcs7,
  parseReferrer,
  pathViolation,
  plainErofsText,
  planArtifacts,
  platformReport,
  prepareWorkers,
  readCertificate,
  readReferrer,
  referrerReport,
  requiresLayers,
  resolveImage,
  resolvedLayers,
  sameChain,
  signatureBlobs,
  signatureIn,
  signedContent,
  signerReport,
  skippedButRun,
  skippedLayersReport,
  skippedReport,
  specOfKey,
  uncoveredEntry,
  uncoveredNames,
  uncoveredReport,
  uniqueLayers,
  validityViolation,
  verifySignature,
  warnOfUncovered,
  withTempFolder
} from "./shared.images.js";
import {
  CHAIN_REMEDY,
  CREATED,
  EMPTY_CONFIG_MEDIA_TYPE,
  FormatError,
  MANIFEST_MEDIA_TYPE,
  NOTARY_PREFIX,
  OWN_PREFIX,
  PassphraseSource,
  ReferrersRefusedError,
  SIGNATURE_MARK,
  SecretSource,
  TAG,
  TARDEV_BLOB_NAME,
  TARDEV_SIGNATURE,
  TITLE,
  cacheRecipe,
  createFolder,
  descriptorOf,
  distinctContent,
  fieldsOf,
  formatPlatform,
  imagesNotCovered,
  inBatches,
  inPlace,
  int,
  isForLinux,
  isNotFound,
  lockFile,
  object,
  openImage,
  parseImage,
  parseKeyReference,
  parsePassphraseReference,
  partialPath,
  partialsOf,
  plainDescriptor,
  plainPem,
  readCertificateBundle,
  readDer,
  readPemInput,
  readRegular,
  recipeKey,
  recipesFor,
  removeAbandonedLock,
  removeLeftovers,
  sameBytes,
  sameContent,
  sha256Digest,
  splitPem,
  string,
  uuidOf,
  whyNotFolder,
  writeError
} from "./shared.options.js";
import {
  BlockDigester,
  DIGEST_SIZE,
  PROFILES,
  SUPERBLOCK_SIZE,
  alongside,
  fileLayout,
  hasParameters,
  mapConcurrently
} from "./shared.conversion.js";
import {
  DEFAULT_CLASS,
  FIRST_CONTAINERD,
  isContainerdProfile
} from "./shared.inputs.js";
import {
  REPORT_HEAD,
  TOOL,
  VeritySignError,
  inContext
} from "./shared.start.js";

// src/commands/preflight/require-passed.ts
function requirePassed({ passed, verdict, summary }, pushTo = []) {
  if (passed) return;
  const kept = pushTo.length === 0 ? "" : `; nothing was pushed to ${pushTo.join(", ")}`;
  const message = `preflight: ${summary}${kept}`;
  throw new VeritySignError(verdict === "unchecked" ? "unchecked" : "not-enforced", message, {
    remedy: verdict === "unchecked" ? "Read the log of the VM above, and run again" : "Correct what the report lists under preflight, and sign the image again if it changes"
  });
}

// builtin-load:load of signing
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs/promises of signing
var found;
var all = () => found ??= load("node:fs/promises");
var one = (name) => all()[name];
var open = /* @__PURE__ */ one("open");
var rename = /* @__PURE__ */ one("rename");
var rm = /* @__PURE__ */ one("rm");
var readdir = /* @__PURE__ */ one("readdir");
var chmod = /* @__PURE__ */ one("chmod");
var mkdtemp = /* @__PURE__ */ one("mkdtemp");

// builtin:node:path of signing
var found2;
var all2 = () => found2 ??= load("node:path");
var one2 = (name) => all2()[name];
var join = /* @__PURE__ */ one2("join");
var dirname = /* @__PURE__ */ one2("dirname");

// builtin:node:fs of signing
var found3;
var all3 = () => found3 ??= load("node:fs");
var one3 = (name) => all3()[name];
var constants = /* @__PURE__ */ one3("constants");

// src/convert/verity-file/check.ts
var EROFS_UUID = { at: 1024 + 48, size: 16 };
async function whyIncomplete(path, expected) {
  const { hashOffset, blockSize, uuid, rootHash } = expected;
  const layout = fileLayout(hashOffset, blockSize);
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return `cannot be read (${error.code ?? String(error)})`;
  }
  try {
    const found7 = await file.stat();
    if (!found7.isFile()) return "is no file";
    if (found7.size !== layout.size) return `has ${found7.size} bytes instead of ${layout.size}`;
    const superblock = await read(file, hashOffset, SUPERBLOCK_SIZE);
    if (!hasParameters(superblock, { blockSize, dataBlocks: layout.dataBlocks })) {
      return "has another dm-verity superblock";
    }
    const own = await read(file, EROFS_UUID.at, EROFS_UUID.size);
    if (uuid !== void 0 && own.toString("hex") !== uuid.replaceAll("-", "")) {
      return "has the image of another layer";
    }
    const digester = new BlockDigester(blockSize, 1);
    const top = layout.levels.at(-1)?.offset ?? 0;
    (await read(file, top, blockSize)).copy(digester.data);
    const digest = Buffer.alloc(DIGEST_SIZE);
    digester.digest(blockSize, digest, 0);
    return digest.toString("hex") === rootHash ? void 0 : "has another root hash";
  } finally {
    await file.close();
  }
}
async function read(file, position, length) {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead === length) return buffer;
  throw new VeritySignError("environment", "a file of the layer cache became shorter while it was read", {
    remedy: "Run again when no other program changes the folder"
  });
}

// src/commands/shared/cache/open-folder.ts
var MODE = 493;
function createOpenFolder(path) {
  createFolder(path, MODE);
}
async function openFolder(path) {
  const why = whyNotUsable(path);
  if (why !== void 0) {
    throw new VeritySignError("environment", `${path} cannot be written to (${why})`, {
      remedy: "Name a folder in which this user may create files"
    });
  }
  await removeLeftovers(path, partialsOf());
}
function whyNotUsable(path) {
  try {
    createOpenFolder(path);
  } catch (error) {
    return error.code ?? String(error);
  }
  return whyNotFolder(path);
}

// src/commands/shared/cache/publish-file.ts
var MODE2 = 420;
async function publishFile(path, bytes) {
  const partial = partialPath(path);
  try {
    const file = await open(partial, "wx", MODE2);
    try {
      await file.chmod(MODE2);
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw writeError(error, path);
  }
}
async function syncFolder(path) {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

// src/commands/shared/cache/sidecar.ts
var MOST_SIDECAR_BYTES = 64 * 1024;
var sidecar = object({
  roothash: string().regex(/^[0-9a-f]{64}$/),
  hashoffset: int().positive()
});
function sidecarText({ rootHash, dataSize }) {
  return JSON.stringify({ roothash: rootHash, hashoffset: dataSize }, void 0, 2);
}
function readSidecar(text) {
  try {
    const { roothash, hashoffset } = sidecar.parse(JSON.parse(text));
    return { rootHash: roothash, hashOffset: hashoffset };
  } catch {
    return void 0;
  }
}

// src/commands/shared/cache/layer-cache.ts
var BLOCK_SIZE = 4096;
var LOCK = ".verity-sign.lock";
var LayerCache = class _LayerCache {
  path;
  #signal;
  #partials = /* @__PURE__ */ new Set();
  constructor(path, signal) {
    this.path = path;
    this.#signal = signal;
  }
  /**
   * Opens a folder, which is created if it does not exist, and removes what killed runs left in it.
   * @throws VeritySignError 'environment'
   */
  static async open(path, signal) {
    await openFolder(path);
    await removeAbandonedLock(join(path, LOCK));
    for (const shard of await shardsOf(path)) await removeLeftovers(shard, partialsOf());
    return new _LayerCache(path, signal);
  }
  /** Path of a layer's image, `….erofs`. */
  blobOf({ diffId }) {
    const [algorithm = "", hex = ""] = diffId.split(":");
    return join(this.path, algorithm, hex.slice(0, 2), `${hex}.erofs`);
  }
  /** What the cache has of a layer; undefined if nothing. See `whyIncomplete` for what is checked. */
  async find(layer) {
    const blob = this.blobOf(layer);
    const text = await readRegular(sidecarOf(blob), MOST_SIDECAR_BYTES).catch(() => void 0);
    if (text === void 0) {
      const names = await readdir(dirname(blob)).catch(() => []);
      return names.includes(blob.slice(dirname(blob).length + 1)) ? { fault: "it has no sidecar" } : void 0;
    }
    const sidecar2 = readSidecar(text.toString("utf8"));
    if (sidecar2 === void 0) return { fault: "its sidecar is not one of containerd" };
    const { rootHash, hashOffset } = sidecar2;
    if (hashOffset % BLOCK_SIZE !== 0) {
      const reason = `which is not a multiple of ${BLOCK_SIZE}`;
      return { fault: `its sidecar has the hash offset ${hashOffset}, ${reason}` };
    }
    const uuid = layer.format === "erofs" ? void 0 : uuidOf(layer, "diffId");
    const expected = { hashOffset, rootHash, blockSize: BLOCK_SIZE, ...uuid && { uuid } };
    const fault = await whyIncomplete(blob, expected);
    return fault === void 0 ? { rootHash } : { fault: `it ${fault}` };
  }
  /** Path of a new file for a layer's image, beside its place. */
  async begin(layer) {
    const blob = this.blobOf(layer);
    try {
      createOpenFolder(dirname(blob));
    } catch (error) {
      throw writeError(error, dirname(blob));
    }
    const partial = partialPath(blob);
    this.#partials.add(partial);
    return partial;
  }
  /**
   * Puts a layer's file in its place: the sidecar first, since the snapshotter goes by the blob, and each by a rename
   * when it is on disk. A complete entry with the same root hash stays as it is.
   * @param partial from `begin`
   */
  async publish(layer, partial, verity) {
    const blob = this.blobOf(layer);
    let lock;
    try {
      await toDisk(partial);
      lock = await lockFile(join(this.path, LOCK), this.#signal);
      const found7 = await this.find(layer);
      if (found7 !== void 0 && "rootHash" in found7 && found7.rootHash === verity.rootHash) {
        await this.#discard(partial);
        return "already there";
      }
      await publishFile(sidecarOf(blob), Buffer.from(sidecarText(verity)));
      await rename(partial, blob);
      this.#partials.delete(partial);
      await syncFolder(dirname(blob));
      return found7 === void 0 ? "written" : "replaced";
    } catch (error) {
      throw writeError(error, blob);
    } finally {
      await lock?.release();
    }
  }
  /** Removes what was begun and not published. */
  async close() {
    for (const partial of [...this.#partials]) await this.#discard(partial);
  }
  async #discard(partial) {
    await rm(partial, { force: true });
    this.#partials.delete(partial);
  }
};
function sidecarOf(blob) {
  return `${blob}.dmverity`;
}
async function toDisk(path) {
  await chmod(path, 420);
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
async function shardsOf(path) {
  const shards = [];
  for (const algorithm of ["sha256", "sha512"]) {
    const names = await readdir(join(path, algorithm)).catch(() => []);
    shards.push(
      ...names.filter((name) => /^[0-9a-f]{2}$/.test(name)).map((name) => join(path, algorithm, name))
    );
  }
  return shards;
}

// src/commands/shared/cache/report.ts
function cachedLayersReport(layers, signed) {
  return layers.map(({ layer, rootHash, outcome }) => ({
    diffId: layer.diffId,
    digest: layer.descriptor.digest,
    rootHash,
    signed: signed.has(rootHash),
    outcome
  }));
}

// src/commands/shared/cache/signature-folder.ts
var SIGNATURES = "signatures";
function signaturePath(folder, rootHash) {
  return join(folder, `${rootHash}.p7s`);
}
async function writeSignatures(folder, signatures) {
  await openFolder(folder);
  let written = 0;
  for (const [rootHash, pkcs7] of signatures) {
    const path = signaturePath(folder, rootHash);
    const found7 = await readRegular(path, pkcs7.length).catch(() => void 0);
    if (found7?.equals(pkcs7) === true) continue;
    await publishFile(path, pkcs7);
    written += 1;
  }
  if (written > 0) await syncFolder(folder);
  return written;
}

// src/commands/shared/cache/warn-unsigned.ts
function warnOfUnsigned(layers, signed, image, log, remedy = "Sign the image with profile: containerd,containerd-cache") {
  const unsigned = layers.filter(({ rootHash }) => !signed.has(rootHash)).length;
  if (unsigned === 0) return;
  log.warn(`${image}: ${unsigned} of ${layers.length} root hashes of the cache are not signed. ${remedy}`);
}

// src/commands/shared/pem/read-certificates.ts
async function readCertificates(given, option, { secrets, signal }) {
  const { content, name } = await readPemInput(given, option, secrets, "key", signal);
  return readCertificateBundle(content, name, `${CHAIN_REMEDY}; convert DER with openssl x509 -inform DER`);
}

// src/oci/attach/artifact.ts
function buildArtifact(input) {
  const { format = "notary", own, created, extra } = input;
  const { artifactType, mediaType, layerDigest, rootHash } = ARTIFACT_FORMS[format];
  const marks = format === "notary" ? { [SIGNATURE_MARK]: "true", ...prefixed(own) } : {};
  return {
    artifactType,
    subject: plainDescriptor(input.subject),
    annotations: { ...marks, ...commonAnnotations(created, extra) },
    files: input.entries.map((entry, index) => {
      const common = { [layerDigest]: entry.layerDigest, [rootHash]: entry.rootHash };
      const more = format === "notary" ? { [TITLE]: `layer-${index}.pkcs7.sig` } : tardevAnnotations(entry);
      return { mediaType, bytes: entry.pkcs7, annotations: { ...common, ...more } };
    })
  };
}
function tardevAnnotations({ layerDigest, pkcs7 }) {
  return {
    [TARDEV_SIGNATURE]: Buffer.from(pkcs7).toString("base64"),
    [TARDEV_BLOB_NAME]: `signature_for_layer_${layerDigest.replace(/^sha256:/, "")}.json`
  };
}
function commonAnnotations(created, extra = {}) {
  return { [CREATED]: created.toISOString().replace(/\.\d+Z$/, "Z"), ...checkExtra(extra) };
}
function prefixed(own) {
  const present = Object.entries(own).filter(([, value]) => typeof value === "string" && value !== "");
  return Object.fromEntries(present.map(([name, value]) => [`${OWN_PREFIX}${name}`, String(value)]));
}
function checkExtra(extra) {
  for (const key of Object.keys(extra)) {
    const reserved = key.startsWith(NOTARY_PREFIX) || key.startsWith(OWN_PREFIX) || key === CREATED;
    if (reserved || key === "") {
      throw new VeritySignError("usage", `the annotation ${JSON.stringify(key)} is reserved`, {
        remedy: "Choose a key under a prefix of your own, such as com.example.name"
      });
    }
  }
  return extra;
}
var EMPTY_JSON = Buffer.from("{}");
function encodeArtifact(artifact) {
  const config = descriptorOf(artifact.configType ?? EMPTY_CONFIG_MEDIA_TYPE, EMPTY_JSON);
  const layers = artifact.files.map(({ mediaType, bytes: bytes2 }) => descriptorOf(mediaType, bytes2));
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_MEDIA_TYPE,
    artifactType: artifact.artifactType,
    config,
    layers: layers.map((layer, index) => {
      const annotations = artifact.files[index]?.annotations ?? {};
      return Object.keys(annotations).length === 0 ? layer : { ...layer, annotations };
    }),
    subject: plainDescriptor(artifact.subject),
    annotations: artifact.annotations
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const blobs = /* @__PURE__ */ new Map();
  blobs.set(config.digest, { descriptor: config, bytes: EMPTY_JSON });
  for (const [index, { bytes: bytes2 }] of artifact.files.entries()) {
    const descriptor = layers[index];
    if (descriptor !== void 0) blobs.set(descriptor.digest, { descriptor, bytes: bytes2 });
  }
  return {
    manifest,
    bytes,
    descriptor: descriptorOf(MANIFEST_MEDIA_TYPE, bytes),
    blobs: [...blobs.values()]
  };
}

// src/commands/sign/annotations.ts
function checkAnnotations({ annotations }) {
  const subject = { mediaType: "", digest: "", size: 0 };
  buildArtifact({ subject, entries: [], own: {}, created: /* @__PURE__ */ new Date(0), extra: annotations });
}
function runAnnotations(ci) {
  return { source: ci?.source, revision: ci?.revision, workflow: ci?.workflow, "run-url": ci?.runUrl };
}
function reportOtherAnnotations({ digest }, present, requested, log) {
  const other = Object.entries(requested).filter(([name, value]) => present[name] !== value);
  if (other.length === 0) return;
  const names = other.map(([name]) => name).join(", ");
  log.info(`reusing the signatures in ${digest}; its annotations are not changed (requested: ${names})`);
}

// src/commands/sign/export-layers.ts
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
  async withFile(job, known2, tested) {
    const { layer } = job;
    if (this.#outcomes.has(layer.diffId)) return job;
    this.#outcomes.set(layer.diffId, "already there");
    const found7 = known2 && await this.#cache.find(layer);
    if (found7 !== void 0 && "rootHash" in found7 && found7.rootHash === this.#rootHash(known2)) return job;
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
      const known2 = conversions?.findAll(layer, recipes);
      const exported = await exporting?.withFile(job, known2, tested);
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
    const [builder, { converted, confirm }] = await alongside(
      { result: opened.info, stop: opened.stop, explains: failedOnLayer },
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

// src/oci/attach/copy-referrer.ts
async function copyReferrer(from, to, descriptor, folder, signal) {
  const bytes = await from.fetchManifest(descriptor);
  const manifest = parseReferrer(bytes, descriptor.mediaType);
  const content = distinctContent([manifest.config, ...signatureBlobs(manifest)]);
  const blobs = await inBatches(content, async (blob) => ({
    descriptor: blob,
    bytes: await from.fetchBlob(blob)
  }));
  const { mediaType, digest, size } = descriptor;
  const copy = { manifest, bytes, descriptor: { mediaType, digest, size }, blobs };
  const own = await mkdtemp(join(folder, "copy-"));
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
    const found7 = [];
    for (const one7 of planned) {
      const [here] = await steps.find([one7], this.#places.store, this.#log);
      found7.push(here ?? await this.#findElsewhere(steps, one7));
    }
    return found7;
  }
  async #findElsewhere(steps, one7) {
    const { store, elsewhere, folder, signal } = this.#places;
    for (const place of elsewhere) {
      const [found7] = await steps.find([one7], place, this.#log).catch(noneIfNotFound);
      if (found7 === void 0) continue;
      await copyReferrer(place, store, found7.descriptor, folder, signal);
      this.copied += 1;
      this.#log.info(`${steps.label(one7)}: ${found7.descriptor.digest} is in ${place.name} already`);
      return found7;
    }
    return void 0;
  }
};
function noneIfNotFound(error) {
  if (isNotFound(error)) return [];
  throw error;
}

// src/oci/attach/read/find-reusable.ts
async function findReusable(store, subject, artifactType, { wanted = () => true, read: read2, onBroken, signal }) {
  const screen = {
    wanted: (manifest) => isOf(manifest, subject, artifactType) && wanted(manifest)
  };
  for await (const [, referrer] of known(eachReferrer(store, subject, artifactType, screen, signal))) {
    const { descriptor } = referrer;
    try {
      if ("error" in referrer) throw referrer.error;
      const { manifest, blobs } = referrer;
      const complete = blobs.filter((blob) => blob !== void 0);
      if (!isOf(manifest, subject, artifactType) || complete.length < manifest.layers.length) continue;
      const content = await read2(manifest, complete);
      if (content !== void 0) return { descriptor, manifest, content };
    } catch (error) {
      if (error instanceof VeritySignError && error.code === "cancelled") throw error;
      onBroken?.(descriptor, error);
    }
  }
  return void 0;
}
async function* known(referrers) {
  try {
    yield* referrers;
  } catch (error) {
    if (!(error instanceof ReferrersRefusedError)) throw error;
  }
}
function isOf(manifest, subject, artifactType) {
  return sameContent(manifest.subject, subject) && manifest.artifactType === artifactType;
}

// src/commands/sign/existing/find-reusable.ts
var MOST_NAMED = 10;
async function findReusableReferrers(store, requests, log, signal) {
  const found7 = [];
  for (const request of requests) found7.push(await findOne(store, request, log, signal));
  return found7;
}
async function findOne(store, { subject, artifactType, annotations, wanted, read: read2 }, log, signal) {
  let broken = 0;
  const found7 = await findReusable(store, subject, artifactType, {
    wanted,
    read: read2,
    signal,
    onBroken: ({ digest }, error) => {
      broken += 1;
      if (broken > MOST_NAMED) return;
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(`skipping referrer ${digest} of ${subject.digest}: ${reason}`);
    }
  });
  if (broken > MOST_NAMED) {
    log.warn(`skipping ${broken - MOST_NAMED} more broken referrers of ${subject.digest}`);
  }
  if (found7 === void 0) return void 0;
  const { descriptor, manifest, content } = found7;
  reportOtherAnnotations(descriptor, manifest.annotations, annotations, log);
  return { descriptor, content };
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
  const found7 = manifests.flatMap(({ layers }) => layers).find(({ format }) => format === "erofs");
  if (found7 === void 0) return;
  throw new VeritySignError(
    "image",
    `layer ${found7.index} (${found7.descriptor.digest}) is an EROFS image, which tardev-snapshotter does not take`,
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
      if (layersLeftOut === void 0 || platform !== void 0 && !isForLinux(platform)) continue;
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

// src/signatures/pkcs7/signing-chain.ts
var MAX_REMAINDER = 640;
function chainFromDer(ders) {
  const certificates = ders.map(
    (der, index) => readOrRefuse(der, `certificate ${index + 1} of ${ders.length}`)
  );
  const [leaf, ...issuers] = certificates;
  if (leaf === void 0) {
    throw new VeritySignError("key", "the certificate chain is empty", { remedy: CHAIN_REMEDY });
  }
  checkOrder(certificates);
  const violation = pathViolation(certificates);
  if (violation !== void 0) refuse(violation.certificate, violation.reason, violation.remedy);
  const last = issuers.at(-1);
  const root = last?.selfSigned === true ? last : void 0;
  const intermediates = root === void 0 ? issuers : issuers.slice(0, -1);
  checkSize([leaf, ...intermediates]);
  checkLinks(leaf, [leaf, ...intermediates]);
  return { leaf, intermediates, root, warnings: kernelWarnings([leaf, ...intermediates], root) };
}
function checkValidity(chain, now) {
  const root = chain.root === void 0 ? [] : [chain.root];
  for (const certificate of [chain.leaf, ...chain.intermediates, ...root]) {
    refuse(
      certificate,
      validityViolation(certificate, now),
      "Renew the certificate, and check the clock of this machine"
    );
  }
}
function embeddedCertificates(chain) {
  return [chain.leaf, ...chain.intermediates];
}
function trustedEnd({ leaf, intermediates, root }) {
  const chain = root === void 0 ? [leaf, ...intermediates] : [leaf, ...intermediates, root];
  return kernelChain(leaf, chain).at(-1) ?? leaf;
}
function checkSize(embedded) {
  const remedy = "Have the signing certificate issued by a CA nearer to the root, or with shorter certificates";
  if (embedded.length > MAX_CERTIFICATES) {
    const limit2 = `a signature carries at most ${MAX_CERTIFICATES}`;
    throw new VeritySignError(
      "key",
      `the certificate chain has ${embedded.length} certificates below its root; ${limit2}`,
      { remedy }
    );
  }
  const [leaf] = embedded;
  const certificates = embedded.reduce((total, { der }) => total + der.length, 0);
  const bytes = certificates + leaf.raw.issuer.length + leaf.raw.serial.length + MAX_REMAINDER;
  if (bytes <= MAX_PKCS7_BYTES) return;
  const limit = `the kernel accepts signatures of at most ${MAX_PKCS7_BYTES} bytes`;
  throw new VeritySignError(
    "key",
    `the certificate chain has ${certificates} bytes below its root, and ${limit} with it`,
    { remedy }
  );
}
function checkLinks(leaf, embedded) {
  const remedy = "Have the certificates issued with an authorityKeyIdentifier that names their issuer, or none";
  try {
    const chain = kernelChain(leaf, embedded);
    const at = chain.findIndex((certificate2, index) => certificate2 !== embedded[index]);
    const [certificate, next] = [chain[at - 1], chain[at]];
    if (certificate === void 0 || next === void 0) return;
    refuse(certificate, `names the ${certificateName(next)} as its issuer, which does not follow it`, remedy);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("key", `the certificate chain ${error.message}`, { remedy, cause: error });
  }
}
function readOrRefuse(der, name) {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError("key", `${name} cannot be read: it ${cause.message}`, {
      remedy: "Export the certificate again, as X.509 in PEM",
      cause
    });
  }
}
function refuse(certificate, violation, remedy) {
  if (violation === void 0) return;
  throw new VeritySignError("key", `the ${certificateName(certificate)} ${violation}`, { remedy });
}
function checkOrder(certificates) {
  const at = brokenLink(certificates, mayHaveIssued);
  const certificate = certificates[at ?? -1];
  const next = certificates[(at ?? -1) + 1];
  if (at === void 0 || certificate === void 0 || next === void 0) return;
  const name = certificateName(certificate);
  const misplaced = certificates.some((other) => mayHaveIssued(other, certificate)) || certificates.slice(at + 1).some((other) => mayHaveIssued(certificate, other));
  if (misplaced) {
    throw new VeritySignError(
      "key",
      `the certificate chain is out of order: the ${name} is not followed by its issuer`,
      { remedy: CHAIN_REMEDY }
    );
  }
  if (sameBytes(certificate.raw.issuer, next.raw.subject)) {
    throw new VeritySignError(
      "key",
      `the ${name} was not signed by the key of the ${certificateName(next)} after it`,
      {
        remedy: "Use the certificate of the CA that issued it: a CA may have several keys under one name"
      }
    );
  }
  throw new VeritySignError(
    "key",
    `the certificate chain is incomplete: the issuer "${certificate.issuer}" of the ${name} is missing`,
    { remedy: CHAIN_REMEDY }
  );
}
function kernelWarnings(embedded, root) {
  const issuers = [...embedded.slice(1), root];
  return embedded.flatMap((certificate, index) => {
    const reason = lostIssuer(certificate, issuers[index]);
    const what = `the kernel cannot find its issuer and accepts the signature only where this very certificate is in its keyring`;
    return reason === void 0 ? [] : [`the ${certificateName(certificate)} ${reason}: ${what}`];
  });
}
function lostIssuer(certificate, issuer) {
  const { authorityKeyId, authorityCertificate, all: all7 } = certificate.extensions;
  if (ownIssue(certificate) === "self-signed") return void 0;
  if (!all7.has(EXTENSION.authorityKeyId)) return "has no authorityKeyIdentifier";
  if (authorityKeyId === void 0 && authorityCertificate === void 0) {
    return "has an authorityKeyIdentifier without a key and without a name and serial number";
  }
  if (issuer === void 0 || namesIssuer(certificate, issuer)) return void 0;
  return `has an authorityKeyIdentifier that does not name the ${certificateName(issuer)} by its identifiers`;
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
    return own.length === embedded.length && own.every((one7, at) => one7 === embedded[at]);
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

// src/signatures/x509/ecdsa.ts
function p1363ToDer(signature, coordinateBytes) {
  if (signature.length !== 2 * coordinateBytes) {
    throw new FormatError(`has ${signature.length} bytes instead of ${2 * coordinateBytes}`);
  }
  const halves = [signature.subarray(0, coordinateBytes), signature.subarray(coordinateBytes)];
  if (halves.some((half) => half.every((byte) => byte === 0))) throw new FormatError("has a zero as r or s");
  return encode(TAG.sequence, ...halves.map(encodeInteger));
}
function derToP1363(signature, coordinateBytes) {
  const numbers = readNumbers(signature, coordinateBytes);
  return Buffer.concat(
    numbers.map((number) => Buffer.concat([Buffer.alloc(coordinateBytes - number.length), number]))
  );
}
function checkEcdsaDer(signature, coordinateBytes) {
  readNumbers(signature, coordinateBytes);
}
function readNumbers(signature, coordinateBytes) {
  const fields = fieldsOf(readDer(signature), "the ECDSA signature");
  const numbers = ["r", "s"].map((name) => {
    const { content } = fields.take(TAG.integer, name);
    const magnitude = content[0] === 0 ? content.subarray(1) : content;
    const negative = (content[0] ?? 0) >= 128;
    if (negative || magnitude.length === 0 || magnitude.length > coordinateBytes) {
      throw new FormatError(`has an ${name} that is out of range`);
    }
    return magnitude;
  });
  fields.end();
  return numbers;
}

// src/signatures/pkcs7/build.ts
var NULL = encode(TAG.null);
var VERSION = encodeInteger(Uint8Array.of(1));
function buildPkcs7({ signature, chain, rootHash }) {
  return build(signature, chain, signedContent(rootHash), []);
}
function buildPkcs7WithContent({ signature, chain, content }) {
  const embedded = encode(TAG.context0, encode(TAG.octetString, content));
  return build(signature, chain, content, [embedded]);
}
function build(signature, chain, content, embedded) {
  const { leaf } = chain;
  const value = kernelSignature(signature, chain);
  if (!holdsOver(leaf.key, signature.digest, value, content)) {
    throw new VeritySignError(
      "key",
      `the signer returned a signature that the ${certificateName(leaf)} does not verify`,
      { remedy: "Give the certificate that belongs to the key" }
    );
  }
  const digest = encode(TAG.sequence, encodeOid(DIGEST_OIDS[signature.digest]), NULL);
  const signerInfo = encode(
    TAG.sequence,
    VERSION,
    encode(TAG.sequence, leaf.raw.issuer, leaf.raw.serial),
    digest,
    signatureAlgorithm(signature.scheme, signature.digest),
    encode(TAG.octetString, value)
  );
  const signedData = encode(
    TAG.sequence,
    VERSION,
    encode(TAG.set, digest),
    encode(TAG.sequence, encodeOid(OID.data), ...embedded),
    encode(TAG.context0, ...embeddedCertificates(chain).map((certificate) => certificate.der)),
    encode(TAG.set, signerInfo)
  );
  return encode(TAG.sequence, encodeOid(OID.signedData), encode(TAG.context0, signedData));
}
function kernelSignature(signature, { leaf }) {
  const { scheme, value } = signature;
  const kind = leaf.keyKind ?? "unknown key";
  if (scheme === "rsa-pss") {
    throw new VeritySignError(
      "key",
      "the signer returned an RSASSA-PSS signature, which the kernel cannot verify",
      {
        remedy: "Use an EC key, or a signer that can make RSA PKCS#1 v1.5 signatures"
      }
    );
  }
  const coordinateBytes = leaf.keyKind === void 0 ? void 0 : COORDINATE_BYTES[leaf.keyKind];
  if (scheme === "rsa-pkcs1-v1_5" !== (coordinateBytes === void 0)) {
    throw new VeritySignError("key", `the signer returned a signature of scheme ${scheme} for ${kind}`, {
      remedy: "Give the certificate that belongs to the key"
    });
  }
  if (coordinateBytes === void 0) return value;
  try {
    if (scheme === "ecdsa-p1363") return p1363ToDer(value, coordinateBytes);
    checkEcdsaDer(value, coordinateBytes);
    return value;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const what = `an ECDSA signature for ${kind} that ${error.message}`;
    throw new VeritySignError("key", `the signer returned ${what}`, {
      remedy: "Give the certificate that belongs to the key, and check the signer",
      cause: error
    });
  }
}
function signatureAlgorithm(scheme, digest) {
  return scheme === "rsa-pkcs1-v1_5" ? encode(TAG.sequence, encodeOid(OID.rsaEncryption), NULL) : encode(TAG.sequence, encodeOid(ECDSA_OIDS[digest]));
}

// src/commands/sign/layers/sign.ts
async function signRootHashes(rootHashes, chain, { key, concurrency, signal }) {
  const distinct = [...new Set(rootHashes)];
  if (distinct.length === 0) return /* @__PURE__ */ new Map();
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
    const found7 = await findReusableReferrers(store, requests, log, this.#run.context.signal);
    return found7.map(
      (one7) => one7 && { descriptor: one7.descriptor, reused: true, signatureDigests: one7.content }
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

// src/commands/sign/manifests/plan.ts
function planManifests(image, { manifestSignature: format }) {
  if (format === "none") return [];
  const { root, manifests } = image;
  const parts = manifests.map(({ descriptor, platform }) => ({ subject: descriptor, platform, format }));
  const listed = parts.some(({ subject }) => subject.digest === root.digest);
  if (listed || whyIndexUnsigned(image) !== void 0) return parts;
  return [...parts, { subject: root, platform: void 0, format }];
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

// src/commands/sign/plan-signatures.ts
function planSignatures(image, converted, options) {
  return {
    artifacts: planArtifacts(image, converted, recipesFor(options), options.artifactFormats),
    manifests: planManifests(image, options)
  };
}

// src/oci/attach/referrers.ts
var REMEDY = "Set referrers to tag to use the fallback tag, or to api if the registry has the referrers API; otherwise use another registry";
async function attachTogether(store, artifacts, folder, signal) {
  const encoded = artifacts.map(encodeArtifact);
  const own = await mkdtemp(join(folder, "attach-"));
  try {
    for (const one7 of encoded) {
      await store.push(one7, own);
      await checkContentOf(store, one7);
    }
    checkListed(store, encoded, await enlist(store, encoded, own, signal));
  } finally {
    await rm(own, { recursive: true, force: true });
  }
  return encoded.map(({ descriptor }) => descriptor);
}
async function checkContentOf(store, encoded) {
  const { descriptor, bytes, manifest, blobs } = encoded;
  if (!(await readBack(store, descriptor, false)).equals(bytes)) {
    throw different(store, `the signature manifest ${descriptor.digest} differs when it is read back`);
  }
  const together = await fetchTogether(store, descriptor, manifest, manifest.layers);
  await inBatches(blobs, async ({ descriptor: blob, bytes: pushed }) => {
    const read2 = together.get(blob.digest) ?? await readBack(store, blob, true);
    if (!read2.equals(pushed)) {
      throw different(store, `the signature ${blob.digest} differs when it is read back`);
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
    const found7 = listed.find(({ digest }) => digest === descriptor.digest);
    if (found7 === void 0) {
      const what = listed.length === 0 ? "no referrer" : "only other referrers";
      throw different(store, `${descriptor.digest} was pushed, but the list has ${what} of the image`);
    }
    if (!sameContent(found7, descriptor)) {
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
  const report = (one7, { descriptor, reused }) => {
    const how = reused ? "already there, nothing attached" : "attached and read back";
    log.info(`${steps.label(one7)}: ${descriptor.digest} ${how}`);
  };
  const firstLike = (one7) => planned.findIndex((other) => other === one7 || steps.isSame(other, one7));
  for (const [index, one7] of planned.entries()) {
    if (existing[index] !== void 0) report(one7, existing[index]);
    else if (firstLike(one7) === index) {
      const attached = (descriptor) => {
        const result = steps.done(one7, signed, descriptor);
        done[index] = result;
        report(one7, result);
      };
      pending.push({ artifact: steps.artifact(one7, signed), attached });
    }
  }
  const all7 = () => planned.map((one7, index) => {
    if (done[index] !== void 0) return done[index];
    const same = done[firstLike(one7)];
    if (same === void 0) throw new TypeError("a planned signature is not attached");
    const shared = { ...same, reused: true };
    report(one7, shared);
    return shared;
  });
  return { pending, all: all7 };
}
function bySubject(pending) {
  return [...Map.groupBy(pending, ({ artifact }) => artifact.subject.digest).values()];
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

// src/signatures/signers/prepare-signer.ts
async function prepareSigner(reference, request) {
  const parsed = parseKeyReference(reference);
  switch (parsed.kind) {
    case "file":
    case "env":
      return (await import("./signatures.signers.file.key-file.js")).prepareKeyFile(parsed, request);
    case "azure-key-vault":
      return (await import("./signatures.signers.kms.azure.azure-key-vault.js")).prepareAzureKeyVault(parsed, request);
    case "google-kms":
      return (await import("./signatures.signers.kms.google.google-kms.js")).prepareGoogleKms(parsed, request);
    case "notation-plugin":
      return (await import("./signatures.signers.plugin.notation-plugin.js")).prepareNotationPlugin(parsed, request);
    case "aws-kms":
      return (await import("./signatures.signers.kms.aws.aws-kms.js")).prepareAwsKms(parsed, request);
    case "vault":
      return (await import("./signatures.signers.kms.vault.vault.js")).prepareVault(parsed, request);
  }
}
function checkKeyReference(reference, passphrase) {
  parseKeyReference(reference);
  if (passphrase !== void 0) parsePassphraseReference(passphrase);
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
  const open2 = () => {
    opened ??= prepared.open();
    return opened;
  };
  return { holder: prepared.holder, spec: prepared.spec, open: open2 };
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
      remedy: CHAIN_REMEDY,
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
  const changes = options.pushTo === void 0 ? "changes" : "changes-if-possible";
  const opened = await openImage(reference, folder, options, context, options.dryRun ? "nothing" : changes);
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
    prepareWorkers(uniqueLayers(image), layersAtOnce(options.concurrency, recipes));
    const signing = await loadSigningContext(options, hasLayers(image), context);
    const stage = await openPreflight(image, opened, signing, run);
    const { builder, converted, exported } = await watch.time(
      "convert",
      () => convertImage(image, opened.source, run, stage?.disks)
    );
    const planned = planSignatures(image, converted, options);
    const known2 = { image, builder, oras: opened.oras ?? destination.oras, signing, planned, exported };
    if (signing?.key === void 0) return signReport(run, known2);
    const kinds = await signatureKinds(planned, { ...signing, key: signing.key, authority }, builder, run);
    const elsewhere = await destination.signedBefore(image);
    const attached = await signAndAttach(planned, kinds, { ...opened, elsewhere }, run);
    onAttached(signReport(run, known2, attached));
    const preflight = await stage?.run();
    if (preflight !== void 0) {
      onAttached(signReport(run, { ...known2, preflight }, attached));
      requirePassed(preflight, options.pushTo);
    }
    const signedInCache = await exportSignatures(
      exported ?? [],
      attached.artifacts,
      opened.store,
      options,
      context
    );
    const facts = { ...known2, preflight, signedInCache };
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

// builtin:node:buffer of signing
var found4;
var all4 = () => found4 ??= load("node:buffer");
var one4 = (name) => all4()[name];
var isUtf8 = /* @__PURE__ */ one4("isUtf8");

// builtin:node:crypto of signing
var found5;
var all5 = () => found5 ??= load("node:crypto");
var one5 = (name) => all5()[name];
var createPrivateKey = /* @__PURE__ */ one5("createPrivateKey");
var createPublicKey = /* @__PURE__ */ one5("createPublicKey");
var sign = /* @__PURE__ */ one5("sign");
var X509Certificate = /* @__PURE__ */ one5("X509Certificate");
var constants2 = /* @__PURE__ */ one5("constants");

// src/signatures/signers/file/pem.ts
var KEY_LABELS = /* @__PURE__ */ new Set([
  "PRIVATE KEY",
  "ENCRYPTED PRIVATE KEY",
  "RSA PRIVATE KEY",
  "EC PRIVATE KEY"
]);
var FORMS = "Give one private key as PEM (PKCS#8, encrypted or not, PKCS#1 or SEC1) or as PKCS#12";
function findPrivateKey(text) {
  const all7 = splitPem(text);
  const blocks = all7.filter(({ ended }) => ended);
  const keys = blocks.filter(({ label }) => KEY_LABELS.has(label)).map(({ lines }) => `${lines.join("\n")}
`);
  const [pem] = keys;
  if (pem === void 0) throw new VeritySignError("key", noKeyReason(all7), { remedy: FORMS });
  if (keys.length > 1) {
    throw new VeritySignError("key", `the key reference holds ${keys.length} private keys`, {
      remedy: FORMS
    });
  }
  const encrypted = pem.startsWith("-----BEGIN ENCRYPTED") || /^Proc-Type: *4, *ENCRYPTED$/m.test(pem);
  return { pem, encrypted };
}
function openPrivateKey({ pem, encrypted }, passphrase) {
  if (encrypted && passphrase === void 0) {
    throw new VeritySignError("key", "the private key is encrypted and no passphrase was given", {
      remedy: "Set `key-passphrase` to env://NAME or to the path of a file with the passphrase"
    });
  }
  try {
    return createPrivateKey({
      key: pem,
      format: "pem",
      ...encrypted && passphrase !== void 0 && { passphrase }
    });
  } catch (error) {
    const code = error.code ?? "";
    if (encrypted && code === "ERR_OSSL_EVP_UNSUPPORTED") {
      throw new VeritySignError(
        "key",
        "the private key is encrypted with an algorithm that is not supported",
        {
          remedy: "Encrypt it again with openssl pkcs8 -topk8 -v2 aes-256-cbc"
        }
      );
    }
    throw encrypted ? new VeritySignError(
      "key",
      "the private key cannot be decrypted: the passphrase is wrong or the key damaged",
      {
        remedy: "Check `key-passphrase`; its file or variable must hold only the passphrase"
      }
    ) : new VeritySignError(
      "key",
      "the private key cannot be read: its PEM is damaged or of an unknown kind",
      {
        remedy: FORMS
      }
    );
  }
}
function noKeyReason(all7) {
  const cut = all7.find(({ label: label2, ended }) => !ended && KEY_LABELS.has(label2));
  if (cut !== void 0) {
    return `what the key reference points to has a ${cut.label} block without an end: it was cut off`;
  }
  const labels = all7.filter(({ ended }) => ended).map(({ label: label2 }) => label2);
  const label = labels[0];
  if (label === void 0) return "what the key reference points to holds no PEM block";
  if (labels.every((one7) => one7 === "CERTIFICATE"))
    return "the key reference points to a certificate, not a private key";
  if (label.endsWith("PUBLIC KEY")) return "the key reference points to a public key, not a private key";
  return `the key reference points to PEM of a kind that cannot be used (${label})`;
}

// builtin:node:util of signing
var found6;
var all6 = () => found6 ??= load("node:util");
var one6 = (name) => all6()[name];
var promisify = /* @__PURE__ */ one6("promisify");

// src/signatures/signers/key-spec.ts
function keySpecOf(key) {
  const spec = specOfKey(key);
  if (spec !== void 0) return spec;
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  const size = modulusLength === void 0 ? namedCurve ?? "" : `${modulusLength} bits`;
  throw new VeritySignError(
    "key",
    `a key of type ${[type, size].filter(Boolean).join(" ")} cannot sign layers`,
    {
      remedy: "Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521"
    }
  );
}
function keySpecName(spec) {
  return kindOfSpec(spec);
}
function checkLeaf(spki, leaf) {
  const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  if (new X509Certificate(leaf).publicKey.equals(key)) return;
  throw new VeritySignError("key", "the key does not belong to the first certificate of the chain", {
    remedy: "Give the certificate that was issued for this key, before its issuers"
  });
}

// src/signatures/signers/file/private-key.ts
var signAsync = promisify(
  (digest, bytes, key, done) => sign(digest, bytes, key, done)
);
var PrivateKeySigner = class {
  certificateChain;
  spec;
  #key;
  /**
   * @param certificateChain DER certificates, leaf first; empty if the key has none yet.
   * @throws VeritySignError with code `key` if the key is of a kind that cannot sign layers, or is not
   *   the leaf's.
   */
  constructor(key, certificateChain) {
    const [leaf] = certificateChain;
    this.spec = keySpecOf(key);
    if (leaf !== void 0 && !new X509Certificate(leaf).checkPrivateKey(key)) {
      throw new VeritySignError(
        "key",
        "the private key does not belong to the first certificate of the chain",
        { remedy: "Give the certificate that was issued for this key, before its issuers" }
      );
    }
    this.#key = key;
    this.certificateChain = certificateChain;
  }
  async sign(bytes, purpose) {
    const { kind, digest } = this.spec;
    const key = this.#key;
    if (kind === "ec") {
      return {
        scheme: "ecdsa-der",
        digest,
        value: await signAsync(digest, bytes, { key, dsaEncoding: "der" })
      };
    }
    if (purpose !== "manifest") {
      const padding = constants2.RSA_PKCS1_PADDING;
      return { scheme: "rsa-pkcs1-v1_5", digest, value: await signAsync(digest, bytes, { key, padding }) };
    }
    const pss = {
      padding: constants2.RSA_PKCS1_PSS_PADDING,
      saltLength: constants2.RSA_PSS_SALTLEN_DIGEST
    };
    return { scheme: "rsa-pss", digest, value: await signAsync(digest, bytes, { key, ...pss }) };
  }
};

// src/signatures/signers/file/key-file.ts
var SEQUENCE = 48;
var INTEGER = 2;
var OID2 = 6;
var OCTET_STRING = 4;
async function prepareKeyFile(reference, request) {
  const { env, signal } = request;
  const key = new SecretSource(reference, "the key", env, signal);
  const passphrase = request.passphrase === void 0 ? void 0 : new PassphraseSource(request.passphrase, env, signal);
  const opened = await openKey(key, passphrase);
  const ownChain = () => request.withoutCertificate === true ? [] : opened.certificates?.() ?? [];
  const certificateChain = request.certificates ?? ownChain();
  if (certificateChain.length === 0 && request.withoutCertificate !== true) {
    throw new VeritySignError("usage", "`certificate` is missing", {
      remedy: "Name the PEM file of the signer: its certificate, then the issuers"
    });
  }
  return {
    holder: opened.holder,
    spec: new PrivateKeySigner(opened.key, certificateChain).spec,
    publicKey: createPublicKey(opened.key).export({ format: "der", type: "spki" }),
    certificateChain,
    open: async () => new PrivateKeySigner((await openKey(key, passphrase)).key, certificateChain)
  };
}
async function openKey(key, passphrase) {
  const content = await key.read();
  const der = derOf(content);
  if (der !== void 0 && isPkcs12(der)) {
    const { openPkcs12 } = await import("./signatures.signers.file.pkcs12.js");
    return { holder: "pkcs12", ...openPkcs12(der, textOf(await passphrase?.read())) };
  }
  const found7 = findPrivateKey(der === void 0 ? plainPem(content.toString("utf8")) : pemOfKey(der));
  return {
    holder: "pem",
    key: openPrivateKey(found7, found7.encrypted ? await passphrase?.read() : void 0)
  };
}
function textOf(passphrase) {
  return passphrase?.toString(isUtf8(passphrase) ? "utf8" : "latin1");
}
function derOf(content) {
  if (content[0] === SEQUENCE && !content.includes("-----BEGIN")) return content;
  const text = content.toString("latin1").replaceAll(/\s|\\n/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return void 0;
  const decoded = Buffer.from(text, "base64");
  return decoded[0] === SEQUENCE ? decoded : void 0;
}
function isPkcs12(der) {
  const header = headerLength(der);
  return der.subarray(header, header + 3).equals(Buffer.from([2, 1, 3]));
}
function pemOfKey(der) {
  const first = der.subarray(headerLength(der));
  const isEncrypted = first[0] === SEQUENCE && first[headerLength(first)] === OID2;
  const [tag, , version, second] = first;
  if (tag !== INTEGER && !isEncrypted) throw notAKey();
  let label = "PRIVATE KEY";
  if (isEncrypted) label = "ENCRYPTED PRIVATE KEY";
  else if (version === 1 && second === OCTET_STRING) label = "EC PRIVATE KEY";
  else if (second === INTEGER) label = "RSA PRIVATE KEY";
  return plainPem(`-----BEGIN ${label}-----${der.toString("base64")}-----END ${label}-----`);
}
function notAKey() {
  return new VeritySignError(
    "key",
    "what the key reference points to is DER, and neither a key nor a PKCS#12 file",
    { remedy: "Give one private key as PEM, DER or PKCS#12" }
  );
}
function headerLength(der) {
  const length = der[1] ?? 0;
  return length > 128 ? 2 + (length & 127) : 2;
}

export {
  MOST_SIDECAR_BYTES,
  readSidecar,
  LayerCache,
  cachedLayersReport,
  SIGNATURES,
  signaturePath,
  writeSignatures,
  warnOfUnsigned,
  readCertificates,
  commonAnnotations,
  prefixed,
  runAnnotations,
  findReusableReferrers,
  chainFromDer,
  checkValidity,
  trustedEnd,
  p1363ToDer,
  derToP1363,
  buildPkcs7WithContent,
  keySpecOf,
  keySpecName,
  checkLeaf,
  PrivateKeySigner,
  prepareKeyFile,
  prepareSigner,
  signImage
};
