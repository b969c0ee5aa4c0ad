import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  formatPlatform,
  normalizePlatform,
  parsePlatform,
  platformNames
} from "./shared.oci.image.platform.js";
import {
  WorkCounter
} from "./shared.oci.image.layout-source.js";
import {
  MAX_METADATA_SIZE,
  checkMetadataSize,
  documentKind,
  isImageConfig,
  parseConfig,
  parseDocument,
  plainDescriptor
} from "./shared.oci.documents.js";
import {
  foldName
} from "./shared.formats.digest.js";
import {
  DOCKER_LAYER_MEDIA_TYPES,
  EMPTY_CONFIG_DIGEST,
  EROFS_LAYER_MEDIA_TYPES,
  LAYER_MEDIA_TYPES
} from "./shared.model.media-types.js";
import {
  VeritySignError
} from "./shared.errors.js";

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
function isForLinux(platform) {
  return ["linux", ""].includes(normalizePlatform(platform).os);
}
function otherSystem(platform) {
  const { os } = platform;
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
  const forLinux = systems.length === 0 || systems.some((os) => isForLinux({ os, architecture: "" }));
  return forLinux && texts("architecture").some((architecture) => architecture !== "");
}

// src/oci/image/resolve.ts
var MAX_DEPTH = 8;
var LIMIT = { documents: 2e3, bytes: 64 * 1024 * 1024 };
var OTHER_IMAGES = "Only layers of Linux images can be signed; for other images set layers to auto and use manifest-signature";
async function resolveImage(source, options) {
  const { platforms, allowSkip, layers = "required", unsignableLayers = "refuse" } = options;
  const wanted = new Set(platforms.map((text) => formatPlatform(parsePlatform(text))));
  const other = layers === "required" && [...wanted].find((platform) => !/^linux[(/]/.test(platform));
  if (other) {
    throw new VeritySignError(
      "usage",
      `platform ${other} has no Linux file systems, and only those can be signed as layers`,
      {
        remedy: "Set platform to Linux platforms only, or set layers to auto"
      }
    );
  }
  const root = plainDescriptor(await source.resolve());
  const walk = new Walk(source, wanted, { allowSkip, layers, unsignableLayers });
  if (documentKind(root.mediaType) === "index") await walk.index(root, []);
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
  #seen = /* @__PURE__ */ new Set();
  #skipped = /* @__PURE__ */ new Map();
  /** Manifests that were read and cannot be included. */
  #unsuitable = /* @__PURE__ */ new Map();
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
  async index(descriptor, parents) {
    if (parents.includes(descriptor.digest)) {
      throw new VeritySignError("image", `the index ${descriptor.digest} contains itself`);
    }
    if (parents.length >= MAX_DEPTH) {
      throw new VeritySignError("image", `indexes are nested more than ${MAX_DEPTH} deep`);
    }
    const document = await this.#document(descriptor);
    if (document.kind !== "index") throw new TypeError("not an index");
    for (const entry of document.manifests) await this.#entry(entry, [...parents, descriptor.digest]);
  }
  /** The user named one manifest: if it cannot be signed, that is an error. */
  async rootManifest(descriptor) {
    const document = await this.#document(descriptor);
    if (document.kind !== "manifest") throw new TypeError("not a manifest");
    const { mediaType } = document.config;
    if (!isImageConfig(mediaType) && this.#options.layers !== "required") {
      this.#includeWithoutLayers(descriptor, document, void 0, notAContainer(mediaType));
      return;
    }
    const reason = await this.#add(descriptor, document, void 0);
    if (reason !== void 0 && this.present.size === 0) {
      throw new VeritySignError("image", `the image cannot be signed: ${reason}`, { remedy: OTHER_IMAGES });
    }
  }
  async #entry(entry, parents) {
    const descriptor = plainDescriptor(entry);
    if (documentKind(entry.mediaType) === "index") {
      if (this.#seen.has(entry.digest) && !parents.includes(entry.digest)) return;
      this.#seen.add(entry.digest);
      return this.index(descriptor, parents);
    }
    const reason = notAnImage(entry) ?? this.#foreign(entry.platform) ?? this.#unwanted(entry.platform);
    if (this.#seen.has(entry.digest)) {
      const known = this.#unsuitable.get(entry.digest);
      if (known !== void 0) this.#skip(entry, known.reason, known.config, known.byConfig);
      return;
    }
    if (reason !== void 0) {
      this.#skip(entry, reason);
      return;
    }
    this.#seen.add(entry.digest);
    const document = await this.#document(descriptor);
    if (document.kind !== "manifest") throw new TypeError("not a manifest");
    const unsuitable = await this.#add(descriptor, document, entry.platform);
    if (unsuitable === void 0) return;
    const { config } = document;
    const byConfig = await this.#mayRunByConfig(config);
    this.#unsuitable.set(entry.digest, { reason: unsuitable, config, byConfig });
    this.#skip(entry, unsuitable, config, byConfig);
  }
  /** Whether a node that reads the config of an artifact may take it for that of a Linux image. */
  async #mayRunByConfig(config) {
    if (isImageConfig(config.mediaType) || config.digest === EMPTY_CONFIG_DIGEST) return false;
    if (config.size > MAX_METADATA_SIZE) return true;
    this.#work.take(config);
    try {
      return namesLinuxPlatform(await this.#source.config(config));
    } catch (error) {
      if (error instanceof VeritySignError && error.code === "image") return false;
      throw error;
    }
  }
  /** Reports a manifest once, even if it is listed several times: by an entry that a node might run. */
  #skip(descriptor, reason, config, byConfig = false) {
    const known = this.#skipped.get(descriptor.digest);
    const { mayRun, isImage, isArtifact } = entryKind(
      descriptor,
      config,
      byConfig && descriptor.platform === void 0
    );
    const leftOut = known?.leftOut === true || !isArtifact && this.#wanted.size > 0;
    const counts = known === void 0 || mayRun && !known.mayRun || isImage && !known.isImage;
    const entry = counts ? { descriptor, reason, mayRun, isImage } : known;
    this.#skipped.set(descriptor.digest, { ...entry, ...leftOut ? { leftOut } : {} });
  }
  /** Entries that are neither included nor indexes, in the order of the index. */
  get skipped() {
    const included = new Set(this.manifests.map(({ descriptor }) => descriptor.digest));
    return [...this.#skipped.values()].filter(({ descriptor }) => !included.has(descriptor.digest));
  }
  /** Includes the manifest, or returns the reason why not. */
  async #add(descriptor, manifest, listed) {
    if (!isImageConfig(manifest.config.mediaType)) return notAContainer(manifest.config.mediaType);
    const config = await this.#config(manifest.config);
    const platform = listed ?? config.platform;
    const foreign = [listed, config.platform].find((one) => one !== void 0 && one.os !== "linux");
    const reason = this.#foreign(foreign) ?? this.#unwanted(platform);
    if (reason !== void 0) return reason;
    if (foreign !== void 0 && listed?.os === "linux") return otherSystem(foreign);
    if (foreign !== void 0)
      this.#includeWithoutLayers(descriptor, manifest, platform, otherSystem(foreign));
    else if (this.#options.layers === "none")
      this.#includeWithoutLayers(descriptor, manifest, platform, "its layers were not requested");
    else {
      const { allowSkip, unsignableLayers } = this.#options;
      const found = imageLayers(manifest, config, allowSkip, unsignableLayers);
      this.manifests.push({ descriptor, platform, config: manifest.config, ...found });
    }
    return void 0;
  }
  /** Includes a manifest without its layers. */
  #includeWithoutLayers({ mediaType, digest, size }, { config }, platform, layersLeftOut) {
    const descriptor = { mediaType, digest, size };
    this.manifests.push({ descriptor, platform, config, layers: [], skippedLayers: [], layersLeftOut });
  }
  /** The reason to skip an image of this platform, if its system is not Linux. */
  #foreign(platform) {
    if (platform === void 0 || platform.os === "linux") return void 0;
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
    const known = this.#configs.get(key);
    if (known !== void 0) return known;
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

export {
  resolveImage
};
