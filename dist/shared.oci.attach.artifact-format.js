import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  BATCH,
  inBatches,
  isNotFound,
  parseSignatureManifest
} from "./shared.oci.attach.batches.js";
import {
  LAYER_DIGEST,
  ROOT_HASH,
  TARDEV_LAYER_DIGEST,
  TARDEV_ROOT_HASH,
  TARDEV_SIGNATURE
} from "./shared.model.annotations.js";
import {
  parseMetadata
} from "./shared.oci.documents.js";
import {
  object,
  string
} from "./shared.zod.v4.core.schemas.js";
import {
  PKCS7_MEDIA_TYPE,
  TARDEV_SIGNATURE_MEDIA_TYPE
} from "./shared.model.media-types.js";
import {
  VeritySignError
} from "./shared.errors.js";

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

// src/oci/attach/read/one-referrer.ts
var MAX_ENTRIES = 1e3;
var MAX_ALL_SIGNATURES = 16 * 1024 * 1024;
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
function distinctLayers({ layers }) {
  return [...new Map(layers.map((layer) => [layer.digest, layer])).values()];
}
function checkSignatureSizes(layers) {
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  if (size <= MAX_ALL_SIGNATURES) return layers;
  throw new VeritySignError("image", `the signatures have ${size} bytes, the limit is ${MAX_ALL_SIGNATURES}`);
}
async function readReferrer(store, descriptor) {
  const manifest = parseReferrer(await store.fetchManifest(descriptor), descriptor.mediaType);
  const layers = checkSignatureSizes(distinctLayers(manifest));
  const fetched = await inBatches(layers, (layer) => store.fetchBlob(layer));
  const byDigest = new Map(layers.map(({ digest }, index) => [digest, fetched[index] ?? Buffer.alloc(0)]));
  return { manifest, blobs: manifest.layers.map(({ digest }) => byDigest.get(digest) ?? Buffer.alloc(0)) };
}

// src/oci/attach/read/each-referrer.ts
import { setImmediate } from "node:timers/promises";

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

// src/oci/attach/read/each-referrer.ts
var FEW = 12;
async function* eachReferrer(store, subject, artifactType, screen = {}, signal) {
  const listed = distinct(await store.list(subject, artifactType));
  const reader = new Reader(store, subject, artifactType, screen);
  const bySize = listed.slice(0, MOST_REFERRERS).map((descriptor, position) => ({ descriptor, position }));
  bySize.sort((a, b) => a.descriptor.size - b.descriptor.size);
  const candidates = [];
  for (const some of inChunks(bySize)) {
    const read = await inBatches(some, ({ descriptor, position }) => reader.manifest(descriptor, position));
    for (const one of read) {
      if (one === void 0) continue;
      if ("layers" in one) candidates.push(one);
      else yield [one.position, one.referrer];
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
      return { manifest: manifest2, layers: checkSignatureSizes(distinctLayers(manifest2)) };
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
      await inBatches(layers.slice(1), async (layer) => {
        blobs.set(layer.digest, await this.#blob(layer));
      });
    });
    if (failed instanceof VeritySignError) return { descriptor, error: failed };
    return { descriptor, manifest, blobs: manifest.layers.map(({ digest }) => blobs.get(digest)) };
  }
  #blob(layer) {
    const key = `${layer.digest} ${layer.size}`;
    const known = this.#blobs.get(key);
    if (known !== void 0) return known;
    this.#budget.takeSignature(layer.size);
    const read = this.#store.fetchBlob(layer);
    this.#blobs.set(key, read);
    read.catch(() => this.#blobs.delete(key));
    return read;
  }
};
async function orError(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code === "cancelled") throw error;
    return error;
  }
}
function distinct(listed) {
  const found = /* @__PURE__ */ new Map();
  for (const one of listed) {
    const key = `${one.digest} ${one.size} ${one.mediaType}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}
function inChunks(items) {
  const chunks = [];
  for (let first = 0; first < items.length; first += BATCH) chunks.push(items.slice(first, first + BATCH));
  return chunks;
}

export {
  DM_VERITY_ARTIFACT_TYPE,
  NOTARY_ARTIFACT_TYPE,
  IPE_POLICY_ARTIFACT_TYPE,
  TARDEV_ARTIFACT_TYPE,
  ARTIFACT_FORMS,
  formOf,
  signatureIn,
  signaturesForReaders,
  parseReferrer,
  distinctLayers,
  checkSignatureSizes,
  readReferrer,
  eachReferrer
};
