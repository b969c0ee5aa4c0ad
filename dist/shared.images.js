import {
  BATCH,
  DOCKER_LAYER_MEDIA_TYPES,
  EMPTY_CONFIG_DIGEST,
  EMPTY_CONFIG_MEDIA_TYPE,
  EROFS_LAYER_MEDIA_TYPES,
  Fields,
  FormatError,
  LAYER_DIGEST,
  LAYER_MEDIA_TYPES,
  MAX_METADATA_SIZE,
  OWN_PREFIX,
  PKCS7_MEDIA_TYPE,
  ROOT_HASH,
  SIGNATURE_MARK,
  TAG,
  TARDEV_LAYER_DIGEST,
  TARDEV_ROOT_HASH,
  TARDEV_SIGNATURE,
  TARDEV_SIGNATURE_MEDIA_TYPE,
  ToolError,
  WorkCounter,
  checkMetadataSize,
  childrenOf,
  distinctContent,
  documentKind,
  featuresText,
  fieldsOf,
  foldName,
  formatBytes,
  formatPlatform,
  imagesNotCovered,
  inBatches,
  isForLinux,
  isImageConfig,
  isNotFound,
  isTrue,
  layerKey,
  namedBitsOf,
  nativelyKnown,
  object,
  oidOf,
  ownMark,
  parseConfig,
  parseDocument,
  parseMetadata,
  parsePlatform,
  parseSignatureManifest,
  plainDescriptor,
  platformNames,
  readDer,
  readName,
  readPart,
  readRdns,
  recipeKey,
  recipesFor,
  removeFolder,
  removeLeftovers,
  requireSameSize,
  sameBytes,
  smallIntegerOf,
  string,
  unwrap,
  uuidOf,
  wholeBytesOf
} from "./shared.options.js";
import {
  PROFILES,
  checkedBlob,
  consumerFor,
  fromFailure,
  mapConcurrently,
  onAbort,
  parseMkfsOptions,
  processInPlace
} from "./shared.conversion.js";
import {
  LAYER_WORKERS,
  SMALL_BLOB
} from "./shared.threads.js";
import {
  isProfileName,
  isRecordedClass
} from "./shared.inputs.js";
import {
  VeritySignError,
  inContext
} from "./shared.start.js";

// src/model/artifact-types.ts
var DM_VERITY_ARTIFACT_TYPE = "application/vnd.cncf.notary.signature.dm-verity";
var NOTARY_ARTIFACT_TYPE = "application/vnd.cncf.notary.signature";
var IPE_POLICY_ARTIFACT_TYPE = "application/vnd.verity-sign.ipe-policy.v1+p7b";
var TARDEV_ARTIFACT_TYPE = "application/vnd.oci.mt.pkcs7";

// src/oci/attach/artifact-format.ts
var ARTIFACT_FORMS = {
  notary: {
    format: "notary",
    artifactType: DM_VERITY_ARTIFACT_TYPE,
    mediaType: PKCS7_MEDIA_TYPE,
    layerDigest: LAYER_DIGEST,
    rootHash: ROOT_HASH
  },
  tardev: {
    format: "tardev",
    artifactType: TARDEV_ARTIFACT_TYPE,
    mediaType: TARDEV_SIGNATURE_MEDIA_TYPE,
    layerDigest: TARDEV_LAYER_DIGEST,
    rootHash: TARDEV_ROOT_HASH
  }
};
function formOf({ artifactType }) {
  return artifactType === TARDEV_ARTIFACT_TYPE ? ARTIFACT_FORMS.tardev : ARTIFACT_FORMS.notary;
}
var JSON_BLOB = object({ layer_digest: string(), root_hash: string(), signature: string() });
var SEQUENCE = 48;
function signatureIn(manifest, index, blob) {
  const annotations = manifest.layers[index]?.annotations ?? {};
  if (formOf(manifest).format === "notary") return blob;
  const text = annotations[TARDEV_SIGNATURE];
  if (text === void 0) throw wrong(`entry ${index} has no signature (${TARDEV_SIGNATURE})`);
  const der = Buffer.from(text, "base64");
  if (der.toString("base64") !== text) throw wrong(`the signature of entry ${index} is not padded base64`);
  if (blob[0] === SEQUENCE) {
    if (!der.equals(blob))
      throw wrong(`entry ${index} has another signature in its annotation than in its blob`);
    return der;
  }
  const { layer_digest, root_hash, signature } = parseMetadata(JSON_BLOB, blob, `the blob of entry ${index}`);
  const same = layer_digest === annotations[TARDEV_LAYER_DIGEST] && root_hash === annotations[TARDEV_ROOT_HASH] && signature === text;
  if (!same) throw wrong(`the blob of entry ${index} says something else than its annotations`);
  return der;
}
function signaturesForReaders(manifest, index, blob) {
  if (formOf(manifest).format === "notary") return [blob];
  const text = manifest.layers[index]?.annotations?.[TARDEV_SIGNATURE];
  return [
    ...text === void 0 ? [] : [Buffer.from(text, "base64")],
    ...blob[0] === SEQUENCE ? [blob] : inJson(blob)
  ];
}
function inJson(blob) {
  try {
    const { signature } = parseMetadata(JSON_BLOB, blob, "the blob");
    return [Buffer.from(signature, "base64")];
  } catch (error) {
    if (error instanceof VeritySignError) return [];
    throw error;
  }
}
function wrong(what) {
  return new VeritySignError("image", `not a signature manifest for this image: ${what}`);
}

// src/commands/shared/report-parts.ts
function manifestReport({ mediaType, digest, size }) {
  return { mediaType, digest, size };
}
function referrerReport({
  descriptor,
  reused
}) {
  return { digest: descriptor.digest, size: descriptor.size, reused };
}
function platformReport(platform) {
  return platform === void 0 ? {} : { platform: platformName(platform) };
}
function platformName(platform) {
  const { os, architecture, variant } = platform;
  return [`${os}${featuresText(platform)}`, architecture, variant].filter((part) => part !== void 0).join("/");
}
function builderReport(builder) {
  if (builder === void 0) return {};
  const { reported, confinement } = withoutConfinement(builder);
  return { builder: reported, ...confinement === void 0 ? {} : { tools: { confinement } } };
}
function withoutConfinement(builder) {
  if (builder.kind === "mkfs") {
    const { confinement: confinement2, ...reported } = builder;
    return { reported, confinement: confinement2 };
  }
  if (builder.crossCheck === void 0) return { reported: builder, confinement: void 0 };
  const { confinement, ...crossCheck } = builder.crossCheck;
  return { reported: { ...builder, crossCheck }, confinement };
}
function signerReport(leaf) {
  return {
    subject: leaf.subject,
    issuer: leaf.issuer,
    fingerprint: leaf.fingerprint,
    keyType: leaf.keyKind ?? "unknown",
    notBefore: leaf.notBefore.toISOString(),
    notAfter: leaf.notAfter.toISOString()
  };
}
function skippedReport({ skipped }) {
  return skipped.map(({ descriptor, reason }) => ({
    digest: descriptor.digest,
    ...platformReport(descriptor.platform),
    mediaType: descriptor.mediaType,
    reason
  }));
}
function skippedLayersReport({ skippedLayers }) {
  return skippedLayers.map(({ index, descriptor, reason }) => ({
    index,
    digest: descriptor.digest,
    mediaType: descriptor.mediaType,
    reason
  }));
}

// src/commands/shared/plan.ts
function classOfArtifact({ class: of, layers }, builder) {
  if (layers.every(({ layer }) => layer.format === "erofs")) return void 0;
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
function hasTars({ manifests }) {
  return manifests.some(({ layers }) => layers.some(({ format }) => format === "tar"));
}
function planArtifacts(image, converted, recipes, formats = ["notary"]) {
  const byLayer = new Map(
    converted.map((ofLayer) => [ofLayer[0] === void 0 ? "" : layerKey(ofLayer[0].layer), ofLayer])
  );
  const signable = image.manifests.filter(({ layersLeftOut }) => layersLeftOut === void 0);
  return signable.flatMap(
    (manifest) => recipesOf(manifest, recipes).flatMap(({ profile, mkfsOptions, class: of, position }) => {
      const artifact = {
        manifest,
        profile,
        mkfsOptions,
        class: of,
        layers: manifest.layers.map((layer) => {
          const result = byLayer.get(layerKey(layer))?.[position];
          if (result === void 0) throw new TypeError(`layer ${layer.index} was not converted`);
          return { ...result, layer };
        })
      };
      return formats.map((format) => ({ ...artifact, format }));
    })
  );
}
function recipesOf(manifest, recipes) {
  const all6 = recipes.map((recipe, position) => ({ ...recipe, class: recipe.class, position }));
  if (hasTars({ manifests: [manifest] })) return all6;
  return all6.filter(({ profile }, position) => recipes.findIndex((one6) => one6.profile === profile) === position).map((recipe) => ({ ...recipe, class: void 0 }));
}

// src/lib/printable.ts
function quoted(foreign) {
  return JSON.stringify(foreign.length > 200 ? `${foreign.slice(0, 200)}…` : foreign);
}
function printable(foreign) {
  const line = foreign.replaceAll(/[\s\p{C}]+/gu, " ").trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}

// src/commands/shared/check-manifest.ts
function checkStructure(manifest, image) {
  const { artifactType, config, subject, annotations, layers: entries } = manifest;
  const form = formOf(manifest);
  if (artifactType !== form.artifactType) throw wrong2(`its artifact type is ${quoted(artifactType)}`);
  if (config.mediaType !== EMPTY_CONFIG_MEDIA_TYPE || config.digest !== EMPTY_CONFIG_DIGEST) {
    throw wrong2(`its config is ${quoted(config.mediaType)}, not the empty one`);
  }
  checkSubject(subject, image.descriptor);
  const mark = annotations[SIGNATURE_MARK];
  if (mark !== void 0 && mark !== "true")
    throw wrong2(`its annotation ${SIGNATURE_MARK} is ${quoted(mark)}`);
  const checked = entries.map((entry, position) => checkEntry(entry, position, image.layers[position], form));
  if (entries.length !== image.layers.length) {
    throw wrong2(`it has ${entries.length} entries for ${image.layers.length} layers`);
  }
  const byLayer = /* @__PURE__ */ new Map();
  for (const { layer, rootHash } of checked) {
    const { digest } = layer.descriptor;
    if ((byLayer.get(digest) ?? rootHash) !== rootHash) throw wrong2(`it has two root hashes for ${digest}`);
    byLayer.set(digest, rootHash);
  }
  return checked;
}
function checkSubject(subject, image) {
  if (subject.digest !== image.digest || subject.size !== image.size) {
    throw wrong2(`its subject is ${subject.digest} (${subject.size} bytes), another manifest`);
  }
  if (subject.mediaType !== image.mediaType && subject.mediaType !== "application/octet-stream") {
    throw wrong2(`its subject has the media type ${quoted(subject.mediaType)}`);
  }
}
function checkEntry(entry, position, layer, form) {
  const name = `entry ${position}`;
  const named = entry.annotations?.[form.layerDigest];
  const rootHash = entry.annotations?.[form.rootHash];
  if (named === void 0) throw wrong2(`${name} names no layer (${form.layerDigest})`);
  if (layer === void 0) throw wrong2(`${name} is for ${quoted(named)}, but the image has fewer layers`);
  if (named !== layer.descriptor.digest) {
    throw wrong2(`${name} is for ${quoted(named)}, the image has ${layer.descriptor.digest} there`);
  }
  if (entry.mediaType !== form.mediaType) throw wrong2(`${name} is ${quoted(entry.mediaType)}, not PKCS#7`);
  if (rootHash === void 0) throw wrong2(`${name} has no root hash (${form.rootHash})`);
  if (!/^[0-9a-f]{64}$/.test(rootHash)) {
    throw wrong2(`the root hash of ${name}, ${quoted(rootHash)}, is not 64 lowercase hex digits`);
  }
  return { layer, rootHash, signatureDigest: entry.digest };
}
var NOT_FOLLOWED = ["file-contexts", "compress-hints", "exclude-path", "exclude-regex"];
var ALIGNMENTS = ["fsalignblks", "dsunit"];
function readRecord(annotations) {
  const of = (name) => annotations[`${OWN_PREFIX}${name}`];
  const [profile, version, options, mkfsClass] = [
    of("profile"),
    of("erofs-utils-version"),
    of("mkfs-options"),
    recordedClass(of("erofs-utils-class"))
  ];
  if (profile !== void 0 && !isProfileName(profile))
    throw wrong2(`it records the profile ${quoted(profile)}`);
  return {
    ...profile === void 0 ? {} : { profile },
    ...options === void 0 ? {} : { mkfsOptions: recordedOptions(options) },
    ...version === void 0 ? {} : { version: version.slice(0, 40) },
    ...mkfsClass === void 0 ? {} : { class: mkfsClass }
  };
}
function recordedClass(text) {
  return isRecordedClass(text) ? text : void 0;
}
function recordedOptions(text) {
  if (text.length > 1024) throw wrong2("it records mkfs options of more than 1024 characters");
  try {
    const words = parseMkfsOptions(text);
    for (const [position, word] of words.entries()) checkRecorded(word, words[position + 1]);
    return words;
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw wrong2(`it records unsupported mkfs options (${error.message})`, error);
  }
}
function checkRecorded(word, next) {
  if (!word.startsWith("--")) return;
  const [name = "", value = next ?? ""] = word.slice(2).split("=", 2);
  const isOneOf = (names) => names.some((long) => long.startsWith(name));
  if (isOneOf(NOT_FOLLOWED) || isOneOf(ALIGNMENTS) && !/^\d{1,4}$/.test(value)) {
    throw new VeritySignError("usage", `${quoted(word)} is not accepted from a signature manifest`);
  }
}
function wrong2(what, cause) {
  return new VeritySignError("image", `not a signature manifest for this image: ${what}`, { cause });
}

// src/commands/shared/coverage.ts
function resolvedLayers(layers) {
  return layers === "all" ? "required" : layers;
}
function requiresLayers(layers) {
  return resolvedLayers(layers) === "required";
}
function skippedButRun({ skipped }, platforms) {
  const asked = new Set(platforms.map((text) => formatPlatform(parsePlatform(text))));
  return skipped.filter(({ mayRun, descriptor: { platform } }) => {
    if (!mayRun || asked.size === 0 || platform === void 0) return mayRun;
    return platformNames({ ...platform, os: platform.os || "linux" }).some((name) => asked.has(name));
  });
}
function uncoveredEntry({ descriptor, reason, leftOut }) {
  return { descriptor, reason, excluded: leftOut === true };
}
function uncoveredReport(uncovered) {
  return uncovered.map(({ descriptor, reason }) => ({
    ...platformReport(descriptor.platform),
    digest: descriptor.digest,
    reason
  }));
}
var NAMED = 5;
function warnOfUncovered({ name }, uncovered, log) {
  const unexpected = uncovered.filter(({ excluded }) => !excluded);
  if (unexpected.length === 0) return;
  log.warn(
    `${name}: ${imagesNotCovered(unexpected.length)} by a signature: ${uncoveredNames(unexpected)}. Set layers to all to refuse such an index, or sign it with manifest-signature`
  );
}
function uncoveredNames(uncovered) {
  const names = uncovered.slice(0, NAMED).map(({ descriptor, reason }) => `${nameOf(descriptor)} (${reason})`);
  const more = uncovered.length - names.length;
  return [...names, ...more > 0 ? [`${more} more`] : []].join(", ");
}
function nameOf({ platform, digest }) {
  return platform === void 0 ? digest : `${formatPlatform(platform)} ${digest}`;
}

// src/commands/shared/plain-erofs.ts
function plainErofsText({ layers }) {
  const plain = layers.filter(({ format, compression }) => format === "erofs" && compression === "none");
  if (plain.length === 0) return void 0;
  const [which, verb] = plain.length === 1 ? ["layer", "is"] : ["layers", "are"];
  const indexes = plain.map(({ index }) => index).join(", ");
  return `${which} ${indexes} ${verb} of type ${EROFS_LAYER_MEDIA_TYPES.none}, for which containerd 2.4.2 makes no hash tree: with dmverity_mode "on" no container of this image starts. Convert the image with \`ctr images convert --erofs zstd\``;
}

// src/convert/worker/process-in-worker.ts
function processInWorker(threads, blob, options, signal, onProgress) {
  let settle = () => void 0;
  const facts = new Promise((resolve2, reject) => {
    settle = (result) => "facts" in result ? resolve2(result.facts) : reject(result.error);
  });
  facts.catch(() => void 0);
  const idle = threads.with(1, (worker) => processWith(worker, blob, options, signal, onProgress, settle)).then(
    () => void 0,
    (error) => settle({ error })
  );
  return { facts, idle };
}
function processWith(worker, blob, options, signal, onProgress, settle) {
  const send = (message, transfer = []) => worker.postMessage(message, transfer);
  const feeder = new Feeder(checkedBlob(blob, options.expected, onProgress), send);
  const over = new AbortController();
  let release = () => void 0;
  return new Promise((resolve2, reject) => {
    const onMessage = (message) => {
      if ("want" in message) feeder.more();
      else if ("facts" in message) settle(message);
      else if ("failure" in message) settle({ error: fromFailure(message.failure, feeder.error) });
      else resolve2();
    };
    const onExit = (status) => reject(new Error(`the layer's worker exited with status ${status}`));
    worker.on("message", onMessage).once("exit", onExit).once("error", reject);
    onAbort(over.signal, () => worker.off("message", onMessage).off("exit", onExit).off("error", reject));
    send({ start: options });
    release = onAbort(signal, () => send({ stop: true }));
  }).finally(() => {
    over.abort();
    release();
    feeder.stop();
    blob.destroy();
  });
}
var Feeder = class {
  /** The error that broke the blob, or with which it failed its check. */
  error;
  #send;
  #wanted = 0;
  #wake = () => void 0;
  #stopped = false;
  constructor(chunks, send) {
    this.#send = send;
    void this.#feed(chunks).then(
      () => this.#end("well"),
      (error) => {
        const code = error.code;
        const closed = code === "ERR_STREAM_PREMATURE_CLOSE";
        this.error = closed ? new VeritySignError("cancelled", "reading the layer was stopped") : error;
        this.#end("broken");
      }
    );
  }
  stop() {
    this.#stopped = true;
    this.#wake();
  }
  more() {
    this.#wanted += 1;
    this.#wake();
  }
  async #feed(chunks) {
    for await (const chunk of chunks) {
      while (this.#wanted === 0 && !this.#stopped) {
        await new Promise((resolve2) => {
          this.#wake = resolve2;
        });
      }
      if (this.#stopped) return;
      this.#wanted -= 1;
      const own = chunk.byteLength === chunk.buffer.byteLength ? chunk : new Uint8Array(chunk);
      this.#send({ chunk: own }, [own.buffer]);
    }
  }
  #end(how) {
    if (!this.#stopped) this.#send({ end: how });
    this.#stopped = true;
  }
};

