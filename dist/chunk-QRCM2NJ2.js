import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  array,
  int,
  literal,
  object,
  record,
  string
} from "./chunk-F7L57EWU.js";
import {
  VeritySignError
} from "./chunk-DNW23BY2.js";

// src/tools/content.ts
import { createHash } from "node:crypto";
var MAX_METADATA_SIZE = 4 * 1024 * 1024;
var DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
function isDigest(text) {
  return DIGEST.test(text);
}
function splitDigest(digest) {
  if (!isDigest(digest))
    throw new VeritySignError("image", `${JSON.stringify(digest)} is not a valid digest`);
  return { algorithm: digest.startsWith("sha256") ? "sha256" : "sha512", hex: digest.slice(7) };
}
function sha256Digest(bytes) {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
function checkContent(bytes, descriptor) {
  const { algorithm, hex } = splitDigest(descriptor.digest);
  if (bytes.length !== descriptor.size) {
    throw new VeritySignError(
      "image",
      `${descriptor.digest} has ${bytes.length} bytes, its descriptor says ${descriptor.size}`
    );
  }
  const actual = createHash(algorithm).update(bytes).digest("hex");
  if (actual !== hex) {
    throw new VeritySignError(
      "image",
      `the content of ${descriptor.digest} has digest ${algorithm}:${actual}`
    );
  }
}
function checkMetadataSize(descriptor, limit = MAX_METADATA_SIZE) {
  if (descriptor.size > limit) {
    throw new VeritySignError(
      "image",
      `${descriptor.digest} has ${descriptor.size} bytes, the limit is ${limit}`
    );
  }
}
var annotations = record(string(), string());
var platformSchema = object({
  os: string(),
  architecture: string(),
  variant: string().exactOptional(),
  "os.version": string().exactOptional()
});
var descriptorSchema = object({
  mediaType: string().min(1),
  digest: string().regex(DIGEST, "not a sha256 or sha512 digest"),
  size: int().min(0),
  annotations: annotations.nullish().transform((value) => value ?? void 0),
  platform: platformSchema.nullish().transform((value) => value ?? void 0),
  artifactType: string().nullish().transform((value) => value ?? void 0)
});
function toDescriptor(parsed) {
  const { mediaType, digest, size, annotations: annotations2, platform, artifactType } = parsed;
  return {
    mediaType,
    digest,
    size,
    ...annotations2 === void 0 ? {} : { annotations: annotations2 },
    ...platform === void 0 ? {} : { platform },
    ...artifactType === void 0 ? {} : { artifactType }
  };
}
function plainDescriptor({ mediaType, digest, size }) {
  return { mediaType, digest, size };
}
function parseJson(schema2, bytes, what) {
  if (bytes.length > MAX_METADATA_SIZE) {
    throw new VeritySignError(
      "image",
      `${what} has ${bytes.length} bytes, the limit is ${MAX_METADATA_SIZE}`
    );
  }
  let value;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new VeritySignError("image", `${what} is not valid JSON`, { cause });
  }
  const result = schema2.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw new VeritySignError(
    "image",
    `${what} is malformed${where === "" ? "" : ` at ${where}`}: ${issue?.message ?? "unknown form"}`,
    { cause: result.error }
  );
}

// src/attach/artifact.ts
var DM_VERITY_ARTIFACT_TYPE = "application/vnd.cncf.notary.signature.dm-verity";
var PKCS7_MEDIA_TYPE = "application/pkcs7-signature";
var MANIFEST_MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";
var LAYER_DIGEST = "io.cncf.notary.layer.digest";
var ROOT_HASH = "io.cncf.notary.dm-verity.root-hash";
var SIGNATURE_MARK = "io.cncf.notary.dm-verity.signature";
var TITLE = "org.opencontainers.image.title";
var CREATED = "org.opencontainers.image.created";
var OWN_PREFIX = "io.github.verity-sign.";
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
    const reserved = key.startsWith("io.cncf.notary.") || key.startsWith(OWN_PREFIX) || key === CREATED;
    if (reserved || key === "") {
      throw new VeritySignError("usage", `the annotation ${JSON.stringify(key)} cannot be set`, {
        remedy: "Choose a key of your own, such as com.example.name"
      });
    }
  }
  return extra;
}
var EMPTY_JSON = Buffer.from("{}");
function encodeArtifact(artifact) {
  const config = describe(artifact.configType ?? "application/vnd.oci.empty.v1+json", EMPTY_JSON);
  const layers = artifact.files.map(({ mediaType, bytes: bytes2 }) => describe(mediaType, bytes2));
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_MEDIA_TYPE,
    artifactType: artifact.artifactType,
    config,
    layers: layers.map((layer, index) => {
      const annotations2 = artifact.files[index]?.annotations ?? {};
      return Object.keys(annotations2).length === 0 ? layer : { ...layer, annotations: annotations2 };
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
  return { manifest, bytes, descriptor: describe(MANIFEST_MEDIA_TYPE, bytes), blobs: [...blobs.values()] };
}
function describe(mediaType, bytes) {
  return { mediaType, digest: sha256Digest(bytes), size: bytes.length };
}

// src/attach/signature-manifest.ts
var schema = object({
  schemaVersion: literal(2),
  mediaType: literal(MANIFEST_MEDIA_TYPE),
  artifactType: string().nullish(),
  config: descriptorSchema,
  layers: array(descriptorSchema),
  subject: descriptorSchema,
  annotations: record(string(), string()).nullish().transform((value) => value ?? {})
});
function parseSignatureManifest(bytes) {
  const parsed = parseJson(schema, bytes, "the signature manifest");
  return {
    ...parsed,
    artifactType: parsed.artifactType || parsed.config.mediaType,
    config: toDescriptor(parsed.config),
    layers: parsed.layers.map(toDescriptor),
    subject: toDescriptor(parsed.subject)
  };
}
function sameContent(a, b) {
  return a.mediaType === b.mediaType && a.digest === b.digest && a.size === b.size;
}

// src/attach/batches.ts
var BATCH = 4;
async function inBatches(items, work) {
  const results = [];
  for (let first = 0; first < items.length; first += BATCH) {
    const batch = items.slice(first, first + BATCH).map((item, offset) => work(item, first + offset));
    for (const result of await Promise.allSettled(batch)) {
      if (result.status === "rejected") throw result.reason;
      results.push(result.value);
    }
  }
  return results;
}

export {
  MAX_METADATA_SIZE,
  isDigest,
  splitDigest,
  sha256Digest,
  checkContent,
  checkMetadataSize,
  descriptorSchema,
  toDescriptor,
  plainDescriptor,
  parseJson,
  DM_VERITY_ARTIFACT_TYPE,
  PKCS7_MEDIA_TYPE,
  MANIFEST_MEDIA_TYPE,
  LAYER_DIGEST,
  ROOT_HASH,
  SIGNATURE_MARK,
  CREATED,
  OWN_PREFIX,
  buildArtifact,
  commonAnnotations,
  prefixed,
  encodeArtifact,
  parseSignatureManifest,
  sameContent,
  inBatches
};
