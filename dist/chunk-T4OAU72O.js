import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

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
function planManifests({ root, manifests }, { manifestSignature: format }) {
  if (format === "none") return [];
  const parts = manifests.map(({ descriptor, platform }) => ({ subject: descriptor, platform, format }));
  const listed = parts.some(({ subject }) => subject.digest === root.digest);
  return listed ? parts : [...parts, { subject: root, platform: void 0, format }];
}
var SMALL_BLOB = 256 * 1024;
function uuidOf({ descriptor, diffId }, source) {
  return layerUuid(source === "digest" ? descriptor.digest : diffId);
}
function layerKey(layer) {
  return `${layer.descriptor.digest} ${layer.diffId} ${layer.compression}`;
}

export {
  layerUuid,
  classOfArtifact,
  uniqueLayers,
  planArtifacts,
  planManifests,
  SMALL_BLOB,
  uuidOf,
  layerKey
};