// src/convert/worker/process-layer.ts
function prepareWorkers(layers, atOnce, threads = LAYER_WORKERS) {
  const large = layers.filter(({ descriptor }) => descriptor.size > SMALL_BLOB);
  threads.warmUp(Math.min(large.length, atOnce));
}
function processLayer(blob, into, { layer, maxTarSize, onProgress }, signal) {
  const { diffId, format, compression } = layer;
  const { digest, size } = layer.descriptor;
  const options = { expected: { digest, size, diffId, format, compression }, maxTarSize, ...into };
  return size <= SMALL_BLOB ? processInPlace(blob, options, signal, onProgress, consumerFor(options)) : processInWorker(LAYER_WORKERS, blob, options, signal, onProgress);
}

// src/convert/builders/layer-builder.ts
function secondsSince(start) {
  return Math.round(performance.now() - start) / 1e3;
}

// src/convert/builders/erofs-layer-builder.ts
var ErofsLayerBuilder = class {
  needsDisk = false;
  /** @throws VeritySignError 'image' for a blob that is damaged, or no EROFS image */
  async build(request) {
    const { recipes, open, signal, imageFile, folder } = request;
    const started = performance.now();
    const blockSizes = [...new Set(recipes.map(({ profile }) => PROFILES[profile].blockSize))];
    const file = imageFile && {
      path: imageFile.path,
      blockSize: PROFILES[imageFile.recipe.profile].blockSize,
      folder
    };
    const erofs = { blockSizes, ...file === void 0 ? {} : { file } };
    const blob = await open(signal);
    blob.on("error", () => void 0);
    const { facts, idle } = processLayer(blob, { sinks: [], erofs }, request, signal);
    try {
      const { erofs: hashed, ...processed } = await facts;
      const seconds = { build: secondsSince(started), verity: 0 };
      const images = recipes.map((recipe) => {
        const { blockSize } = PROFILES[recipe.profile];
        const verity = hashed?.roots.find((root) => root.blockSize === blockSize);
        if (hashed === void 0 || verity === void 0) throw new TypeError("the image was not hashed");
        return { recipe, uuid: hashed.uuid, verity, seconds };
      });
      return { facts: processed, images };
    } finally {
      await idle;
    }
  }
};

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

// src/convert/builders/open-builder.ts
function failedOnLayer(error) {
  return error instanceof VeritySignError && error.code !== "registry" && error.cause instanceof ToolError;
}
async function openBuilder(options, opened) {
  const { builder: kind, crossCheck } = options;
  const classes = options.classes ?? opened.classes;
  if (kind === "native" && !crossCheck) {
    return {
      builder: new NativeLayerBuilder(),
      info: Promise.resolve({ kind, classes: [...classes] }),
      stop: async () => void 0
    };
  }
  const [{ startMkfsBuilder }, { MkfsLayerBuilder }] = await Promise.all([
    import("./convert.erofs.mkfs.known-answer.js"),
    import("./convert.builders.mkfs-layer-builder.js")
  ]);
  const {
    builder: mkfs,
    info,
    stop
  } = await startMkfsBuilder({
    mkfsPath: options.tools.mkfsPath,
    wanted: options.erofsUtilsVersion,
    profiles: opened.profiles,
    mkfsOptions: options.mkfsOptions,
    timeout: options.timeout,
    maxTarSize: options.maxLayerSize,
    tempFolder: opened.folder,
    signal: opened.signal,
    log: opened.log
  });
  const builder = new MkfsLayerBuilder(mkfs, opened.imageDigest);
  if (!crossCheck) return { builder, info, stop };
  const { CrossChecker } = await import("./convert.builders.cross-check.js");
  const checker = new CrossChecker(kind, builder, info, options.tempDir);
  const checked = checker.info(classes);
  checked.catch(() => void 0);
  return { builder: checker, info: checked, stop };
}

// src/logger.ts
function withPrefix(log, prefix) {
  return {
    debug: (message) => log.debug(prefix + message),
    info: (message) => log.info(prefix + message),
    warn: (message) => log.warn(prefix + message),
    group: (title, work) => log.group(prefix + title, work),
    progress: (task, done, total) => log.progress(task, done, total)
  };
}

// builtin-load:load of images
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs/promises of images
var found;
var all = () => found ??= load("node:fs/promises");
var one = (name) => all()[name];
var statfs = /* @__PURE__ */ one("statfs");
var chmod = /* @__PURE__ */ one("chmod");
var utimes = /* @__PURE__ */ one("utimes");
var mkdtemp = /* @__PURE__ */ one("mkdtemp");

