import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  layerKey
} from "./chunk-CQBVTECB.js";
import {
  VeritySignError
} from "./chunk-DNW23BY2.js";

// src/image/platform.ts
var ARCHITECTURES = {
  i386: ["386"],
  x86_64: ["amd64"],
  "x86-64": ["amd64"],
  aarch64: ["arm64"],
  armhf: ["arm", "v7"],
  armel: ["arm", "v6"]
};
function normalizePlatform(platform) {
  const os = platform.os.toLowerCase() === "macos" ? "darwin" : platform.os.toLowerCase();
  const given = platform.architecture.toLowerCase();
  const [architecture, implied] = ARCHITECTURES[given] ?? [given];
  const variant = normalizeVariant(architecture, implied ?? platform.variant?.toLowerCase() ?? "");
  return { os, architecture, ...variant === "" ? {} : { variant } };
}
function normalizeVariant(architecture, variant) {
  const full = /^[0-9]/.test(variant) ? `v${variant}` : variant;
  if (architecture === "arm64" && full === "v8") return "";
  if (architecture === "amd64" && full === "v1") return "";
  if (architecture === "arm" && full === "") return "v7";
  return full;
}
function formatPlatform(platform) {
  const { os, architecture, variant } = normalizePlatform(platform);
  return [os, architecture, ...variant === void 0 ? [] : [variant]].join("/");
}
function parsePlatform(text) {
  const parts = text.trim().split("/");
  const [first = "", second, variant] = parts;
  if (parts.length > 3 || parts.some((part) => !/^[A-Za-z0-9_.-]+$/.test(part)) || first === "linux" && second === void 0) {
    throw new VeritySignError("usage", `${JSON.stringify(text)} is not a platform`, {
      remedy: "Write platforms as linux/amd64 or linux/arm64/v8"
    });
  }
  if (second === void 0) return normalizePlatform({ os: "linux", architecture: first });
  return normalizePlatform({
    os: first,
    architecture: second,
    ...variant === void 0 ? {} : { variant }
  });
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

// src/erofs/uuid.ts
import { createHash } from "node:crypto";
var NAMESPACE_URL = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");
function uuid5(namespace, name) {
  const bytes = createHash("sha1").update(namespace).update(name, "utf8").digest().subarray(0, 16);
  bytes.writeUInt8(bytes.readUInt8(6) & 15 | 80, 6);
  bytes.writeUInt8(bytes.readUInt8(8) & 63 | 128, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
function layerUuid(digest) {
  return uuid5(NAMESPACE_URL, `erofs:blobs/${digest}`);
}

// src/pipeline/plan.ts
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
function planManifests(image, { manifestSignature: format }) {
  if (format === "none") return [];
  const { root, manifests } = image;
  const parts = manifests.map(({ descriptor, platform }) => ({ subject: descriptor, platform, format }));
  const listed = parts.some(({ subject }) => subject.digest === root.digest);
  if (listed || whyIndexUnsigned(image) !== void 0) return parts;
  return [...parts, { subject: root, platform: void 0, format }];
}
function uuidOf({ descriptor, diffId }, source) {
  return layerUuid(source === "digest" ? descriptor.digest : diffId);
}

export {
  normalizePlatform,
  formatPlatform,
  parsePlatform,
  layerUuid,
  warnOfLeftOut,
  classOfArtifact,
  uniqueLayers,
  planArtifacts,
  planManifests,
  uuidOf
};
