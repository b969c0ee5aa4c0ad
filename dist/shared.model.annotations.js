import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
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
  AmbiguityError,
  FormatError,
  decoding
} from "./shared.formats.format-error.js";
import {
  DOCKER_INDEX_MEDIA_TYPE,
  DOCKER_MANIFEST_MEDIA_TYPE,
  IMAGE_CONFIG_MEDIA_TYPES,
  INDEX_MEDIA_TYPE,
  MANIFEST_MEDIA_TYPE
} from "./shared.model.media-types.js";
import {
  DIGEST,
  splitDigest
} from "./shared.formats.digest-grammar.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/model/annotations.ts
var NOTARY_NAMESPACE = "io.cncf.notary";
var NOTARY_PREFIX = `${NOTARY_NAMESPACE}.`;
var OWN_PREFIX = "io.github.verity-sign.";
var LAYER_DIGEST = "io.cncf.notary.layer.digest";
var ROOT_HASH = "io.cncf.notary.dm-verity.root-hash";
var SIGNATURE_MARK = "io.cncf.notary.dm-verity.signature";
var THUMBPRINTS = "io.cncf.notary.x509chain.thumbprint#S256";
var TITLE = "org.opencontainers.image.title";
var CREATED = "org.opencontainers.image.created";
var REF_NAME = "org.opencontainers.image.ref.name";
var IMAGE_NAME = "io.containerd.image.name";

// src/formats/digest.ts
import { createHash } from "node:crypto";
var digestSchema = string().regex(DIGEST, "not a sha256 or sha512 digest");
function sha256Digest(bytes2) {
  return `sha256:${createHash("sha256").update(bytes2).digest("hex")}`;
}

// src/formats/descriptor.ts
import { createHash as createHash2 } from "node:crypto";

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
var descriptorSchema = object({
  mediaType: string().min(1),
  digest: digestSchema,
  size: int().min(0),
  annotations: annotationsSchema,
  platform: nullable(platformSchema),
  artifactType: optionalText,
  urls: texts,
  data: bytes
});
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
  const { os, architecture, variant, "os.version": version } = parsed;
  return {
    os,
    architecture,
    ...variant === void 0 ? {} : { variant },
    ...version === void 0 ? {} : { "os.version": version }
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
  const { algorithm, hex } = splitDigest(descriptor2.digest);
  checkSize(bytes2.length, descriptor2);
  const actual = createHash2(algorithm).update(bytes2).digest("hex");
  if (actual !== hex) {
    throw new VeritySignError(
      "image",
      `the content of ${descriptor2.digest} has digest ${algorithm}:${actual}`
    );
  }
}
function checkSize(size, descriptor2) {
  if (size === descriptor2.size) return;
  throw new VeritySignError(
    "image",
    `${descriptor2.digest} has ${size} bytes, its descriptor says ${descriptor2.size}`
  );
}