// src/convert/disk-budget.ts
var EXPANSION = 4;
var USABLE = 0.9;
var DiskBudget = class _DiskBudget {
  #usable;
  #waiting = [];
  #running = 0;
  #reserved = 0;
  /** @param usable bytes */
  constructor(usable) {
    this.#usable = usable;
  }
  /** The budget of the file system that contains `folder`. */
  static async of(folder) {
    const { bavail, bsize } = await statfs(folder);
    return new _DiskBudget(bavail * bsize * USABLE);
  }
  /** Runs `work`, which needs about `bytes`, once there is room. */
  async run(bytes, work) {
    while (this.#running > 0 && this.#reserved + bytes > this.#usable) {
      await new Promise((resolve2) => this.#waiting.push(resolve2));
    }
    this.#running += 1;
    this.#reserved += bytes;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#reserved -= bytes;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
};
function likelySize({ compression, descriptor }, images) {
  return descriptor.size * (compression === "none" ? 1 : EXPANSION) * images;
}

// builtin:node:os of images
var found2;
var all2 = () => found2 ??= load("node:os");
var one2 = (name) => all2()[name];
var tmpdir = /* @__PURE__ */ one2("tmpdir");
var totalmem = /* @__PURE__ */ one2("totalmem");

// src/convert/layer-concurrency.ts
var DEFAULT_POOL = 4;
var SPARE = 2;
var PER_LAYER = 48 * 1024 * 1024;
var USABLE2 = 1 / 8;
function layersAtOnce(wanted, images) {
  return Math.min(wanted, maxConcurrentLayers(images));
}
function maxConcurrentLayers(images, pool = Number(process.env.UV_THREADPOOL_SIZE) || DEFAULT_POOL, memory = usableMemory()) {
  const byThreads = Math.floor((pool - SPARE) / (1 + 2 * images));
  const byMemory = Math.floor(memory * USABLE2 / PER_LAYER);
  return Math.max(1, Math.min(byThreads, byMemory));
}
function usableMemory() {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

// src/convert/convert-layers.ts
var SMALLEST_MOUNTABLE = 4096;
async function convertLayers(jobs, converter) {
  const { options, signal, folder, builder } = converter;
  const disk = builder.needsDisk ? converter.disk ?? await DiskBudget.of(folder) : void 0;
  const order = [...jobs.keys()].sort((a, b) => sizeOf(jobs[b]) - sizeOf(jobs[a]));
  const results = new Array(jobs.length);
  const images = Math.max(1, ...jobs.map((job) => recipesOf2(job, options).length));
  await mapConcurrently(order, layersAtOnce(options.concurrency, images), signal, async (index, both) => {
    const job = jobs[index];
    if (job === void 0) return;
    const convert = () => convertInContext(job, { ...converter, signal: both });
    const size = likelySize(job.layer, recipesOf2(job, options).length);
    const onDisk = disk !== void 0 && job.layer.format === "tar";
    results[index] = await (onDisk ? disk.run(size, convert) : convert());
  });
  return results;
}
function sizeOf(job) {
  return job?.layer.descriptor.size ?? 0;
}
function recipesOf2(job, options) {
  return job.recipes ?? recipesFor(options);
}
function convertInContext(job, converter) {
  const label = layerLabel(job.layer);
  return inContext({ layer: label }, async () => {
    converter.signal.throwIfAborted();
    const converted = await convertLayer(job, { ...converter, log: withPrefix(converter.log, `${label}: `) });
    await job.done?.(converted);
    return converted;
  });
}
function layerLabel(layer) {
  return `layer ${layer.index} (${layer.descriptor.digest})`;
}
async function convertLayer(job, converter) {
  const { layer } = job;
  const { options, log } = converter;
  const builder = layer.format === "erofs" ? new ErofsLayerBuilder() : converter.builder;
  let received = 0;
  const onProgress = (bytes) => {
    received = bytes;
    log.progress(layerLabel(layer), bytes, layer.descriptor.size);
  };
  const progress = () => received < layer.descriptor.size ? `${received} of ${layer.descriptor.size} bytes of the blob received` : "blob fully received, still building or hashing";
  return withDeadline(options.timeout, converter.signal, progress, async (signal) => {
    const { images, facts } = await builder.build({
      layer,
      open: job.open,
      recipes: recipesOf2(job, options),
      ...job.imageFile === void 0 ? {} : { imageFile: job.imageFile },
      folder: converter.folder,
      timeout: options.timeout,
      maxTarSize: options.maxLayerSize,
      signal,
      onProgress
    });
    warnOfDropped(facts, log);
    const reported = /* @__PURE__ */ new Set();
    return images.map(({ recipe, uuid, verity, seconds }) => {
      const { profile } = recipe;
      const of = recipe.class === void 0 || layer.format === "erofs" ? {} : { class: recipe.class };
      if (layer.format === "tar" || !reported.has(verity.rootHash)) {
        const took = `EROFS ${formatBytes(verity.imageSize)}, ${seconds.build.toFixed(2)} s`;
        log.info(`root hash ${verity.rootHash} (${nameOf2(layer, recipe)}, ${took})`);
        if (verity.imageSize < SMALLEST_MOUNTABLE) warnOfSize(verity.imageSize, nameOf2(layer, recipe), log);
      }
      reported.add(verity.rootHash);
      return { layer, profile, ...of, uuid, facts, verity, seconds };
    });
  });
}
function nameOf2(layer, { profile, class: of }) {
  if (layer.format === "erofs") return `native EROFS layer, blocks of ${PROFILES[profile].blockSize}`;
  return of === void 0 ? profile : `${profile}, class ${of}`;
}
async function withDeadline(milliseconds, signal, progress, work) {
  const deadline = AbortSignal.timeout(milliseconds);
  try {
    return await work(AbortSignal.any([signal, deadline]));
  } catch (error) {
    if (!deadline.aborted || signal.aborted) throw error;
    const message = `conversion timed out after ${milliseconds / 1e3} s (${progress()})`;
    throw new VeritySignError("environment", message, { remedy: "Raise timeout", cause: error });
  }
}
function warnOfSize(size, what, log) {
  log.warn(
    `${what}: the EROFS image has only ${size} bytes; kernels mount no image smaller than ${SMALLEST_MOUNTABLE} bytes`
  );
}
function warnOfDropped({ dropped }, log) {
  if (dropped.count === 0) return;
  log.warn(
    `mkfs.erofs omits or alters ${dropped.count} entries, as it does on the node: ${dropped.examples.join(", ")}`
  );
}
async function convertShared(jobs, converter, image, shared, recipes = recipesFor(converter.options)) {
  const known2 = jobs.map(
    ({ layer, imageFile }) => imageFile === void 0 ? shared?.findAll(layer, recipes) : void 0
  );
  for (const [index, found6] of known2.entries()) {
    const job = jobs[index];
    if (found6 === void 0 || job === void 0) continue;
    converter.log.info(`${layerLabel(job.layer)}: already converted for ${found6[0]?.sharedFrom}`);
  }
  const unknown = jobs.filter((_, index) => known2[index] === void 0);
  const fresh = await convertLayers(
    unknown.map((job) => ({ ...job, recipes })),
    converter
  );
  let next = 0;
  const converted = known2.map((found6) => found6 ?? fresh[next++] ?? []);
  const confirm = (builder) => {
    if (builder !== void 0) shared?.requireSame(builder);
    for (const ofLayer of fresh) {
      for (const [position, one6] of ofLayer.entries()) {
        const recipe = recipes[position];
        if (recipe !== void 0) shared?.add(one6, recipe, image);
      }
    }
  };
  return { converted, confirm };
}

// builtin:node:path of images
var found3;
var all3 = () => found3 ??= load("node:path");
var one3 = (name) => all3()[name];
var resolve = /* @__PURE__ */ one3("resolve");
var join = /* @__PURE__ */ one3("join");

// src/lib/process/temp-folder.ts
var SIGN_OF_LIFE = 60 * 60 * 1e3;
var NAME = /^verity-sign-([0-9a-f]{16}-\d+-\d+-\d+)-[A-Za-z0-9]{6}$/;
var LEFTOVERS = {
  markOf: (name) => NAME.exec(name)?.[1],
  accepts: (found6) => found6.isDirectory() && found6.uid === process.geteuid?.() && (found6.mode & 63) === 0
};
async function withTempFolder(parent, work) {
  const place = resolve(parent ?? tmpdir());
  await removeLeftovers(place, LEFTOVERS);
  const path = await create(place);
  const alive = setInterval(() => {
    const now = /* @__PURE__ */ new Date();
    utimes(path, now, now).catch(() => void 0);
  }, SIGN_OF_LIFE).unref();
  try {
    return await work(path);
  } finally {
    clearInterval(alive);
    await removeFolder(path);
  }
}
async function create(parent) {
  try {
    const path = await mkdtemp(join(parent, `verity-sign-${ownMark()}-`));
    await chmod(path, 448);
    return path;
  } catch (error) {
    const reason = error.message;
    throw new VeritySignError("environment", `cannot create a temporary folder (${reason})`, {
      remedy: "Set temp-dir to a folder with enough space that this user may write to",
      cause: error
    });
  }
}

// src/lib/stopwatch.ts
var Stopwatch = class {
  #start = performance.now();
  #steps = /* @__PURE__ */ new Map();
  /** Runs `work` and adds its time to that of the step. */
  async time(step, work) {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#steps.set(step, this.#milliseconds(step) + performance.now() - start);
    }
  }
  /** Seconds of one step, rounded to milliseconds. */
  of(step) {
    return Math.round(this.#milliseconds(step)) / 1e3;
  }
  /** Seconds since the stopwatch was created, rounded to milliseconds. */
  total() {
    return Math.round(performance.now() - this.#start) / 1e3;
  }
  #milliseconds(step) {
    return this.#steps.get(step) ?? 0;
  }
};

// src/oci/attach/read/budget.ts
var MOST_REFERRERS = 1e3;
var MOST_BYTES = 32 * 1024 * 1024;
var MOST_BLOBS = 1e4;
var ReadBudget = class {
  #manifestBytes = 0;
  #signatureBytes = 0;
  #signatures = 0;
  /** Counts a manifest of `size` bytes. @throws VeritySignError 'registry' if that is too much */
  takeManifest(size) {
    if (this.#manifestBytes + size > MOST_BYTES) {
      throw notRead(`the signature manifests have more than ${MOST_BYTES} bytes`);
    }
    this.#manifestBytes += size;
  }
  /** Whether all of these signatures can be counted. */
  allows(signatures) {
    const bytes = signatures.reduce((sum, { size }) => sum + size, this.#signatureBytes);
    return bytes <= MOST_BYTES && this.#signatures + signatures.length <= MOST_BLOBS;
  }
  /** Counts a signature of `size` bytes. @throws VeritySignError 'registry' if that is too much */
  takeSignature(size) {
    if (this.#signatureBytes + size > MOST_BYTES) {
      throw notRead(`the signatures have more than ${MOST_BYTES} bytes`);
    }
    if (this.#signatures === MOST_BLOBS) throw notRead(`there are more than ${MOST_BLOBS} signatures`);
    this.#signatureBytes += size;
    this.#signatures += 1;
  }
};
function notRead(why) {
  return new VeritySignError("registry", `not read: ${why}`, {
    remedy: "Delete the referrers that do not belong to the image"
  });
}

// builtin:node:timers/promises of images
var found4;
var all4 = () => found4 ??= load("node:timers/promises");
var one4 = (name) => all4()[name];
var setImmediate = /* @__PURE__ */ one4("setImmediate");

// src/oci/attach/read/one-referrer.ts
var MAX_ENTRIES = 1e3;
var MAX_ALL_SIGNATURES = 16 * 1024 * 1024;
var MANY = 3;
function parseReferrer(bytes, mediaType) {
  const manifest = parseSignatureManifest(bytes, mediaType);
  if (manifest.layers.length > MAX_ENTRIES) {
    throw new VeritySignError(
      "image",
      `the signature manifest has ${manifest.layers.length} entries, the limit is ${MAX_ENTRIES}`
    );
  }
  return manifest;
}
function signatureBlobs(manifest) {
  const layers = distinctContent(manifest.layers);
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  if (size <= MAX_ALL_SIGNATURES) return layers;
  throw new VeritySignError("image", `the signatures have ${size} bytes, the limit is ${MAX_ALL_SIGNATURES}`);
}
async function fetchTogether(store, descriptor, manifest, wanted) {
  const together = wanted.length < MANY ? void 0 : await store.fetchTogether?.(descriptor, manifest);
  return together ?? /* @__PURE__ */ new Map();
}
async function readReferrer(store, descriptor) {
  const manifest = parseReferrer(await store.fetchManifest(descriptor), descriptor.mediaType);
  const layers = signatureBlobs(manifest);
  const together = await fetchTogether(store, descriptor, manifest, layers);
  const fetched = await inBatches(
    layers,
    async (layer) => together.get(layer.digest) ?? store.fetchBlob(layer)
  );
  const byDigest = new Map(layers.map(({ digest }, index) => [digest, fetched[index] ?? Buffer.alloc(0)]));
  return { manifest, blobs: manifest.layers.map(({ digest }) => byDigest.get(digest) ?? Buffer.alloc(0)) };
}

// src/oci/attach/read/each-referrer.ts
var FEW = 12;
async function* eachReferrer(store, subject, artifactType, screen = {}, signal) {
  const listed = distinct(await store.list(subject, artifactType));
  const reader = new Reader(store, subject, artifactType, screen);
  const bySize = listed.slice(0, MOST_REFERRERS).map((descriptor, position) => ({ descriptor, position }));
  bySize.sort((a, b) => a.descriptor.size - b.descriptor.size);
  const candidates = [];
  for (const some of inChunks(bySize)) {
    const read2 = await inBatches(some, ({ descriptor, position }) => reader.manifest(descriptor, position));
    for (const one6 of read2) {
      if (one6 === void 0) continue;
      if ("layers" in one6) candidates.push(one6);
      else yield [one6.position, one6.referrer];
    }
    await mayStop(signal);
  }
  candidates.sort((a, b) => a.size - b.size);
  for (const some of inChunks(candidates)) {
    const first = await inBatches(some, (candidate) => reader.smallest(candidate));
    for (const [index, candidate] of some.entries()) {
      yield [candidate.position, await reader.rest(candidate, first[index], candidates.length > FEW)];
      await mayStop(signal);
    }
  }
  for (const [beyond, descriptor] of listed.slice(MOST_REFERRERS).entries()) {
    const error = notRead(`there are ${listed.length} referrers, at most ${MOST_REFERRERS} are read`);
    yield [MOST_REFERRERS + beyond, { descriptor, error }];
  }
}
async function mayStop(signal) {
  await setImmediate();
  signal?.throwIfAborted();
}
var Reader = class {
  #store;
  #subject;
  #artifactType;
  #screen;
  #budget = new ReadBudget();
  /** By digest: the signatures of another image are copied into any number of referrers. */
  #blobs = /* @__PURE__ */ new Map();
  constructor(store, subject, artifactType, screen) {
    this.#store = store;
    this.#subject = subject;
    this.#artifactType = artifactType;
    this.#screen = screen;
  }
  /** Undefined for a referrer that is left out. */
  async manifest(descriptor, position) {
    const isCertain = descriptor.artifactType === this.#artifactType;
    let isOther = false;
    const result = await orError(async () => {
      this.#budget.takeManifest(descriptor.size);
      const manifest2 = parseReferrer(await this.#store.fetchManifest(descriptor), descriptor.mediaType);
      isOther = !isCertain && manifest2.artifactType !== this.#artifactType;
      if (this.#screen.wanted?.(manifest2) === false) return { manifest: manifest2 };
      return { manifest: manifest2, layers: signatureBlobs(manifest2) };
    });
    if (isOther) return void 0;
    if (result instanceof VeritySignError) {
      if (isNotFound(result)) {
        this.#store.reportGone?.(this.#subject, descriptor);
        return void 0;
      }
      if (!isCertain && result.code === "image") return void 0;
      return { position, referrer: { descriptor, error: result } };
    }
    const { manifest, layers } = result;
    if (layers === void 0) return { position, referrer: { descriptor, manifest, blobs: [] } };
    layers.sort((a, b) => a.size - b.size);
    const size = layers.reduce((sum, layer) => sum + layer.size, 0);
    return { position, descriptor, manifest, layers, size };
  }
  /** Undefined if there is no signature. */
  async smallest({ layers: [first] }) {
    return first === void 0 ? void 0 : orError(() => this.#blob(first));
  }
  async rest({ descriptor, manifest, layers }, first, isFlood) {
    if (first instanceof VeritySignError) return { descriptor, error: first };
    const index = manifest.layers.findIndex(({ digest }) => digest === layers[0]?.digest);
    const useless = isFlood && first !== void 0 && this.#screen.promising?.(manifest, index, first) === false;
    const blobs = /* @__PURE__ */ new Map();
    if (first !== void 0 && layers[0] !== void 0) blobs.set(layers[0].digest, first);
    const failed = useless ? void 0 : await orError(async () => {
      const others = layers.slice(1);
      const together = await this.#together(descriptor, manifest, others);
      await inBatches(others, async (layer) => {
        blobs.set(layer.digest, await this.#blob(layer, together.get(layer.digest)));
      });
    });
    if (failed instanceof VeritySignError) return { descriptor, error: failed };
    return { descriptor, manifest, blobs: manifest.layers.map(({ digest }) => blobs.get(digest)) };
  }
  /** Those that are not known yet, if the store can read them together. */
  async #together(descriptor, manifest, layers) {
    const unknown = layers.filter((layer) => !this.#blobs.has(keyOf(layer)));
    return this.#budget.allows(unknown) ? fetchTogether(this.#store, descriptor, manifest, unknown) : /* @__PURE__ */ new Map();
  }
  /** @param fetched its bytes, if they have been read */
  #blob(layer, fetched) {
    const key = keyOf(layer);
    const known2 = this.#blobs.get(key);
    if (known2 !== void 0) return known2;
    this.#budget.takeSignature(layer.size);
    const read2 = fetched === void 0 ? this.#store.fetchBlob(layer) : Promise.resolve(fetched);
    this.#blobs.set(key, read2);
    read2.catch(() => this.#blobs.delete(key));
    return read2;
  }
};
function keyOf({ digest, size }) {
  return `${digest} ${size}`;
}
async function orError(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code === "cancelled") throw error;
    return error;
  }
}
function distinct(listed) {
  const found6 = /* @__PURE__ */ new Map();
  for (const one6 of listed) {
    const key = `${one6.digest} ${one6.size} ${one6.mediaType}`;
    if (!found6.has(key)) found6.set(key, one6);
  }
  return [...found6.values()];
}
function inChunks(items) {
  const chunks = [];
  for (let first = 0; first < items.length; first += BATCH) chunks.push(items.slice(first, first + BATCH));
  return chunks;
}

// src/oci/image/layers.ts
var FORMS = new Map([
  ...[LAYER_MEDIA_TYPES, DOCKER_LAYER_MEDIA_TYPES].flatMap(
    (types) => ["none", "gzip", "zstd"].map((compression) => [
      types[compression],
      { format: "tar", compression }
    ])
  ),
  ...["none", "zstd"].map((compression) => [
    EROFS_LAYER_MEDIA_TYPES[compression],
    { format: "erofs", compression }
  ])
]);
var NONDISTRIBUTABLE = /^application\/vnd\.(oci\.image\.layer\.nondistributable\.v1\.|docker\.image\.rootfs\.foreign\.)/;
var EROFS = /^application\/vnd\.erofs\.layer/;
function imageLayers(manifest, config, allowSkip, unsignable = "refuse") {
  const { diffIds } = config;
  if (diffIds.length !== manifest.layers.length) {
    throw new VeritySignError(
      "image",
      `the manifest has ${manifest.layers.length} layers, the image config has ${diffIds.length} diffIDs`
    );
  }
  const layers = [];
  const skippedLayers = [];
  for (const [index, descriptor] of manifest.layers.entries()) {
    let form;
    try {
      form = layerForm(descriptor.mediaType, allowSkip);
    } catch (error) {
      if (!(error instanceof VeritySignError)) throw error;
      if (unsignable === "exclude") {
        return { layers: [], skippedLayers: [], layersLeftOut: `layer ${index}: ${error.message}` };
      }
      error.context.layer ??= `layer ${index} (${descriptor.digest})`;
      throw error;
    }
    if ("skip" in form) skippedLayers.push({ index, descriptor, reason: form.skip });
    else layers.push({ index, descriptor, ...form, diffId: diffIds[index] ?? "" });
  }
  return { layers, skippedLayers };
}
function layerForm(mediaType, allowSkip) {
  const form = FORMS.get(mediaType);
  if (form !== void 0) return { ...form };
  const nondistributable = NONDISTRIBUTABLE.test(mediaType);
  if (allowSkip.includes(mediaType) || nondistributable && allowSkip.includes("nondistributable")) {
    return { skip: `unsigned: media type ${mediaType}, skipped because of allow-skip` };
  }
  if (nondistributable) {
    throw new VeritySignError(
      "image",
      `the layer is not distributable (${mediaType}): its blob may be absent`,
      { remedy: "Set allow-skip to nondistributable to leave such layers unsigned" }
    );
  }
  if (EROFS.test(mediaType)) {
    throw new VeritySignError(
      "image",
      `the layer is an EROFS image in a form that containerd does not take (${JSON.stringify(mediaType)})`,
      { remedy: `Use ${Object.values(EROFS_LAYER_MEDIA_TYPES).join(" or ")}, or tar layers` }
    );
  }
  throw new VeritySignError("image", `the layer has the unknown media type ${JSON.stringify(mediaType)}`, {
    remedy: "Build the image with tar layers, uncompressed or compressed with gzip or zstd"
  });
}

// src/oci/index-entries.ts
var MAX_DEPTH = 8;
async function indexEntries(root, read2) {
  const entries = /* @__PURE__ */ new Map();
  const indexes = /* @__PURE__ */ new Map();
  const gather = async (index, parents) => {
    if (parents.includes(index.digest)) {
      throw new VeritySignError("image", `the index ${index.digest} contains itself`);
    }
    if (parents.length >= MAX_DEPTH) {
      throw new VeritySignError("image", `indexes are nested more than ${MAX_DEPTH} deep`);
    }
    const { manifests } = await read2(index);
    const path = [...parents, index.digest];
    for (const entry of manifests) {
      const { digest } = entry;
      const known2 = entries.get(digest)?.[0] ?? indexes.get(digest);
      if (known2 !== void 0) requireSameSize(known2, entry);
      if (documentKind(entry.mediaType) !== "index") {
        const same = entries.get(digest);
        if (same === void 0) entries.set(digest, [entry]);
        else same.push(entry);
      } else if (!indexes.has(digest) || path.includes(digest)) {
        indexes.set(digest, entry);
        await gather(plainDescriptor(entry), path);
      }
    }
  };
  await gather(root, []);
  return [...entries.values()];
}

// src/oci/image/skip-reasons.ts
var BUILDX_REFERENCE = "vnd.docker.reference.type";
function notAnImage(entry) {
  const { platform, annotations } = entry;
  const reference = annotations?.[BUILDX_REFERENCE];
  if (reference !== void 0 && (platform === void 0 || isForLinux(platform) || isUnknown(platform))) {
    return `not an image (buildx ${reference})`;
  }
  return documentKind(entry.mediaType) === "other" ? `not an image (${entry.mediaType})` : void 0;
}
function isUnknown({ os, architecture }) {
  return os === "unknown" && architecture === "unknown";
}
function entryKind(entry, config, byConfig = false) {
  const isArtifact = notAnImage(entry) !== void 0 || config !== void 0 && !isImageConfig(config.mediaType);
  const mayRun = config?.digest !== EMPTY_CONFIG_DIGEST && (byConfig || mayBeRun(entry));
  return { isArtifact, mayRun, isImage: !isArtifact || mayRun };
}
function notAContainer(configType) {
  return `not a container image (config ${configType})`;
}
function mayBeRun({ platform, annotations }) {
  if (platform === void 0) return annotations?.[BUILDX_REFERENCE] !== void 0;
  return isForLinux(platform) && platform.architecture !== "";
}
function otherSystem(platform) {
  const { os } = platform;
  if (os === "linux") return void 0;
  if (isForLinux(platform)) return `its operating system is ${JSON.stringify(os)}, which must be "linux"`;
  if (os === "unknown") return "image of an unknown system: its layers are not Linux file systems";
  return `${os === "windows" ? "Windows" : os} image: its layers are not Linux file systems`;
}
function namesLinuxPlatform(content) {
  let config;
  try {
    config = JSON.parse(Buffer.from(content).toString("utf8"));
  } catch {
    return false;
  }
  if (typeof config !== "object" || config === null) return false;
  const fields = Object.entries(config).map(([name, value]) => [foldName(name), value]);
  const texts = (wanted) => fields.flatMap(
    ([name, value]) => name === foldName(wanted) && typeof value === "string" ? [value] : []
  );
  const systems = texts("os");
  const forLinux = systems.length === 0 || systems.some((os) => isForLinux({ os }));
  return forLinux && texts("architecture").some((architecture) => architecture !== "");
}

// src/oci/image/resolve.ts
var LIMIT = { documents: 2e3, bytes: 64 * 1024 * 1024 };
var OTHER_IMAGES = "Only layers of Linux images can be signed; for other images set layers to auto and use manifest-signature";
async function resolveImage(source, options) {
  const { platforms, allowSkip, layers = "required", unsignableLayers = "refuse" } = options;
  const parsed = platforms.map(parsePlatform);
  const wanted = new Set(parsed.map(formatPlatform));
  const other = layers === "required" ? parsed.find((platform) => !isForLinux(platform)) : void 0;
  if (other !== void 0) {
    throw new VeritySignError(
      "usage",
      `platform ${formatPlatform(other)} has no Linux file systems, and only those can be signed as layers`,
      {
        remedy: "Set platform to Linux platforms only, or set layers to auto"
      }
    );
  }
  const root = plainDescriptor(await source.resolve());
  const walk = new Walk(source, wanted, { allowSkip, layers, unsignableLayers });
  if (documentKind(root.mediaType) === "index") await walk.index(root);
  else await walk.rootManifest(root);
  const enough = options.platformsMode === "any" && walk.found.size > 0;
  const missing = enough ? [] : [...wanted].filter((platform) => !walk.found.has(platform));
  if (missing.length > 0) {
    const present = walk.present.size === 0 ? "none" : [...walk.present].join(", ");
    throw new VeritySignError("usage", `the image has no platform ${missing.join(", ")}; it has ${present}`, {
      remedy: options.missingRemedy ?? "Set platform to one that the image has, or omit it for every platform"
    });
  }
  if (walk.manifests.length === 0) {
    const reasons = walk.skipped.map(({ reason }) => reason);
    const why = reasons.length === 0 ? "" : ` (${[...new Set(reasons)].join("; ")})`;
    const what = layers === "required" ? "Linux image" : "image";
    const remedy = layers === "required" ? { remedy: OTHER_IMAGES } : {};
    throw new VeritySignError("image", `the index contains no ${what}${why}`, remedy);
  }
  return { name: `${source.name}@${root.digest}`, root, manifests: walk.manifests, skipped: walk.skipped };
}
var Walk = class {
  manifests = [];
  /** Wanted platforms that were found. */
  found = /* @__PURE__ */ new Set();
  /** All platforms of Linux images, wanted or not. */
  present = /* @__PURE__ */ new Set();
  #skipped = /* @__PURE__ */ new Map();
  /** By digest and size: many manifests may name one config. */
  #configs = /* @__PURE__ */ new Map();
  #work = new WorkCounter("the image", LIMIT);
  #source;
  #wanted;
  #options;
  constructor(source, wanted, options) {
    this.#source = source;
    this.#wanted = wanted;
    this.#options = options;
  }
  async index(descriptor) {
    const all6 = await indexEntries(descriptor, async (index) => {
      const document = await this.#document(index);
      if (document.kind !== "index") throw new TypeError("not an index");
      return document;
    });
    for (const entries of all6) await this.#manifest(entries);
  }
  /** The user named one manifest: if it cannot be signed, that is an error. */
  async rootManifest(descriptor) {
    const document = await this.#document(descriptor);
    if (document.kind !== "manifest") throw new TypeError("not a manifest");
    const { mediaType } = document.config;
    let reason = notAContainer(mediaType);
    if (isImageConfig(mediaType)) reason = await this.#add(descriptor, document, false);
    else if (this.#options.layers !== "required") {
      this.#includeWithoutLayers(descriptor, document, void 0, reason);
      return;
    }
    if (reason !== void 0 && this.present.size === 0) {
      throw new VeritySignError("image", `the image cannot be signed: ${reason}`, { remedy: OTHER_IMAGES });
    }
  }
  /**
   * Includes or skips a manifest by all entries that name it. Their order does not matter: each may be the one
   * by which a node chooses the manifest.
   */
  async #manifest(entries) {
    const eligible = [];
    for (const entry of entries) {
      const reason = notAnImage(entry) ?? this.#foreign(entry.platform) ?? this.#unwanted(entry.platform);
      if (reason === void 0) eligible.push(entry);
      else this.#skip(entry, reason);
    }
    const [first] = eligible;
    if (first === void 0) return;
    const document = await this.#document(plainDescriptor(first));
    if (document.kind !== "manifest") throw new TypeError("not a manifest");
    const { config } = document;
    if (!isImageConfig(config.mediaType)) {
      const byConfig = await this.#mayRunByConfig(config);
      for (const entry of eligible) this.#skip(entry, notAContainer(config.mediaType), config, byConfig);
      return;
    }
    const { platform } = await this.#config(config);
    const runByLinux = entries.some((entry) => isForLinux(entry.platform ?? platform ?? { os: "" }));
    for (const entry of eligible) {
      const reason = await this.#add(entry, document, runByLinux);
      if (reason === void 0) return;
      this.#skip(platform === void 0 ? entry : { platform, ...entry }, reason, config);
    }
  }
  /** Whether a node that reads the config of an artifact may take it for that of a Linux image. */
  async #mayRunByConfig(config) {
    if (config.digest === EMPTY_CONFIG_DIGEST) return false;
    if (config.size > MAX_METADATA_SIZE) return true;
    this.#work.take(config);
    try {
      return namesLinuxPlatform(await this.#source.config(config));
    } catch (error) {
      if (error instanceof VeritySignError && error.code === "image") return false;
      throw error;
    }
  }
  /**
   * Reports a manifest once, even if it is listed several times: by an entry that a node might run. An entry
   * without a platform comes with that of the config.
   */
  #skip(descriptor, reason, config, byConfig = false) {
    const known2 = this.#skipped.get(descriptor.digest);
    const { mayRun, isImage, isArtifact } = entryKind(
      descriptor,
      config,
      byConfig && descriptor.platform === void 0
    );
    const leftOut = known2?.leftOut === true || !isArtifact && this.#wanted.size > 0;
    const counts = known2 === void 0 || mayRun && !known2.mayRun || isImage && !known2.isImage;
    const entry = counts ? { descriptor, reason, mayRun, isImage } : known2;
    this.#skipped.set(descriptor.digest, { ...entry, ...leftOut ? { leftOut } : {} });
  }
  /** Entries that are neither included nor indexes, in the order of the index. */
  get skipped() {
    const included = new Set(this.manifests.map(({ descriptor }) => descriptor.digest));
    return [...this.#skipped.values()].filter(({ descriptor }) => !included.has(descriptor.digest));
  }
  /**
   * Includes an image, or returns the reason why not.
   * @param runByLinux whether a Linux node may choose it, by this entry or by another one
   */
  async #add(entry, manifest, runByLinux) {
    const config = await this.#config(manifest.config);
    const platform = entry.platform ?? config.platform;
    const foreign = [platform, config.platform].find((one6) => one6 && otherSystem(one6) !== void 0);
    const reason = this.#foreign(foreign) ?? this.#unwanted(platform);
    if (reason !== void 0) return reason;
    const system = foreign && otherSystem(foreign);
    if (system !== void 0 && runByLinux) return system;
    if (system !== void 0) this.#includeWithoutLayers(entry, manifest, platform, system);
    else if (this.#options.layers === "none")
      this.#includeWithoutLayers(entry, manifest, platform, "its layers were not requested");
    else {
      const { allowSkip, unsignableLayers } = this.#options;
      const found6 = imageLayers(manifest, config, allowSkip, unsignableLayers);
      const descriptor = plainDescriptor(entry);
      this.manifests.push({ descriptor, platform, config: manifest.config, ...found6 });
    }
    return void 0;
  }
  /** Includes a manifest without its layers. */
  #includeWithoutLayers(entry, { config }, platform, layersLeftOut) {
    const descriptor = plainDescriptor(entry);
    this.manifests.push({ descriptor, platform, config, layers: [], skippedLayers: [], layersLeftOut });
  }
  /** The reason to skip an image of this platform, if its system is not Linux and it is not included. */
  #foreign(platform) {
    if (platform === void 0) return void 0;
    const included = this.#options.layers !== "required" && !isForLinux(platform);
    return included ? void 0 : otherSystem(platform);
  }
  /** Records the platform. Returns the reason to skip it; without a platform the config decides later. */
  #unwanted(platform) {
    if (platform === void 0) return void 0;
    const text = formatPlatform(platform);
    this.present.add(text);
    const wanted = platformNames(platform).filter((name) => this.#wanted.has(name));
    for (const name of wanted) this.found.add(name);
    return wanted.length > 0 || this.#wanted.size === 0 ? void 0 : `platform ${text} was not requested`;
  }
  async #config(descriptor) {
    checkMetadataSize(descriptor);
    const key = `${descriptor.digest} ${descriptor.size}`;
    const known2 = this.#configs.get(key);
    if (known2 !== void 0) return known2;
    this.#work.take(descriptor);
    const config = parseConfig(await this.#source.config(descriptor));
    this.#configs.set(key, config);
    return config;
  }
  async #document(descriptor) {
    checkMetadataSize(descriptor);
    this.#work.take(descriptor);
    return parseDocument(await this.#source.manifest(descriptor), descriptor.mediaType);
  }
};

// src/signatures/x509/asn1/encode.ts
function encode(tag, ...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([header(tag, length), ...parts]);
}
function encodeOid(dotted) {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [40 * first + second, ...rest].flatMap((arc) => {
    const groups = [arc & 127];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(left & 127 | 128);
    }
    return groups;
  });
  return encode(TAG.oid, Uint8Array.from(bytes));
}
function encodeInteger(magnitude) {
  const start = magnitude.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : magnitude.subarray(start);
  return (digits[0] ?? 0) >= 128 ? encode(TAG.integer, Uint8Array.of(0), digits) : encode(TAG.integer, digits);
}
function encodeBits(bytes) {
  return encode(TAG.bitString, Uint8Array.of(0), bytes);
}
function encodeTime(time) {
  const digits = time.toISOString().replace(/\.\d+Z$/, "Z").replaceAll(/[-:T]/g, "");
  return time.getUTCFullYear() < 2050 ? encode(TAG.utcTime, Buffer.from(digits.slice(2))) : encode(TAG.generalizedTime, Buffer.from(digits));
}
function header(tag, length) {
  if (length < 128) return Buffer.from([tag, length]);
  const bytes = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left & 255);
  return Buffer.from([tag, 128 | bytes.length, ...bytes]);
}

// src/signatures/x509/extensions.ts
var KEY_USAGE = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, crlSign: 6 };
var EXTENSION = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37"
};
var EVALUATED = new Set(Object.values(EXTENSION));
var CRL_POINTS = "2.5.29.31";
var CRITICAL_EXTENSION_REMEDY = "Use a certificate that is issued without this extension, or with it not critical";
function criticalExtensionViolation(certificate) {
  const unknown = [...certificate.extensions.all].find(
    ([id2, { critical }]) => critical && !EVALUATED.has(id2)
  );
  if (unknown === void 0) return void 0;
  const [id] = unknown;
  return id === CRL_POINTS ? `has critical cRLDistributionPoints (${id}), which demand a revocation list before each use` : `has a critical extension that is not understood (${id})`;
}
var KEY_IDENTIFIER = 128;
var AUTHORITY_SERIAL = 130;
var DIRECTORY_NAME = 164;
function readExtensionList(list) {
  const extensions = /* @__PURE__ */ new Map();
  if (list === void 0) return extensions;
  if (list.tag !== TAG.sequence) throw new FormatError("has extensions that are not a SEQUENCE");
  for (const element of childrenOf(list)) {
    const fields = fieldsOf(element, "an extension");
    const id = oidOf(fields.take(TAG.oid, "identifier"));
    const critical = isTrue(fields.takeIf(TAG.boolean));
    const value = fields.take(TAG.octetString, "value").content;
    fields.end();
    if (extensions.has(id)) throw new FormatError(`has the extension ${id} twice`);
    extensions.set(id, { critical, value });
  }
  return extensions;
}
function readCertificateExtensions(all6) {
  const read2 = (id, reader) => {
    const extension = all6.get(id);
    return extension && reader(readDer(extension.value), extension.critical);
  };
  return {
    all: all6,
    basicConstraints: read2(EXTENSION.basicConstraints, readBasicConstraints),
    keyUsage: read2(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: read2(EXTENSION.extendedKeyUsage, readExtendedKeyUsage),
    subjectKeyId: read2(EXTENSION.subjectKeyId, ({ content }) => content),
    authorityKeyId: read2(
      EXTENSION.authorityKeyId,
      (value) => childrenOf(value).find(({ tag }) => tag === KEY_IDENTIFIER)?.content
    ),
    authorityCertificate: read2(EXTENSION.authorityKeyId, readAuthorityCertificate)
  };
}
function readAuthorityCertificate(value) {
  const fields = childrenOf(value);
  const names = fields.filter(({ tag }) => tag === TAG.context1).flatMap(childrenOf);
  const issuer = names.findLast(({ tag }) => tag === DIRECTORY_NAME)?.content;
  const serial = fields.find(({ tag }) => tag === AUTHORITY_SERIAL)?.content;
  return issuer && serial && { issuer, serial: encode(TAG.integer, serial) };
}
function readBasicConstraints(value, critical) {
  const fields = fieldsOf(value, "basicConstraints");
  const isCa = isTrue(fields.takeIf(TAG.boolean));
  const length = fields.takeIf(TAG.integer);
  fields.end();
  const pathLength = length && smallIntegerOf(length);
  if (length !== void 0 && pathLength === void 0) {
    throw new FormatError("has an invalid path length in basicConstraints");
  }
  return { critical, isCa, pathLength };
}
function readKeyUsage(value, critical) {
  if (value.tag !== TAG.bitString) throw new FormatError("has a keyUsage that is not a BIT STRING");
  return { critical, bits: namedBitsOf(value) };
}
function readExtendedKeyUsage(value, critical) {
  if (value.tag !== TAG.sequence) throw new FormatError("has an extendedKeyUsage that is not a SEQUENCE");
  return { critical, purposes: childrenOf(value).map(oidOf) };
}

// builtin:node:crypto of images
var found5;
var all5 = () => found5 ??= load("node:crypto");
var one5 = (name) => all5()[name];
var createHash = /* @__PURE__ */ one5("createHash");
var verify = /* @__PURE__ */ one5("verify");
var X509Certificate = /* @__PURE__ */ one5("X509Certificate");
var constants = /* @__PURE__ */ one5("constants");

// src/signatures/x509/algorithms.ts
var OID = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  rsaEncryption: "1.2.840.113549.1.1.1",
  rsassaPss: "1.2.840.113549.1.1.10",
  /** id-ea-rsa of X.509: OpenSSL takes it for rsaEncryption, the kernel does not know it. */
  rsaAlias: "2.5.8.1.1",
  ecPublicKey: "1.2.840.10045.2.1",
  ed25519: "1.3.101.112"
};
var DIGEST_OIDS = {
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3"
};
var ECDSA_OIDS = {
  sha256: "1.2.840.10045.4.3.2",
  sha384: "1.2.840.10045.4.3.3",
  sha512: "1.2.840.10045.4.3.4"
};
var RSA_WITH_DIGEST_OIDS = {
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13"
};
var REFUSED_NAMES = {
  "1.2.840.113549.1.1.4": "MD5 with RSA",
  "1.2.840.113549.1.1.5": "SHA-1 with RSA",
  "1.2.840.113549.1.1.14": "SHA-224 with RSA",
  "1.2.840.10045.4.1": "SHA-1 with ECDSA",
  "1.2.840.10045.4.3.1": "SHA-224 with ECDSA",
  [OID.rsassaPss]: "RSASSA-PSS",
  [OID.ed25519]: "Ed25519",
  "1.3.101.113": "Ed448",
  "1.3.14.3.2.26": "SHA-1",
  "1.2.840.113549.2.5": "MD5",
  "2.16.840.1.101.3.4.2.4": "SHA-224"
};
function algorithmName(oid) {
  return REFUSED_NAMES[oid] ?? `the algorithm ${oid}`;
}
function digestOfOid(table, oid) {
  return ["sha256", "sha384", "sha512"].find((name) => table[name] === oid);
}
function readAlgorithm(element, name) {
  const fields = fieldsOf(element, name);
  const oid = oidOf(fields.take(TAG.oid, "identifier"));
  const parameters = fields.takeAny();
  fields.end();
  return { oid, parameters };
}

