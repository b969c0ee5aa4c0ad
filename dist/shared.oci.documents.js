import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  decodeJson,
  digestSchema,
  matchSchema,
  sha256Digest
} from "./shared.formats.digest.js";
import {
  _undefined,
  array,
  boolean,
  int,
  literal,
  looseObject,
  object,
  record,
  string,
  unknown
} from "./shared.zod.v4.core.schemas.js";
import {
  DOCKER_INDEX_MEDIA_TYPE,
  DOCKER_MANIFEST_MEDIA_TYPE,
  IMAGE_CONFIG_MEDIA_TYPES,
  INDEX_MEDIA_TYPE,
  MANIFEST_MEDIA_TYPE
} from "./shared.model.media-types.js";
import {
  AmbiguityError,
  FormatError
} from "./shared.formats.format-error.js";
import {
  isDigest,
  splitDigest
} from "./shared.formats.digest-grammar.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/formats/descriptor.ts
import { createHash } from "node:crypto";

// src/formats/go-types.ts
function nullable(schema) {
  return schema.nullish().transform((value) => value ?? void 0);
}
var optionalText = string().nullish().transform((value) => value === null || value === "" ? void 0 : value);
var text = string().nullish();
var texts = array(string()).nullish();
var integer = int().nullish();
var flag = boolean().nullish();
var anything = unknown().optional();
var textMap = record(string(), string()).nullish();
var nameSet = record(string(), looseObject({})).nullish();
var bytes = string().regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "not padded base64").nullish();
var time = string().refine(isTime, "not a time of RFC 3339").nullish();
var TIME = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
function isTime(value) {
  const day = /* @__PURE__ */ new Date(`${TIME.exec(value)?.[1]}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && value.startsWith(day.toISOString().slice(0, 10));
}

// src/formats/descriptor.ts
var annotationsSchema = nullable(record(string(), string()));
var platformSchema = object({
  os: string(),
  architecture: string(),
  variant: optionalText,
  "os.version": optionalText,
  "os.features": texts,
  features: texts
});
var descriptorFields = object({
  mediaType: string().min(1),
  digest: digestSchema,
  size: int().min(0),
  annotations: annotationsSchema,
  platform: nullable(platformSchema),
  artifactType: optionalText,
  urls: texts,
  data: bytes
});
var descriptorSchema = embedding(descriptorFields);
function embedding(schema) {
  return schema.superRefine(({ data, digest = "", size }, context) => {
    if (data === void 0 || data === null || digest !== "" && !isDigest(digest)) return;
    const difference = embeddedDifference(Buffer.from(data, "base64"), digest, size);
    if (difference === void 0) return;
    context.addIssue({ code: "custom", path: ["data"], message: difference });
  });
}
function embeddedDifference(content, digest, size) {
  if (digest === "" || size === void 0) return "embedded content needs a digest and a size";
  if (content.length !== size) {
    return `the embedded content has ${content.length} bytes, the descriptor says ${size}`;
  }
  const actual = digestLike(digest, content);
  return actual === digest ? void 0 : `the embedded content has digest ${actual}, the descriptor says ${digest}`;
}
function toDescriptor(parsed) {
  const { mediaType, digest, size, annotations, platform, artifactType } = parsed;
  return {
    mediaType,
    digest,
    size,
    ...annotations === void 0 ? {} : { annotations },
    ...platform === void 0 ? {} : { platform: toPlatform(platform) },
    ...artifactType === void 0 ? {} : { artifactType }
  };
}
function toPlatform(parsed) {
  const { os, architecture, variant, "os.version": version, "os.features": features } = parsed;
  return {
    os,
    architecture,
    ...variant === void 0 ? {} : { variant },
    ...version === void 0 ? {} : { "os.version": version },
    ...features == null || features.length === 0 ? {} : { "os.features": features }
  };
}
function plainDescriptor({ mediaType, digest, size }) {
  return { mediaType, digest, size };
}
function descriptorOf(mediaType, bytes2) {
  return { mediaType, digest: sha256Digest(bytes2), size: bytes2.length };
}
function sameContent(a, b) {
  return a.mediaType === b.mediaType && a.digest === b.digest && a.size === b.size;
}
function checkContent(bytes2, descriptor2) {
  checkSize(bytes2.length, descriptor2);
  const actual = digestLike(descriptor2.digest, bytes2);
  if (actual !== descriptor2.digest) {
    throw new VeritySignError("image", `the content of ${descriptor2.digest} has digest ${actual}`);
  }
}
function digestLike(digest, bytes2) {
  const { algorithm } = splitDigest(digest);
  return `${algorithm}:${createHash(algorithm).update(bytes2).digest("hex")}`;
}
function checkSize(size, descriptor2) {
  if (size === descriptor2.size) return;
  throw new VeritySignError(
    "image",
    `${descriptor2.digest} has ${size} bytes, its descriptor says ${descriptor2.size}`
  );
}

// src/formats/metadata.ts
var MAX_METADATA_SIZE = 4 * 1024 * 1024;
var AMBIGUOUS = "Programs understand this document differently: do not run the image, and build it again with a current tool";
function checkMetadataSize(descriptor2, limit = MAX_METADATA_SIZE) {
  checkLimit(descriptor2.digest, descriptor2.size, limit);
}
function parseMetadata(schema, bytes2, what) {
  return parseMetadataAndRaw(schema, bytes2, what).parsed;
}
function parseMetadataAndRaw(schema, bytes2, what) {
  checkLimit(what, bytes2.length, MAX_METADATA_SIZE);
  try {
    const raw = decodeJson(bytes2);
    return { parsed: matchSchema(schema, raw), raw };
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    const remedy = cause instanceof AmbiguityError ? { remedy: AMBIGUOUS } : {};
    throw new VeritySignError("image", `${what} ${cause.message}`, { ...remedy, cause });
  }
}
function checkLimit(what, size, limit) {
  if (size <= limit) return;
  throw new VeritySignError("image", `${what} has ${size} bytes, the limit is ${limit}`);
}

// src/oci/image-config.ts
var healthcheck = object({
  Test: texts,
  Interval: integer,
  Timeout: integer,
  StartPeriod: integer,
  StartInterval: integer,
  Retries: integer
});
var containerConfig = object({
  Hostname: text,
  Domainname: text,
  User: text,
  AttachStdin: flag,
  AttachStdout: flag,
  AttachStderr: flag,
  ExposedPorts: nameSet,
  Tty: flag,
  OpenStdin: flag,
  StdinOnce: flag,
  Env: texts,
  Cmd: texts,
  Healthcheck: healthcheck.nullish(),
  ArgsEscaped: flag,
  Image: text,
  Volumes: nameSet,
  WorkingDir: text,
  Entrypoint: texts,
  NetworkDisabled: flag,
  MacAddress: text,
  OnBuild: texts,
  Labels: textMap,
  StopSignal: text,
  StopTimeout: integer,
  Shell: texts
});
var historyEntry = object({
  created: time,
  created_by: text,
  author: text,
  comment: text,
  empty_layer: flag
});
var configSchema = object({
  os: optionalText,
  architecture: optionalText,
  variant: optionalText,
  "os.version": text,
  "os.features": texts,
  rootfs: object({
    type: literal("layers"),
    diff_ids: array(digestSchema).nullable(),
    base_layer: text
  }),
  config: containerConfig.nullish(),
  history: array(historyEntry).nullish(),
  created: time,
  author: text,
  // Of docker's older formats.
  id: text,
  parent: text,
  comment: text,
  container: text,
  container_config: containerConfig.nullish(),
  docker_version: text,
  throwaway: flag,
  Size: integer,
  // BuildKit's inline cache.
  "moby.buildkit.cache.v0": bytes,
  "moby.buildkit.buildinfo.v1": anything
});
function parseConfig(content) {
  const parsed = parseMetadata(configSchema, content, "the image config");
  const { os, architecture, variant, "os.features": features, rootfs } = parsed;
  const platform = os === void 0 || architecture === void 0 ? void 0 : {
    os,
    architecture,
    ...variant === void 0 ? {} : { variant },
    ...features == null || features.length === 0 ? {} : { "os.features": features }
  };
  return { platform, diffIds: rootfs.diff_ids ?? [] };
}
function parseContainerSettings(content) {
  const { config } = parseMetadata(configSchema, content, "the image config");
  const { Test, Interval, Timeout, StartPeriod, Retries } = config?.Healthcheck ?? {};
  return {
    entrypoint: config?.Entrypoint ?? [],
    command: config?.Cmd ?? [],
    environment: config?.Env ?? [],
    user: config?.User ?? "",
    directory: config?.WorkingDir ?? "",
    shell: config?.Shell?.length ? config.Shell : ["/bin/sh", "-c"],
    health: Test?.length ? {
      test: Test,
      interval: Interval ?? 0,
      timeout: Timeout ?? 0,
      startPeriod: StartPeriod ?? 0,
      retries: Retries ?? 0
    } : void 0
  };
}

// src/oci/document-schemas.ts
var descriptor = descriptorSchema.transform(toDescriptor);
var descriptors = array(descriptor).nullable().transform((list) => list ?? []);
var forbidden = (error) => _undefined({ error }).optional();
var common = {
  schemaVersion: literal(2),
  mediaType: string().optional(),
  artifactType: optionalText,
  subject: nullable(descriptor),
  annotations: annotationsSchema,
  blobs: forbidden("only an artifact manifest lists blobs"),
  fsLayers: forbidden("only a manifest of Docker schema 1 has fsLayers"),
  history: forbidden("only a manifest of Docker schema 1 has a history"),
  signatures: forbidden("only a manifest of Docker schema 1 has signatures")
};
var manifestSchema = object({
  ...common,
  manifests: forbidden("a manifest must not list manifests"),
  config: descriptor,
  layers: descriptors
});
var indexSchema = object({
  ...common,
  config: forbidden("an index must not have a config"),
  layers: forbidden("an index must not list layers"),
  manifests: descriptors
});
var otherSchema = object({
  mediaType: string().optional(),
  artifactType: optionalText,
  subject: nullable(descriptor),
  annotations: annotationsSchema,
  config: nullable(descriptor),
  layers: descriptors.optional(),
  blobs: descriptors.optional(),
  manifests: descriptors.optional()
}).refine(({ config, layers, blobs, manifests }) => !manifests || !(config || layers || blobs), {
  message: "a document must not list both manifests and content"
});

// src/oci/media-types.ts
var MANIFESTS = [MANIFEST_MEDIA_TYPE, DOCKER_MANIFEST_MEDIA_TYPE];
var INDEXES = [INDEX_MEDIA_TYPE, DOCKER_INDEX_MEDIA_TYPE];
var SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(json|prettyjws)$/;
function documentKind(mediaType) {
  if (MANIFESTS.includes(mediaType)) return "manifest";
  if (INDEXES.includes(mediaType)) return "index";
  return SCHEMA_1.test(mediaType) ? "schema1" : "other";
}
function isDockerDocument(mediaType) {
  return mediaType === DOCKER_MANIFEST_MEDIA_TYPE || mediaType === DOCKER_INDEX_MEDIA_TYPE;
}
function isImageConfig(mediaType) {
  return IMAGE_CONFIG_MEDIA_TYPES.includes(mediaType);
}

// src/oci/documents.ts
function parseDocument(bytes2, mediaType) {
  switch (documentKind(mediaType)) {
    case "manifest": {
      const { config, layers, subject, artifactType } = parseManifest(bytes2, mediaType, "the manifest");
      return { kind: "manifest", config, layers, subject, artifactType };
    }
    case "index":
      return { kind: "index", manifests: parseIndex(bytes2, mediaType, "the index").manifests };
    case "schema1":
      throw new VeritySignError("image", "the manifest has the obsolete Docker schema 1", {
        remedy: "Push the image again with a current client, which writes an OCI or Docker schema 2 manifest"
      });
    case "other":
      throw new VeritySignError("image", `media type ${JSON.stringify(mediaType)} is not a container image`, {
        remedy: "Name an image manifest or index"
      });
  }
}
function parseManifest(bytes2, mediaType, what) {
  const manifest = parseMetadata(manifestSchema, bytes2, what);
  checkMediaType(manifest.mediaType, mediaType, what);
  return manifest;
}
function parseIndex(bytes2, mediaType, what) {
  const { parsed, raw } = parseMetadataAndRaw(indexSchema, bytes2, what);
  const { mediaType: written } = parsed;
  const isIndex = written !== void 0 && documentKind(written) === "index";
  checkMediaType(written, mediaType ?? (isIndex ? written : INDEX_MEDIA_TYPE), what);
  return { ...parsed, raw };
}
function parseReferences(bytes2, { digest, mediaType }) {
  const { annotations = {}, subject, ...found } = parseAny(bytes2, mediaType, digest);
  const { config, layers = [], blobs = [], manifests = [] } = found;
  return {
    content: [...config === void 0 ? [] : [config], ...layers, ...blobs],
    manifests,
    subject,
    artifactType: found.artifactType ?? config?.mediaType,
    annotations
  };
}
function parseAny(bytes2, mediaType, what) {
  const kind = documentKind(mediaType);
  if (kind === "manifest") return parseManifest(bytes2, mediaType, what);
  if (kind === "index") return parseIndex(bytes2, mediaType, what);
  const document = parseMetadata(otherSchema, bytes2, what);
  checkMediaType(document.mediaType, mediaType, what);
  return document;
}
function checkMediaType(written, expected, what) {
  if (written === void 0 && !isDockerDocument(expected)) return;
  if (written === expected) return;
  const inside = written === void 0 ? "has no mediaType" : `says that it is ${JSON.stringify(written)}`;
  throw new VeritySignError("image", `${what} ${inside}, its descriptor says ${expected}`, {
    remedy: "Do not run the image, and build it again with a current tool"
  });
}

export {
  optionalText,
  text,
  texts,
  anything,
  annotationsSchema,
  descriptorFields,
  descriptorSchema,
  embedding,
  toDescriptor,
  plainDescriptor,
  descriptorOf,
  sameContent,
  checkContent,
  digestLike,
  checkSize,
  MAX_METADATA_SIZE,
  checkMetadataSize,
  parseMetadata,
  documentKind,
  isImageConfig,
  parseConfig,
  parseContainerSettings,
  parseDocument,
  parseManifest,
  parseIndex,
  parseReferences
};
