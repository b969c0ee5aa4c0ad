import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  encodeArtifact,
  inBatches,
  parseSignatureManifest,
  sameContent
} from "./chunk-WW4WEF6W.js";
import {
  VeritySignError
} from "./chunk-DNW23BY2.js";

// src/attach/referrers.ts
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
var LOOK_AGAIN_AFTER = [300, 600, 1200];
var MAX_ENTRIES = 1e3;
var MAX_ALL_SIGNATURES = 16 * 1024 * 1024;
var REMEDY = "Set referrers to tag to use the fallback tag, or to api if the registry has the referrers API; else use another registry";
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
    throw different(store, `the signature manifest ${descriptor.digest} came back changed`);
  }
  await inBatches(blobs, async (blob) => {
    if (!(await readBack(store, blob.descriptor, true)).equals(blob.bytes)) {
      throw different(store, `the signature ${blob.descriptor.digest} came back changed`);
    }
  });
}
async function checkListed(store, encoded, folder, signal) {
  const { descriptor, manifest } = encoded;
  for (let looks = 0; ; looks++) {
    const referrers = await listBack(store, manifest);
    const found = referrers.find(({ digest }) => digest === descriptor.digest);
    if (found !== void 0) {
      if (sameContent(found, descriptor)) return;
      throw different(store, `the list of referrers has other properties for ${descriptor.digest}`);
    }
    const wait = LOOK_AGAIN_AFTER[looks];
    if (wait === void 0) {
      const what = referrers.length === 0 ? "no referrer" : "only other referrers";
      throw different(store, `${descriptor.digest} was pushed, but ${what} of the image can be found`);
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
  const message = `${store.name} does not give back ${what} after the signature was attached: ${cause.message}`;
  return new VeritySignError("registry", message, { remedy: REMEDY, cause });
}
async function findReusable(store, subject, artifactType, { accept, onBroken }) {
  for (const descriptor of await store.list(subject, artifactType)) {
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
  const manifest = parseSignatureManifest(await store.fetchManifest(descriptor));
  if (manifest.layers.length > MAX_ENTRIES) {
    throw new VeritySignError("image", `the signature manifest has ${manifest.layers.length} entries`);
  }
  if (!wanted(manifest)) return { manifest, blobs: [] };
  const distinct = [...new Map(manifest.layers.map((layer) => [layer.digest, layer])).values()];
  const size = distinct.reduce((sum, layer) => sum + layer.size, 0);
  if (size > MAX_ALL_SIGNATURES) {
    throw new VeritySignError("image", `the signatures have ${size} bytes, more than ${MAX_ALL_SIGNATURES}`);
  }
  const fetched = await inBatches(distinct, (layer) => store.fetchBlob(layer));
  const byDigest = new Map(distinct.map(({ digest }, index) => [digest, fetched[index] ?? Buffer.alloc(0)]));
  return { manifest, blobs: manifest.layers.map(({ digest }) => byDigest.get(digest) ?? Buffer.alloc(0)) };
}

export {
  attachAndReadBack,
  findReusable,
  readReferrer
};