// src/signatures/x509/asn1/time.ts
var FIRST_OF_1900 = 50;
function readTime({ tag, content }, name) {
  const text = Buffer.from(content).toString("latin1");
  if (tag === TAG.utcTime && /^\d{12}Z$/.test(text)) {
    const century = Number(text.slice(0, 2)) >= FIRST_OF_1900 ? "19" : "20";
    return calendarDate(`${century}${text}`, name);
  }
  if (tag === TAG.generalizedTime && /^\d{14}Z$/.test(text)) return calendarDate(text, name);
  throw notATime(name);
}
function readGeneralizedTime({ tag, content }, name) {
  const text = Buffer.from(content).toString("latin1");
  if (tag !== TAG.generalizedTime || !/^\d{14}(\.\d{1,9})?Z$/.test(text)) throw notATime(name);
  return calendarDate(text, name);
}
function calendarDate(text, name) {
  const milliseconds = text.slice(15, -1).padEnd(3, "0").slice(0, 3);
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*$/, `$1-$2-$3T$4:$5:$6.${milliseconds}Z`);
  const date = new Date(iso);
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) throw notATime(name);
  return date;
}
function notATime(name) {
  return new FormatError(`has ${name} that is not a date and time in UTC`);
}

// src/signatures/x509/key.ts
var RSA = {
  2048: { kind: "rsa", bits: 2048, digest: "sha256" },
  3072: { kind: "rsa", bits: 3072, digest: "sha384" },
  4096: { kind: "rsa", bits: 4096, digest: "sha512" }
};
var CURVES = {
  prime256v1: { kind: "ec", bits: 256, digest: "sha256" },
  secp384r1: { kind: "ec", bits: 384, digest: "sha384" },
  secp521r1: { kind: "ec", bits: 521, digest: "sha512" }
};
function specOfKey(key) {
  const { modulusLength = 0, namedCurve = "" } = key?.asymmetricKeyDetails ?? {};
  if (key?.asymmetricKeyType === "rsa") return RSA[modulusLength];
  return key?.asymmetricKeyType === "ec" ? CURVES[namedCurve] : void 0;
}
function kindOfSpec({ kind, bits }) {
  return `${kind === "rsa" ? "RSA" : "EC"}-${bits}`;
}
var COORDINATE_BYTES = {
  "EC-256": 32,
  "EC-384": 48,
  "EC-521": 66
};

