import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  CREATED,
  LAYER_DIGEST,
  NOTARY_PREFIX,
  OWN_PREFIX,
  ROOT_HASH,
  SIGNATURE_MARK,
  TITLE,
  descriptorOf,
  inBatches,
  parseSignatureManifest,
  plainDescriptor,
  sameContent
} from "./shared.model.annotations.js";
import {
  EMPTY_CONFIG_MEDIA_TYPE,
  MANIFEST_MEDIA_TYPE,
  PKCS7_MEDIA_TYPE
} from "./shared.model.media-types.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/model/artifact-types.ts
var DM_VERITY_ARTIFACT_TYPE = "application/vnd.cncf.notary.signature.dm-verity";
var NOTARY_ARTIFACT_TYPE = "application/vnd.cncf.notary.signature";

// src/oci/attach/artifact.ts
function buildArtifact(input) {
  return {
    artifactType: DM_VERITY_ARTIFACT_TYPE,
    subject: plainDescriptor(input.subject),
    annotations: {
      [SIGNATURE_MARK]: "true",
      ...prefixed(input.own),
      ...commonAnnotations(input.created, input.extra)
    },
    files: input.entries.map((entry, index) => {
      const name = `layer-${index}.pkcs7.sig`;
      return {
        mediaType: PKCS7_MEDIA_TYPE,
        bytes: entry.pkcs7,
        annotations: { [LAYER_DIGEST]: entry.layerDigest, [ROOT_HASH]: entry.rootHash, [TITLE]: name }
      };
    })
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

// src/oci/attach/referrers.ts
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
var RETRY_AFTER = [300, 600, 1200];
var MOST_REFERRERS = 100;
var MAX_ENTRIES = 1e3;
var MAX_ALL_SIGNATURES = 16 * 1024 * 1024;
var REMEDY = "Set referrers to tag to use the fallback tag, or to api if the registry has the referrers API; otherwise use another registry";
async function attachAndReadBack(store, artifact, folder, signal) {
  const encoded = encodeArtifact(artifact);
  const own = await mkdtemp(join(folder, "attach-"));
  try {
    await store.attach(encoded, own);
    await checkContentOf(store, encoded);
    await checkListed(store, encoded, own, signal);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
  return encoded.descriptor;
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
async function checkListed(store, encoded, folder, signal) {
  const { descriptor, manifest } = encoded;
  for (let attempt = 0; ; attempt++) {
    const referrers = await listBack(store, manifest);
    const found = referrers.find(({ digest }) => digest === descriptor.digest);
    if (found !== void 0) {
      if (sameContent(found, descriptor)) return;
      throw different(store, `the list of referrers has other properties for ${descriptor.digest}`);
    }
    const wait = RETRY_AFTER[attempt];
    if (wait === void 0) {
      const what = referrers.length === 0 ? "no referrer" : "only other referrers";
      throw different(store, `${descriptor.digest} was pushed, but the list has ${what} of the image`);
    }
    await setTimeout(wait * (1 + Math.random()), void 0, signal === void 0 ? {} : { signal });
    try {
      await store.relist(encoded, folder);
    } catch (cause) {
      if (cause instanceof VeritySignError && cause.remedy !== void 0) throw cause;
      throw unreadable(store, "the list of referrers", cause);
    }
  }
}
async function listBack(store, manifest) {
  try {
    return await store.list(manifest.subject, manifest.artifactType);
  } catch (cause) {
    throw unreadable(store, "the list of referrers", cause);
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
async function findReusable(store, subject, artifactType, { accept, onBroken }) {
  for (const descriptor of (await store.list(subject, artifactType)).slice(0, MOST_REFERRERS)) {
    try {
      const { manifest, blobs } = await readReferrer(store, descriptor);
      if (!sameContent(manifest.subject, subject) || manifest.artifactType !== artifactType) continue;
      if (await accept(manifest, blobs)) return descriptor;
    } catch (error) {
      if (error instanceof VeritySignError && error.code === "cancelled") throw error;
      onBroken?.(descriptor, error);
    }
  }
  return void 0;
}
async function readReferrer(store, descriptor, wanted = () => true) {
  const manifest = parseSignatureManifest(await store.fetchManifest(descriptor), descriptor.mediaType);
  if (manifest.layers.length > MAX_ENTRIES) {
    throw new VeritySignError(
      "image",
      `the signature manifest has ${manifest.layers.length} entries, the limit is ${MAX_ENTRIES}`
    );
  }
  if (!wanted(manifest)) return { manifest, blobs: [] };
  const distinct = [...new Map(manifest.layers.map((layer) => [layer.digest, layer])).values()];
  const size = distinct.reduce((sum, layer) => sum + layer.size, 0);
  if (size > MAX_ALL_SIGNATURES) {
    throw new VeritySignError(
      "image",
      `the signatures have ${size} bytes, the limit is ${MAX_ALL_SIGNATURES}`
    );
  }
  const fetched = await inBatches(distinct, (layer) => store.fetchBlob(layer));
  const byDigest = new Map(distinct.map(({ digest }, index) => [digest, fetched[index] ?? Buffer.alloc(0)]));
  return { manifest, blobs: manifest.layers.map(({ digest }) => byDigest.get(digest) ?? Buffer.alloc(0)) };
}

export {
  DM_VERITY_ARTIFACT_TYPE,
  NOTARY_ARTIFACT_TYPE,
  buildArtifact,
  commonAnnotations,
  prefixed,
  MOST_REFERRERS,
  attachAndReadBack,
  findReusable,
  readReferrer
};
