import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  ARTIFACT_FORMS,
  eachReferrer
} from "./shared.oci.attach.artifact-format.js";
import {
  ReferrersRefusedError
} from "./shared.oci.oras.failures.refusal.js";
import {
  CREATED,
  NOTARY_PREFIX,
  OWN_PREFIX,
  SIGNATURE_MARK,
  TARDEV_BLOB_NAME,
  TARDEV_SIGNATURE,
  TITLE
} from "./shared.model.annotations.js";
import {
  descriptorOf,
  plainDescriptor,
  sameContent
} from "./shared.oci.documents.js";
import {
  EMPTY_CONFIG_MEDIA_TYPE,
  MANIFEST_MEDIA_TYPE
} from "./shared.model.media-types.js";
import {
  VeritySignError
} from "./shared.errors.js";

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

// src/oci/attach/read/find-reusable.ts
async function findReusable(store, subject, artifactType, { wanted = () => true, read, onBroken, signal }) {
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
      const content = await read(manifest, complete);
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
  const found = [];
  for (const request of requests) found.push(await findOne(store, request, log, signal));
  return found;
}
async function findOne(store, { subject, artifactType, annotations, wanted, read }, log, signal) {
  let broken = 0;
  const found = await findReusable(store, subject, artifactType, {
    wanted,
    read,
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
  if (found === void 0) return void 0;
  const { descriptor, manifest, content } = found;
  reportOtherAnnotations(descriptor, manifest.annotations, annotations, log);
  return { descriptor, content };
}

export {
  buildArtifact,
  commonAnnotations,
  prefixed,
  encodeArtifact,
  checkAnnotations,
  runAnnotations,
  findReusableReferrers
};