// src/signatures/x509/certificate.ts
var MAX_BYTES = 65535;
var UNIQUE_IDS = [129, 130];
var UNCOMPRESSED = 4;
var known = /* @__PURE__ */ new WeakMap();
function readCertificate(der) {
  const before = known.get(der);
  if (before?.x509.raw.equals(der) === true) return before;
  const certificate = read(der);
  known.set(der, certificate);
  return certificate;
}
function certificateName(certificate) {
  return `certificate "${certificate.subject}"`;
}
function validityViolation({ notBefore, notAfter }, at) {
  if (at < notBefore) return `is not valid before ${notBefore.toISOString()}`;
  if (at > notAfter) return `expired on ${notAfter.toISOString()}`;
  return void 0;
}
function read(der) {
  if (der.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES} bytes`);
  const { raw, ...fields } = readFields(der);
  const x509 = openX509(der);
  const key = keyOf2(x509);
  return {
    der,
    x509,
    subject: nameForPeople(x509.subject),
    issuer: nameForPeople(x509.issuer),
    fingerprint: createHash("sha256").update(der).digest("hex"),
    key,
    keyKind: keyKind(key, fields.keyAlgorithm, raw.publicKey),
    selfSigned: sameBytes(raw.issuer, raw.subject) && key !== void 0 && isVerifiedBy(x509, key),
    raw,
    ...fields
  };
}
function readFields(der) {
  const certificate = fieldsOf(readDer(der), "the certificate");
  const tbs = new Fields(certificate.take(TAG.sequence, "body"), "the certificate body");
  const outerAlgorithm = certificate.take(TAG.sequence, "signature algorithm");
  wholeBytesOf(certificate.take(TAG.bitString, "signature"), "a signature");
  certificate.end();
  tbs.takeIf(TAG.context0);
  const serial = tbs.take(TAG.integer, "serial number").bytes;
  const innerAlgorithm = tbs.take(TAG.sequence, "signature algorithm");
  if (!sameBytes(innerAlgorithm.bytes, outerAlgorithm.bytes)) {
    throw new FormatError("names two different signature algorithms");
  }
  const issuer = tbs.take(TAG.sequence, "issuer").bytes;
  const [from, to] = validityOf(tbs.take(TAG.sequence, "validity"));
  const subject = tbs.take(TAG.sequence, "subject").bytes;
  const { keyAlgorithm, publicKey } = readPublicKey(tbs.take(TAG.sequence, "public key"));
  for (const tag of UNIQUE_IDS) tbs.takeIf(tag);
  const wrapper = tbs.takeIf(TAG.context3);
  tbs.end();
  const list = wrapper && unwrap(wrapper, TAG.sequence, "the extensions");
  if (list?.content.length === 0) throw new FormatError("has an empty list of extensions");
  return {
    raw: { serial, issuer, notBefore: from.bytes, notAfter: to.bytes, subject, publicKey },
    notBefore: readTime(from, "a notBefore"),
    notAfter: readTime(to, "a notAfter"),
    keyAlgorithm,
    signatureAlgorithm: readAlgorithm(outerAlgorithm, "the signature algorithm"),
    extensions: readCertificateExtensions(readExtensionList(list))
  };
}
function validityOf(element) {
  const [from, to, ...others] = childrenOf(element);
  if (from === void 0 || to === void 0 || others.length > 0) {
    throw new FormatError("has a validity that is not made of two times");
  }
  return [from, to];
}
function readPublicKey(element) {
  const fields = fieldsOf(element, "the public key");
  const algorithm = fields.take(TAG.sequence, "algorithm");
  const key = fields.take(TAG.bitString, "bits");
  fields.end();
  return {
    keyAlgorithm: readAlgorithm(algorithm, "the algorithm of the public key"),
    publicKey: wholeBytesOf(key, "a public key")
  };
}
function openX509(der) {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new FormatError("is refused by OpenSSL", { cause });
  }
}
function keyOf2(x509) {
  try {
    return x509.publicKey;
  } catch {
    return void 0;
  }
}
function keyKind(key, written, publicKey) {
  if (hasUnnamedCurve(written) || hasShortPoint(written, publicKey)) return void 0;
  if (written.oid === OID.rsaAlias) return void 0;
  const spec = specOfKey(key);
  return spec && kindOfSpec(spec);
}
function hasUnnamedCurve({ oid, parameters }) {
  return oid === OID.ecPublicKey && parameters?.tag !== TAG.oid;
}
function hasShortPoint({ oid }, publicKey) {
  return oid === OID.ecPublicKey && publicKey[0] !== UNCOMPRESSED;
}
function isVerifiedBy(x509, key) {
  try {
    return x509.verify(key);
  } catch {
    return false;
  }
}
function nameForPeople(lines) {
  return lines ? lines.split("\n").reverse().join(",") : "(no name)";
}

// src/signatures/x509/chain.ts
function hasIssued(issuer, subject) {
  return isNamedBy(issuer, subject) && issuer.key !== void 0 && isVerifiedBy(subject.x509, issuer.key);
}
function keyIdentifiersMatch(issuer, subject) {
  const { authorityKeyId } = subject.extensions;
  const { subjectKeyId } = issuer.extensions;
  return authorityKeyId === void 0 || subjectKeyId === void 0 || sameBytes(authorityKeyId, subjectKeyId);
}
function sameChain(a, b) {
  return a.length === b.length && a.every((der, index) => sameBytes(der, b[index] ?? new Uint8Array()));
}
function brokenLink(chain, issued = hasIssued) {
  const at = chain.findIndex((certificate, index) => {
    const next = chain[index + 1];
    return next !== void 0 && (certificate.selfSigned || !issued(next, certificate));
  });
  return at === -1 ? void 0 : at;
}
function followIssuers(leaf, others, issued = hasIssued) {
  const chain = [leaf];
  for (let last = leaf; !last.selfSigned; ) {
    const subject = last;
    const issuers = others.filter((one6) => !chain.includes(one6) && issued(one6, subject));
    const issuer = issuers.find(({ selfSigned }) => selfSigned) ?? issuers[0];
    if (issuer === void 0) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}
var MAX_LENGTH = 16;
var MAX_TRIES = 200;
function* pathsToAnchors(leaf, others, anchors, { issued = hasIssued, maxLength = MAX_LENGTH } = {}) {
  let tries = 0;
  function* extend(path, last) {
    if (anchors.some((anchor) => isSame(anchor, last))) yield [...path];
    for (const anchor of anchors) {
      if (!isSame(anchor, last) && issued(anchor, last)) yield [...path, anchor];
    }
    if (path.length >= maxLength) return;
    for (const other of others) {
      if (path.some((one6) => isSame(one6, other)) || !isNamedBy(other, last)) continue;
      if (tries++ < MAX_TRIES && issued(other, last)) yield* extend([...path, other], other);
    }
  }
  yield* extend([leaf], leaf);
}
function isNamedBy(issuer, subject) {
  return sameBytes(issuer.raw.subject, subject.raw.issuer);
}
function isSame(one6, other) {
  return sameBytes(one6.der, other.der);
}

// src/signatures/pkcs7/kernel-links.ts
function namesIssuer(subject, issuer) {
  if (!isFirstChoice(subject, issuer)) return false;
  const { authorityKeyId } = subject.extensions;
  return authorityKeyId === void 0 || isKey(issuer, authorityKeyId);
}
function hasIssuedForKernel(issuer, subject) {
  return namesIssuer(subject, issuer) && hasIssued(issuer, subject);
}
function ownIssue(certificate) {
  const { raw, extensions, selfSigned } = certificate;
  if (!sameBytes(raw.issuer, raw.subject)) return "issued";
  const { authorityKeyId, authorityCertificate } = extensions;
  if (authorityKeyId !== void 0 || authorityCertificate !== void 0) {
    const byKey = authorityKeyId !== void 0 && isKey(certificate, authorityKeyId);
    const byNumber = authorityCertificate !== void 0 && isNumbered(certificate, authorityCertificate);
    if (!byKey && !byNumber) return "issued";
    if (byKey !== byNumber && authorityKeyId !== void 0 && authorityCertificate !== void 0) {
      return "unreadable";
    }
  }
  return selfSigned ? "self-signed" : "unreadable";
}
function kernelChain(signer, embedded) {
  const chain = [signer];
  for (let last = signer; ownIssue(last) !== "self-signed"; ) {
    const subject = last;
    const issuer = embedded.find((one6) => isFirstChoice(subject, one6));
    if (issuer === void 0 || chain.includes(issuer)) break;
    if (!hasIssuedForKernel(issuer, subject)) {
      throw new FormatError(
        `has a ${certificateName(subject)} that names the ${certificateName(issuer)} as its issuer (authorityKeyIdentifier), which did not issue it`
      );
    }
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}
function isFirstChoice({ extensions }, issuer) {
  const { authorityKeyId, authorityCertificate } = extensions;
  if (authorityCertificate !== void 0) return isNumbered(issuer, authorityCertificate);
  return authorityKeyId !== void 0 && isKey(issuer, authorityKeyId);
}
function isKey({ extensions: { subjectKeyId } }, id) {
  return subjectKeyId !== void 0 && sameBytes(subjectKeyId, id);
}
function isNumbered({ raw }, { issuer, serial }) {
  return sameBytes(raw.issuer, issuer) && sameBytes(raw.serial, serial);
}

// src/signatures/pkcs7/kernel-form.ts
var FIRST_YEAR = 1970;
var FIRST_GENERALIZED = 2050;
var MAX_KEY_ID = 127;
var AUTHORITY_KEY_ID = [128, 161, 130];
var SIMPLE_NAMES = /* @__PURE__ */ new Set([129, 130, 134, 135, 136]);
var DIRECTORY_NAME2 = 164;
function formViolation(certificate) {
  const reason = timeViolation(certificate) ?? nameViolation(certificate) ?? extensionViolation(certificate);
  if (reason !== void 0) return `${reason}; the kernel cannot parse it`;
  if (ownIssue(certificate) !== "unreadable") return void 0;
  return "names itself as its issuer, but its own key and identifiers do not confirm that; the kernel cannot parse it";
}
function timeViolation({ notBefore, notAfter, raw }) {
  const times = [
    ["notBefore", notBefore, raw.notBefore],
    ["notAfter", notAfter, raw.notAfter]
  ];
  for (const [name, date, der] of times) {
    const year = date.getUTCFullYear();
    if (year < FIRST_YEAR) return `has a ${name} before ${FIRST_YEAR}`;
    if (year < FIRST_GENERALIZED && der[0] === TAG.generalizedTime) {
      return `has a ${name} before ${FIRST_GENERALIZED} as GeneralizedTime instead of UTCTime`;
    }
  }
  return void 0;
}
function nameViolation({ raw }) {
  for (const [name, der] of [["subject", raw.subject], ["issuer", raw.issuer]]) {
    if (!isName(readDer(der))) return `has an empty name, or an empty part of one, as its ${name}`;
  }
  return void 0;
}
function extensionViolation({ extensions: { all: all6 } }) {
  const forms = [
    [EXTENSION.subjectKeyId, "subjectKeyIdentifier", isKeyId],
    [EXTENSION.keyUsage, "keyUsage", isKeyUsage],
    [EXTENSION.basicConstraints, "basicConstraints", isBasicConstraints],
    [EXTENSION.authorityKeyId, "authorityKeyIdentifier", isAuthorityKeyId]
  ];
  for (const [id, name, isReadable] of forms) {
    const extension = all6.get(id);
    if (extension !== void 0 && !isReadable(readDer(extension.value))) return `has an unusual ${name}`;
  }
  return void 0;
}
function isKeyId({ tag, content }) {
  return tag === TAG.octetString && content.length > 0 && content.length <= MAX_KEY_ID;
}
function isKeyUsage({ tag, content }) {
  return tag === TAG.bitString && content.length > 1;
}
function isBasicConstraints(value) {
  if (value.tag !== TAG.sequence) return false;
  const [first] = childrenOf(value);
  return first === void 0 || first.tag === TAG.boolean && first.content[0] === 255;
}
function isAuthorityKeyId(value) {
  if (value.tag !== TAG.sequence) return false;
  const fields = childrenOf(value);
  const places = fields.map(({ tag }) => AUTHORITY_KEY_ID.indexOf(tag));
  const inOrder = places.every((place, index) => place > (places[index - 1] ?? -1));
  const names = fields.filter(({ tag }) => tag === AUTHORITY_KEY_ID[1]).flatMap(childrenOf);
  return inOrder && names.every(isAuthorityName);
}
function isAuthorityName(element) {
  if (element.tag !== DIRECTORY_NAME2) return SIMPLE_NAMES.has(element.tag);
  const [name, ...others] = childrenOf(element);
  return name !== void 0 && others.length === 0 && isName(name);
}
function isName(name) {
  const rdns2 = name.tag === TAG.sequence ? childrenOf(name) : [];
  return rdns2.length > 0 && rdns2.every((rdn) => rdn.tag === TAG.set && areAttributes(childrenOf(rdn)));
}
function areAttributes(attributes) {
  return attributes.length > 0 && attributes.every((attribute) => {
    const [type, ...values] = attribute.tag === TAG.sequence ? childrenOf(attribute) : [];
    return type?.tag === TAG.oid && values.length === 1;
  });
}

// src/signatures/pkcs7/kernel-rules.ts
var MAX_PKCS7_BYTES = 32767;
var MAX_PKCS7_WITH_CONTENT_BYTES = 65535;
var MAX_CERTIFICATES = 16;
function mayHaveIssued(issuer, subject) {
  return keyIdentifiersMatch(issuer, subject) && hasIssued(issuer, subject);
}
function kernelViolation(certificate) {
  const key = keyViolation(certificate);
  if (key !== void 0) {
    return `has ${key}; the kernel accepts RSA of 2048, 3072 or 4096 bits and EC P-256, P-384 or P-521`;
  }
  const { oid } = certificate.signatureAlgorithm;
  if ((digestOfOid(RSA_WITH_DIGEST_OIDS, oid) ?? digestOfOid(ECDSA_OIDS, oid)) !== void 0)
    return formViolation(certificate);
  return `is signed with ${algorithmName(oid)}; only RSA PKCS#1 v1.5 and ECDSA with SHA-256, SHA-384 or SHA-512 are accepted`;
}
function issuerViolation(issuer, below) {
  const { basicConstraints, keyUsage } = issuer.extensions;
  if (basicConstraints?.isCa !== true) return "is not a CA certificate (basicConstraints)";
  if (keyUsage?.bits.has(KEY_USAGE.keyCertSign) === false) return "may not sign certificates (keyUsage)";
  const { pathLength } = basicConstraints;
  if (pathLength !== void 0 && below > pathLength) {
    return `allows at most ${pathLength} CA certificates below it (basicConstraints), there are ${below}`;
  }
  return void 0;
}
function leafViolation(leaf) {
  const { basicConstraints, keyUsage } = leaf.extensions;
  if (keyUsage?.bits.has(KEY_USAGE.digitalSignature) === false) {
    return "may not make signatures (keyUsage lacks digitalSignature)";
  }
  if (basicConstraints?.isCa === true && !leaf.selfSigned) {
    return "is a CA certificate, not a signing certificate";
  }
  return void 0;
}
function keyViolation({ key, keyAlgorithm, raw }) {
  if (hasUnnamedCurve(keyAlgorithm)) return "an EC key whose curve is not named";
  if (hasShortPoint(keyAlgorithm, raw.publicKey)) return "an EC key whose point is compressed or hybrid";
  if (keyAlgorithm.oid === OID.rsaAlias) return `an RSA key under the identifier ${OID.rsaAlias}`;
  if (key === void 0) return "a public key that cannot be read";
  if (specOfKey(key) !== void 0) return void 0;
  const { modulusLength = 0, namedCurve = "(unnamed)" } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case "rsa":
      return `an RSA key of ${modulusLength} bits`;
    case "ec":
      return `an EC key on the curve ${namedCurve}`;
    case "rsa-pss":
      return "an RSA key that is bound to RSASSA-PSS";
    default:
      return `a key of the type ${key.asymmetricKeyType ?? "(unknown)"}`;
  }
}