// src/formats/json-path.ts
var MOST = 80;
var MOST_STEPS = 10;
function atPath(path) {
  if (path.length === 0) return "";
  const steps = path.slice(-MOST_STEPS).map(step).join(".");
  return ` at ${path.length > MOST_STEPS ? "…." : ""}${steps}`;
}
function quoteName(name) {
  const short = name.length > MOST ? `${name.slice(0, MOST)}…` : name;
  return JSON.stringify(short).replaceAll(/[^ -~…]/g, escapeUnit);
}
function step(key) {
  const text2 = String(key);
  return /^[\w./+-]{0,80}$/.test(text2) ? text2 : quoteName(text2);
}
function escapeUnit(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// src/formats/json-text.ts
var MAX_DEPTH = 100;
var MAX_PARTS = 25e4;
var INTEGER = /^(?:0|-?[1-9][0-9]*)$/;
var NUMBER = /-?[0-9][0-9.eE+-]*/y;
function checkJsonText(text2) {
  const open = [];
  let parts = 0;
  for (let at = 0; at < text2.length; at += 1) {
    const level = open.at(-1);
    const char = text2.charAt(at);
    if (char === "{" || char === "[") {
      if (open.length === MAX_DEPTH) throw new FormatError(`nests deeper than ${MAX_DEPTH} levels`);
      parts += 1;
      const isObject = char === "{";
      open.push({ names: isObject ? /* @__PURE__ */ new Set() : void 0, key: isObject ? "" : 0, atName: isObject });
    } else if (char === "}" || char === "]") open.pop();
    else if (char === ":" && level !== void 0) level.atName = false;
    else if (char === "," && level !== void 0) next(level);
    else if (char === '"') {
      const end = endOfString(text2, at);
      const value = stringOf(text2.slice(at, end), open);
      if (level?.atName === true) {
        addName(level, value, open);
        parts += 1;
      }
      at = end - 1;
    } else if (char === "-" || char >= "0" && char <= "9") {
      NUMBER.lastIndex = at;
      const [digits = char] = NUMBER.exec(text2) ?? [];
      checkNumber(digits, open);
      at += digits.length - 1;
    }
    if (parts > MAX_PARTS) throw new FormatError(`has more than ${MAX_PARTS} names, objects and lists`);
  }
}
function next(level) {
  if (typeof level.key === "number") level.key += 1;
  else level.atName = true;
}
function addName(level, name, open) {
  if (level.names?.has(name)) {
    throw new AmbiguityError(`has the name ${quoteName(name)} twice${placeOf(open.slice(0, -1))}`);
  }
  if (name === "__proto__") {
    const where = placeOf(open.slice(0, -1));
    throw new AmbiguityError(`has the name "__proto__"${where}, which JavaScript programs read otherwise`);
  }
  level.names?.add(name);
  level.key = name;
}
function checkNumber(digits, open) {
  if (INTEGER.test(digits) && Number.isSafeInteger(Number(digits))) return;
  throw new AmbiguityError(
    `has the number ${digits.slice(0, 40)}${placeOf(open)}: programs agree only on integers in plain digits, up to ${Number.MAX_SAFE_INTEGER}`
  );
}
function endOfString(text2, start) {
  for (let at = start + 1; at < text2.length; at += 1) {
    const char = text2.charAt(at);
    if (char === '"') return at + 1;
    if (char === "\\") at += 1;
  }
  throw new FormatError("is not valid JSON");
}
function stringOf(quoted, open) {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  let value;
  try {
    value = JSON.parse(quoted);
  } catch (cause) {
    throw new FormatError("is not valid JSON", { cause });
  }
  if (value.isWellFormed()) return value;
  throw new AmbiguityError(`has half a surrogate pair in a text${placeOf(open)}`);
}
function placeOf(open) {
  return atPath(open.map(({ key }) => key).filter((key) => key !== ""));
}

// src/formats/fold-name.ts
function foldName(name) {
  return /^[ -~]*$/.test(name) ? name.toLowerCase() : Array.from(name, foldCharacter).join("");
}
function foldCharacter(character) {
  const upper = character.toUpperCase();
  return (isOne(upper) ? upper : character).toLowerCase();
}
function isOne(text2) {
  return text2.length === String.fromCodePoint(text2.codePointAt(0) ?? 0).length;
}

// src/formats/known-names.ts
function checkNames(schema, value) {
  visit(schema, value, []);
}
function visit(schema, value, path) {
  if (typeof value !== "object" || value === null) return;
  const { def } = schema._zod;
  switch (def.type) {
    case "object":
      if (!Array.isArray(value)) checkFields(def.shape, value, path);
      return;
    case "array":
      visitAll(value, path, () => def.element);
      return;
    case "record":
      visitAll(value, path, () => def.valueType);
      return;
    case "optional":
    case "nullable":
      visit(def.innerType, value, path);
      return;
    case "pipe":
      visit(def.in, value, path);
      return;
    case "string":
    case "number":
    case "boolean":
    case "literal":
    case "undefined":
      return;
    case "unknown":
      return;
    default:
      throw new TypeError(`the names in a schema of type ${def.type} cannot be checked`);
  }
}
function visitAll(value, path, schemaOf) {
  const one = (key, item) => {
    if (typeof item !== "object" || item === null) return;
    path.push(key);
    const schema = schemaOf(String(key));
    if (schema === void 0) checkUndeclared(item, path);
    else visit(schema, item, path);
    path.pop();
  };
  if (Array.isArray(value)) for (let index = 0; index < value.length; index += 1) one(index, value[index]);
  else for (const name of Object.keys(value)) one(name, value[name]);
}
function checkFields(shape, value, path) {
  const known = knownNames(shape);
  for (const name of Object.keys(value)) {
    const meant = known.get(foldName(name)) ?? name;
    if (meant === name) continue;
    throw new AmbiguityError(
      `has the name ${quoteName(name)}${atPath(path)}, which Go programs read as ${quoteName(meant)}`
    );
  }
  checkDistinct(value, path);
  visitAll(value, path, (name) => Object.hasOwn(shape, name) ? shape[name] : void 0);
}
var KNOWN = /* @__PURE__ */ new WeakMap();
function knownNames(shape) {
  const names = KNOWN.get(shape) ?? new Map(Object.keys(shape).map((name) => [foldName(name), name]));
  KNOWN.set(shape, names);
  return names;
}
function checkUndeclared(value, path) {
  if (!Array.isArray(value)) checkDistinct(value, path);
  visitAll(value, path, () => void 0);
}
function checkDistinct(value, path) {
  const seen = /* @__PURE__ */ new Map();
  for (const name of Object.keys(value)) {
    const folded = foldName(name);
    const other = seen.get(folded);
    if (other !== void 0) {
      throw new AmbiguityError(
        `has the names ${quoteName(other)} and ${quoteName(name)}${atPath(path)}, which Go programs take for the same`
      );
    }
    seen.set(folded, name);
  }
}

// src/formats/strict-json.ts
var MAX_EXPLAINED = 64 * 1024;
function parseStrictJson(schema, bytes2, what) {
  try {
    return matchSchema(schema, decodeJson(bytes2));
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`has ${what} that ${cause.message}`, { cause });
  }
}
function decodeJson(bytes2) {
  if (bytes2[0] === 239 && bytes2[1] === 187 && bytes2[2] === 191) {
    throw new FormatError("is not valid JSON: it begins with a byte order mark");
  }
  const text2 = decoding(
    "is not valid JSON: it is not UTF-8",
    () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes2)
  );
  try {
    checkJsonText(text2);
  } catch (cause) {
    if (text2.length <= MAX_EXPLAINED) parse(text2);
    throw cause;
  }
  return parse(text2);
}
function parse(text2) {
  return decoding("is not valid JSON", () => JSON.parse(text2));
}
function matchSchema(schema, value) {
  checkNames(schema, value);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = atPath(issue?.path ?? []);
  throw new FormatError(`is malformed${where}: ${issue?.message ?? "unknown form"}`, { cause: result.error });
}
function openObject(shape) {
  return looseObject(shape);
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
  const { os, architecture, variant, rootfs } = parseMetadata(configSchema, content, "the image config");
  const platform = os === void 0 || architecture === void 0 ? void 0 : { os, architecture, ...variant === void 0 ? {} : { variant } };
  return { platform, diffIds: rootfs.diff_ids ?? [] };
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

// src/oci/attach/batches.ts
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

// src/oci/attach/signature-manifest.ts
var WHAT = "the signature manifest";
function parseSignatureManifest(bytes2, mediaType = MANIFEST_MEDIA_TYPE) {
  const parsed = parseManifest(bytes2, mediaType, WHAT);
  const { schemaVersion, config, layers, subject, annotations = {} } = parsed;
  if (parsed.mediaType !== MANIFEST_MEDIA_TYPE) {
    throw new VeritySignError("image", `${WHAT} does not have the media type ${MANIFEST_MEDIA_TYPE}`);
  }
  if (subject === void 0) throw new VeritySignError("image", `${WHAT} has no subject`);
  const artifactType = parsed.artifactType ?? config.mediaType;
  return { schemaVersion, mediaType: parsed.mediaType, artifactType, config, layers, subject, annotations };
}

export {
  NOTARY_NAMESPACE,
  NOTARY_PREFIX,
  OWN_PREFIX,
  LAYER_DIGEST,
  ROOT_HASH,
  SIGNATURE_MARK,
  THUMBPRINTS,
  TITLE,
  CREATED,
  REF_NAME,
  IMAGE_NAME,
  digestSchema,
  sha256Digest,
  text,
  texts,
  anything,
  annotationsSchema,
  descriptorSchema,
  toDescriptor,
  plainDescriptor,
  descriptorOf,
  sameContent,
  checkContent,
  checkSize,
  parseStrictJson,
  openObject,
  MAX_METADATA_SIZE,
  checkMetadataSize,
  parseMetadata,
  documentKind,
  isImageConfig,
  parseConfig,
  parseDocument,
  parseIndex,
  parseReferences,
  parseSignatureManifest,
  BATCH,
  inBatches
};