// src/signatures/pkcs7/parse.ts
var SUBJECT_KEY_IDENTIFIER = 128;
function parsePkcs7(der) {
  try {
    const { content, ...parsed } = parseMessage(der, MAX_PKCS7_BYTES);
    if (content !== void 0) throw new FormatError("has embedded content; it must be detached");
    return parsed;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError(
      "image",
      `the PKCS#7 signature is not one that layers may carry: it ${error.message}`,
      { remedy: "Sign the image again", cause: error }
    );
  }
}
function parseMessage(der, limit) {
  if (der.length === 0) throw new FormatError("is empty");
  if (der.length > limit) {
    throw new FormatError(`has ${der.length} bytes, and the kernel accepts at most ${limit}`);
  }
  if (Buffer.from(der.subarray(0, 10)).toString("latin1") === "-----BEGIN") {
    throw new FormatError("is PEM, not DER");
  }
  const contentInfo = fieldsOf(readDer(der), "the ContentInfo");
  const type = oidOf(contentInfo.take(TAG.oid, "content type"));
  if (type !== OID.signedData) throw new FormatError(`has the content type ${type}, not SignedData`);
  const wrapper = contentInfo.take(TAG.context0, "content");
  contentInfo.end();
  const signedData = new Fields(unwrap(wrapper, TAG.sequence, "the ContentInfo"), "the SignedData");
  const version = smallIntegerOf(signedData.take(TAG.integer, "version"));
  const digests = childrenOf(signedData.take(TAG.set, "digest algorithms"));
  const content = parseContent(signedData.take(TAG.sequence, "content info"));
  const embedded = signedData.takeIf(TAG.context0);
  if (signedData.takeIf(TAG.context1) !== void 0) throw new FormatError("carries revocation lists");
  const signers = childrenOf(signedData.take(TAG.set, "signers"));
  signedData.end();
  const [signerElement] = signers;
  if (signerElement === void 0 || signers.length !== 1) {
    throw new FormatError(`has ${signers.length} signers instead of one`);
  }
  const signer = parseSigner(signerElement);
  if (version !== 1) throw new FormatError(`has a SignedData of version ${version ?? "(none)"} instead of 1`);
  const [digestElement] = digests;
  if (digestElement === void 0 || digests.length !== 1) {
    throw new FormatError(`names ${digests.length} digest algorithms instead of one`);
  }
  if (parseDigest(digestElement) !== signer.digest) {
    throw new FormatError("has different digest algorithms in SignedData and SignerInfo");
  }
  if (embedded === void 0) throw new FormatError("does not embed the signer's certificate");
  const encoded = childrenOf(embedded);
  if (encoded.length > MAX_CERTIFICATES) {
    throw new FormatError(`has ${encoded.length} certificates, more than ${MAX_CERTIFICATES}`);
  }
  const certificates = orderCertificates(
    encoded.map(({ bytes }) => readPart("a certificate", () => readCertificate(bytes))),
    signer
  );
  const [first] = certificates;
  checkKey(first, signer.scheme);
  return { ...signer, certificates, signer: first, content };
}
function parseSigner(element) {
  const info = fieldsOf(element, "the SignerInfo");
  const version = smallIntegerOf(info.take(TAG.integer, "version"));
  if (info.next?.tag === SUBJECT_KEY_IDENTIFIER) {
    throw new FormatError("names its signer by a subject key identifier instead of issuer and serial number");
  }
  if (version !== 1) throw new FormatError(`has a SignerInfo of version ${version ?? "(none)"} instead of 1`);
  const id = new Fields(info.take(TAG.sequence, "issuer and serial number"), "the issuer and serial number");
  const issuer = id.take(TAG.sequence, "issuer").bytes;
  const serial = id.take(TAG.integer, "serial number").bytes;
  id.end();
  const digest = parseDigest(info.take(TAG.sequence, "digest algorithm"));
  if (info.takeIf(TAG.context0) !== void 0) throw new FormatError("has signed attributes");
  const scheme = parseScheme(info.take(TAG.sequence, "signature algorithm"), digest);
  const signature = info.take(TAG.octetString, "signature").content;
  if (info.takeIf(TAG.context1) !== void 0) throw new FormatError("has unsigned attributes");
  info.end();
  return { digest, scheme, issuer, serial, signature };
}
function parseContent(element) {
  const content = new Fields(element, "the content info");
  const type = oidOf(content.take(TAG.oid, "type"));
  if (type !== OID.data) throw new FormatError(`is a signature over content of the type ${type}, not data`);
  const wrapper = content.takeIf(TAG.context0);
  content.end();
  return wrapper && unwrap(wrapper, TAG.octetString, "the content info").content;
}
function parseDigest(element) {
  const { oid } = parseAlgorithm(element, "the digest algorithm");
  const digest = digestOfOid(DIGEST_OIDS, oid);
  if (digest === void 0) {
    throw new FormatError(`uses the digest ${algorithmName(oid)}, not SHA-256, SHA-384 or SHA-512`);
  }
  return digest;
}
function parseScheme(element, digest) {
  const { oid, hasNull } = parseAlgorithm(element, "the signature algorithm");
  if (oid === OID.rsaEncryption) return "rsa-pkcs1-v1_5";
  const ecdsaDigest = digestOfOid(ECDSA_OIDS, oid);
  if (ecdsaDigest !== void 0) {
    if (ecdsaDigest !== digest) {
      throw new FormatError("has a signature algorithm with another digest than the SignerInfo");
    }
    if (hasNull) throw new FormatError("has parameters in the signature algorithm");
    return "ecdsa-der";
  }
  if (digestOfOid(RSA_WITH_DIGEST_OIDS, oid) !== void 0) {
    throw new FormatError("has the signature algorithm RSA with a digest; the kernel wants rsaEncryption");
  }
  throw new FormatError(`has the signature algorithm ${algorithmName(oid)}, which the kernel does not have`);
}
function parseAlgorithm(element, name) {
  const algorithm = fieldsOf(element, name);
  const oid = oidOf(algorithm.take(TAG.oid, "identifier"));
  if (oid === OID.rsassaPss) return { oid, hasNull: false };
  const hasNull = algorithm.takeIf(TAG.null) !== void 0;
  if (algorithm.next !== void 0) throw new FormatError(`has parameters in ${name}`);
  return { oid, hasNull };
}
function orderCertificates(embedded, signer) {
  const distinct2 = embedded.filter(
    (one6, index) => embedded.findIndex(({ der }) => sameBytes(der, one6.der)) === index
  );
  for (const certificate of distinct2) {
    const reason = kernelViolation(certificate);
    if (reason !== void 0) throw new FormatError(`has a ${certificateName(certificate)} that ${reason}`);
  }
  const first = distinct2.find(
    ({ raw }) => sameBytes(raw.issuer, signer.issuer) && sameBytes(raw.serial, signer.serial)
  );
  if (first === void 0) {
    throw new FormatError("has no embedded certificate with the issuer and serial number of the signer");
  }
  const found6 = kernelChain(first, distinct2);
  const last = found6.at(-1) ?? first;
  const unseen = distinct2.filter((certificate) => !found6.includes(certificate));
  const ordered = [
    ...found6,
    ...followIssuers(last, unseen, mayHaveIssued).slice(1)
  ];
  const others = distinct2.filter((certificate) => !ordered.includes(certificate));
  if (others.length === 0) return ordered;
  const names = others.map(({ subject }) => `"${subject}"`).join(", ");
  throw new FormatError(`embeds certificates that are not in the signer's chain: ${names}`);
}
function checkKey(certificate, scheme) {
  const isRsa = certificate.keyKind?.startsWith("RSA") === true;
  if (isRsa !== (scheme === "rsa-pkcs1-v1_5")) {
    throw new FormatError(
      `has a signature algorithm that does not fit the key of the ${certificateName(certificate)}`
    );
  }
}

// src/signatures/x509/constraints/addresses.ts
function ipAddress(bytes) {
  return bytes.length === 4 || bytes.length === 16 ? bytes : void 0;
}
function network(bytes) {
  const half = bytes.length / 2;
  const address = bytes.subarray(0, half);
  const mask = bytes.subarray(half);
  if (ipAddress(address) === void 0 || address.length !== mask.length) return void 0;
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return /^1*0*$/.test(bits) ? { address, mask } : void 0;
}
function isInNetwork({ address, mask }, name) {
  if (address.length !== name.length) return false;
  return name.every((byte, index) => ((byte ^ (address[index] ?? 0)) & (mask[index] ?? 0)) === 0);
}

// src/signatures/x509/constraints/directory-name.ts
var INSIGNIFICANT = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\ufffc]/gu;
function comparableRdns(der) {
  return readRdns(der).map((rdn) => JSON.stringify(rdn.map(comparable).sort()));
}
function sameName(one6, other) {
  if (sameBytes(one6, other)) return true;
  const [first, second] = [comparableRdns(one6), comparableRdns(other)];
  return first.length === second.length && isBelow(first, second);
}
function isBelow(base, name) {
  return base.every((rdn, index) => rdn === name[index]);
}
function comparable({ type, value }) {
  const mapped = value.replaceAll(/\s+/gu, " ").replaceAll(INSIGNIFICANT, "").normalize("NFKC");
  const folded = mapped.toUpperCase().toLowerCase().normalize("NFKC");
  return `${type}=${folded.replaceAll(/\s+/gu, " ").trim()}`;
}

// src/signatures/x509/constraints/hosts.ts
var HOST = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
var LOCAL_PART = /^[\w.!#$%&'*+/=?^`{|}~-]+$/;
var URI_HOST = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[\w.~!$&'()*+,;=:%-]*@)?([A-Za-z0-9._-]+)(?::[0-9]*)?(?:[/?#]|$)/;
function dnsName(text) {
  const lower = text.toLowerCase();
  return HOST.test(lower.replace(/^\*\./, "")) ? lower : void 0;
}
function dnsBase(text) {
  const lower = text.toLowerCase();
  return lower === "" || HOST.test(lower.replace(/^\./, "")) ? lower : void 0;
}
function isInDomain(base, name) {
  if (base.startsWith(".")) return name.endsWith(base);
  return base === "" || name === base || name.endsWith(`.${base}`);
}
function reachesDomain(base, name) {
  if (isInDomain(base, name)) return true;
  if (!name.startsWith("*.")) return false;
  const suffix = name.slice(1);
  const host = base.replace(/^\./, "");
  return host.endsWith(suffix) && !host.slice(0, -suffix.length).includes(".");
}
function mailbox(text) {
  const at = text.lastIndexOf("@");
  const [local, host] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1).toLowerCase()];
  return LOCAL_PART.test(local) && HOST.test(host) ? { local, host } : void 0;
}
function mailboxBase(text) {
  return text.includes("@") ? mailbox(text) : hostBase(text);
}
function isMailboxOf(base, { local, host }) {
  return typeof base === "string" ? isHostOf(base, host) : base.local === local && base.host === host;
}
function uriHost(text) {
  const host = URI_HOST.exec(text)?.[1]?.toLowerCase() ?? "";
  const isAddress = /^[0-9]+$/.test(host.slice(host.lastIndexOf(".") + 1));
  return HOST.test(host) && !isAddress ? host : void 0;
}
function hostBase(text) {
  const lower = text.toLowerCase();
  return HOST.test(lower.replace(/^\./, "")) ? lower : void 0;
}
function isHostOf(base, host) {
  return base.startsWith(".") ? host.endsWith(base) : host === base;
}

// src/signatures/x509/constraints/name-forms.ts
var FORM = { otherName: 160, rfc822Name: 129, directoryName: 164 };
function compared(name, how) {
  const wrap = (value) => value === void 0 ? void 0 : { value };
  const both = (test) => (base, one6) => base !== void 0 && one6 !== void 0 && test(base.value, one6.value);
  return {
    name,
    readName: (element) => wrap(how.readName(element)),
    readBase: (element) => wrap(how.readBase(element)),
    contains: both(how.contains),
    reaches: both(how.reaches ?? how.contains)
  };
}
function notCompared(name) {
  const none = () => void 0;
  return { name, readName: none, readBase: none, contains: () => false, reaches: () => true };
}
var ia5 = ({ content }) => Buffer.from(content).toString("latin1");
var rdns = ({ content }) => comparableRdns(content);
var FORMS2 = /* @__PURE__ */ new Map([
  [FORM.otherName, notCompared("otherName")],
  [
    FORM.rfc822Name,
    compared("rfc822Name", {
      readName: (element) => mailbox(ia5(element)),
      readBase: (element) => mailboxBase(ia5(element)),
      contains: isMailboxOf
    })
  ],
  [
    130,
    compared("dNSName", {
      readName: (element) => dnsName(ia5(element)),
      readBase: (element) => dnsBase(ia5(element)),
      contains: isInDomain,
      reaches: reachesDomain
    })
  ],
  [163, notCompared("x400Address")],
  [FORM.directoryName, compared("directoryName", { readName: rdns, readBase: rdns, contains: isBelow })],
  [165, notCompared("ediPartyName")],
  [
    134,
    compared("uniformResourceIdentifier", {
      readName: (element) => uriHost(ia5(element)),
      readBase: (element) => hostBase(ia5(element)),
      contains: isHostOf
    })
  ],
  [
    135,
    compared("iPAddress", {
      readName: ({ content }) => ipAddress(content),
      readBase: ({ content }) => network(content),
      contains: isInNetwork
    })
  ],
  [136, notCompared("registeredID")]
]);
function formOf2({ tag }) {
  const form = FORMS2.get(tag);
  if (form === void 0) throw new FormatError("has a GeneralName of an unknown kind");
  return form;
}

// src/signatures/x509/constraints/certificate-names.ts
var EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
var SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9";
var EMPTY_NAME = 2;
function namesOf({ raw, extensions }) {
  const names = raw.subject.length > EMPTY_NAME ? subjectNames(raw.subject) : [];
  const alternatives = extensions.all.get(EXTENSION.subjectAltName);
  if (alternatives === void 0) return names;
  const list = readDer(alternatives.value);
  if (list.tag !== TAG.sequence) throw new FormatError("has a subjectAltName that is not a SEQUENCE");
  return [...names, ...childrenOf(list).flatMap(alternativeNames)];
}
function subjectNames(subject) {
  const asDirectoryName = { tag: FORM.directoryName, bytes: subject, content: subject };
  const emails = readName(subject).filter(({ type }) => type === EMAIL_ADDRESS);
  return [
    nameOf3(asDirectoryName, "a subject"),
    ...emails.map(({ value }) => {
      const content = Buffer.from(value);
      return nameOf3({ tag: FORM.rfc822Name, bytes: content, content }, `the emailAddress ${quoted(value)}`);
    })
  ];
}
function alternativeNames(element) {
  const names = [nameOf3(element, shownOf(element))];
  const [type] = element.tag === FORM.otherName ? childrenOf(element) : [];
  if (type !== void 0 && oidOf(type) === SMTP_UTF8_MAILBOX) {
    names.push({ form: formOf2({ tag: FORM.rfc822Name }), value: void 0, shown: "a SmtpUTF8Mailbox" });
  }
  return names;
}
function nameOf3(element, shown) {
  const form = formOf2(element);
  return { form, value: form.readName(element), shown };
}
function shownOf(element) {
  const { name } = formOf2(element);
  if (name === "iPAddress") return `the iPAddress ${Buffer.from(element.content).toString("hex")}`;
  const isText = ["rfc822Name", "dNSName", "uniformResourceIdentifier"].includes(name);
  return isText ? `the ${name} ${quoted(ia5(element))}` : `a name of the form ${name}`;
}

// src/signatures/x509/constraints/name-constraints.ts
function nameConstraintsOf({ extensions }) {
  const extension = extensions.all.get(EXTENSION.nameConstraints);
  if (extension === void 0) return void 0;
  const fields = fieldsOf(readDer(extension.value), "nameConstraints");
  const permitted = fields.takeIf(TAG.context0);
  const excluded = fields.takeIf(TAG.context1);
  fields.end();
  if (permitted === void 0 && excluded === void 0) throw new FormatError("has empty nameConstraints");
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) };
}
function readSubtrees(list) {
  if (list === void 0) return [];
  const subtrees = childrenOf(list).map(readSubtree);
  if (subtrees.length === 0) throw new FormatError("has an empty list in nameConstraints");
  return subtrees;
}
function readSubtree(element) {
  if (element.tag !== TAG.sequence) throw new FormatError("has a subtree that is not a SEQUENCE");
  const fields = new Fields(element, "a subtree");
  const base = fields.takeAny();
  if (base === void 0) throw new FormatError("has a subtree without a base");
  const limited = [fields.takeIf(128), fields.takeIf(129)].some((limit) => limit !== void 0);
  fields.end();
  const form = formOf2(base);
  return { form, base: limited ? void 0 : form.readBase(base) };
}

// src/signatures/x509/constraints/check-path.ts
var NAME_REMEDY = "Use a certificate with names that each CA above it may certify";
var MAX_COMPARISONS = 25e4;
function nameConstraintViolation(path) {
  for (const [above, issuer] of path.entries()) {
    if (above === 0) continue;
    let constraints;
    try {
      constraints = nameConstraintsOf(issuer);
    } catch (error) {
      return { certificate: issuer, reason: unreadable("nameConstraints", error) };
    }
    if (constraints === void 0) continue;
    for (const [index, certificate] of path.slice(0, above).entries()) {
      if (index > 0 && sameBytes(certificate.raw.issuer, certificate.raw.subject)) continue;
      const reason = violationOf(certificate, constraints, issuer.subject);
      if (reason !== void 0) return { certificate, reason };
    }
  }
  return void 0;
}
function violationOf(certificate, { permitted, excluded }, issuer) {
  let names;
  try {
    names = namesOf(certificate);
  } catch (error) {
    return unreadable("names", error);
  }
  if (names.length * (permitted.length + excluded.length) > MAX_COMPARISONS) {
    return `has ${names.length} names, too many to compare with the nameConstraints of "${issuer}"`;
  }
  for (const { form, value, shown } of names) {
    const allowed = permitted.filter((subtree) => subtree.form === form);
    const forbidden = excluded.filter((subtree) => subtree.form === form);
    const subtrees = [...allowed, ...forbidden];
    if (subtrees.length === 0) continue;
    if (value === void 0 || subtrees.some(({ base }) => base === void 0)) {
      return `has ${shown}, which cannot be compared with the nameConstraints of "${issuer}"`;
    }
    if (forbidden.some(({ base }) => form.reaches(base, value))) {
      return `has ${shown}, which the nameConstraints of "${issuer}" exclude`;
    }
    if (allowed.length > 0 && !allowed.some(({ base }) => form.contains(base, value))) {
      return `has ${shown}, which the nameConstraints of "${issuer}" do not permit`;
    }
  }
  return void 0;
}
function unreadable(what, error) {
  if (!(error instanceof FormatError)) throw error;
  return `has ${what} that cannot be read: it ${error.message}`;
}

// src/signatures/x509/purposes.ts
var PURPOSE = {
  anyExtendedKeyUsage: "2.5.29.37.0",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  emailProtection: "1.3.6.1.5.5.7.3.4",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  OCSPSigning: "1.3.6.1.5.5.7.3.9"
};
var FOREIGN = new Set(
  Object.values(PURPOSE).filter((purpose) => purpose !== PURPOSE.codeSigning)
);
var SIGNER_PURPOSE_REMEDY = "Use a certificate that is issued with extendedKeyUsage = codeSigning alone, or without extendedKeyUsage";
var ISSUER_PURPOSE_REMEDY = "Use a certificate of a CA without extendedKeyUsage, or with codeSigning in it";
function signerPurposeViolation({ extensions }) {
  const purposes = extensions.extendedKeyUsage?.purposes;
  if (purposes === void 0) return void 0;
  if (!purposes.includes(PURPOSE.codeSigning)) return `${isFor(purposes)}, not for codeSigning`;
  const foreign = purposes.find((purpose) => FOREIGN.has(purpose));
  return foreign && `also allows ${nameOf4(foreign)} (extendedKeyUsage)`;
}
function issuerPurposeViolation({ extensions }, purpose = "codeSigning") {
  const purposes = extensions.extendedKeyUsage?.purposes;
  if (purposes === void 0) return void 0;
  const allowed = purposes.includes(PURPOSE[purpose]) || purposes.includes(PURPOSE.anyExtendedKeyUsage);
  return allowed ? void 0 : `${isFor(purposes)}, and must not issue certificates for ${purpose}`;
}
function isFor(purposes) {
  const names = purposes.map(nameOf4);
  return `is for ${names.length === 0 ? "no purpose" : names.slice(0, 8).join(", ")} (extendedKeyUsage)`;
}
function nameOf4(purpose) {
  return Object.entries(PURPOSE).find(([, id]) => id === purpose)?.[0] ?? purpose;
}

// src/signatures/pkcs7/path-rules.ts
function pathViolation(path) {
  for (const [index, certificate] of path.entries()) {
    const rules = [
      [
        kernelViolation(certificate),
        "Use a certificate and CA with a form, key and algorithm that the kernel accepts"
      ],
      ...index === 0 ? signerRules(certificate) : issuerRules(certificate, path.slice(1, index)),
      [criticalExtensionViolation(certificate), CRITICAL_EXTENSION_REMEDY]
    ];
    for (const [reason, remedy] of rules) if (reason !== void 0) return { certificate, reason, remedy };
  }
  const name = nameConstraintViolation(path);
  return name && { ...name, remedy: NAME_REMEDY };
}
function signerRules(signer) {
  return [
    [leafViolation(signer), "Use a certificate for digital signatures, not the one of a CA"],
    [signerPurposeViolation(signer), SIGNER_PURPOSE_REMEDY]
  ];
}
function issuerRules(issuer, below) {
  return [
    [issuerViolation(issuer, pathBelow(below)), "Have the certificate issued by a proper CA"],
    [issuerPurposeViolation(issuer), ISSUER_PURPOSE_REMEDY]
  ];
}
function pathBelow(authorities) {
  return authorities.filter(({ raw }) => !sameBytes(raw.issuer, raw.subject)).length;
}

// src/signatures/pkcs7/verify.ts
function signedContent(rootHash) {
  if (!/^[0-9a-f]{64}$/.test(rootHash)) throw new TypeError("a root hash is 64 lowercase hex digits");
  return Buffer.from(rootHash, "ascii");
}
function signatureHolds(key, digest, signature, rootHash) {
  return holdsOver(key, digest, signature, signedContent(rootHash));
}
function holdsOver(key, digest, signature, content) {
  if (key === void 0) return false;
  const how = { key, padding: constants.RSA_PKCS1_PADDING, dsaEncoding: "der" };
  try {
    return verify(
      digest,
      content,
      key.asymmetricKeyType === "rsa" ? how : { key, dsaEncoding: "der" },
      signature
    );
  } catch {
    return false;
  }
}
function verifySignature(parsed, rootHash) {
  if (!signatureHolds(parsed.signer.key, parsed.digest, parsed.signature, rootHash)) {
    const other = otherContent(parsed, rootHash);
    const what = other === void 0 ? `the PKCS#7 signature is not one over the root hash ${rootHash}` : `the PKCS#7 signature is one over ${other}, not over its 64 lowercase hex digits`;
    throw new VeritySignError("image", what, {
      remedy: "Sign the image again. If the image has not changed since it was signed, the signature or the root hash was modified"
    });
  }
}
function otherContent({ signer, digest, signature }, rootHash) {
  const mistakes = [
    ["the 32 raw bytes of the root hash", Buffer.from(rootHash, "hex")],
    ["the root hash in uppercase", Buffer.from(rootHash.toUpperCase())],
    ["the root hash and a line end", Buffer.from(`${rootHash}
`)],
    ["the root hash with the prefix sha256:", Buffer.from(`sha256:${rootHash}`)]
  ];
  return mistakes.find(([, content]) => holdsOver(signer.key, digest, signature, content))?.[0];
}

export {
  quoted,
  printable,
  DM_VERITY_ARTIFACT_TYPE,
  NOTARY_ARTIFACT_TYPE,
  IPE_POLICY_ARTIFACT_TYPE,
  TARDEV_ARTIFACT_TYPE,
  ARTIFACT_FORMS,
  formOf,
  signatureIn,
  signaturesForReaders,
  checkStructure,
  checkSubject,
  readRecord,
  manifestReport,
  referrerReport,
  platformReport,
  builderReport,
  signerReport,
  skippedReport,
  skippedLayersReport,
  resolvedLayers,
  requiresLayers,
  skippedButRun,
  uncoveredEntry,
  uncoveredReport,
  warnOfUncovered,
  uncoveredNames,
  plainErofsText,
  classOfArtifact,
  uniqueLayers,
  hasTars,
  planArtifacts,
  prepareWorkers,
  processLayer,
  secondsSince,
  ErofsLayerBuilder,
  NativeLayerBuilder,
  failedOnLayer,
  openBuilder,
  DiskBudget,
  layersAtOnce,
  maxConcurrentLayers,
  convertLayers,
  layerLabel,
  convertShared,
  withTempFolder,
  Stopwatch,
  parseReferrer,
  signatureBlobs,
  fetchTogether,
  readReferrer,
  eachReferrer,
  resolveImage,
  encode,
  encodeOid,
  encodeInteger,
  encodeBits,
  encodeTime,
  KEY_USAGE,
  EXTENSION,
  CRL_POINTS,
  CRITICAL_EXTENSION_REMEDY,
  criticalExtensionViolation,
  readExtensionList,
  OID,
  DIGEST_OIDS,
  ECDSA_OIDS,
  RSA_WITH_DIGEST_OIDS,
  algorithmName,
  digestOfOid,
  readAlgorithm,
  readTime,
  readGeneralizedTime,
  specOfKey,
  kindOfSpec,
  COORDINATE_BYTES,
  readCertificate,
  certificateName,
  validityViolation,
  hasUnnamedCurve,
  hasShortPoint,
  hasIssued,
  keyIdentifiersMatch,
  sameChain,
  brokenLink,
  followIssuers,
  pathsToAnchors,
  namesIssuer,
  hasIssuedForKernel,
  ownIssue,
  kernelChain,
  MAX_PKCS7_BYTES,
  MAX_PKCS7_WITH_CONTENT_BYTES,
  MAX_CERTIFICATES,
  mayHaveIssued,
  parsePkcs7,
  parseMessage,
  sameName,
  NAME_REMEDY,
  nameConstraintViolation,
  PURPOSE,
  SIGNER_PURPOSE_REMEDY,
  ISSUER_PURPOSE_REMEDY,
  signerPurposeViolation,
  issuerPurposeViolation,
  pathViolation,
  signedContent,
  signatureHolds,
  holdsOver,
  verifySignature
};
