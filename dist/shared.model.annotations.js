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
  ToolError
} from "./shared.lib.process.run.js";
import {
  DOCKER_INDEX_MEDIA_TYPE,
  DOCKER_MANIFEST_MEDIA_TYPE,
  IMAGE_CONFIG_MEDIA_TYPES,
  INDEX_MEDIA_TYPE,
  MANIFEST_MEDIA_TYPE
} from "./shared.model.media-types.js";
import {
  AmbiguityError,
  FormatError,
  decoding
} from "./shared.formats.format-error.js";
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

// src/oci/oras/connection-failure.ts
var PROXY_CAUSES = [
  {
    pattern: /proxyconnect.*first record does not look like a TLS handshake/i,
    code: "registry",
    message: ({ registry }) => `the proxy for ${registry} does not speak TLS, but its URL begins with https`,
    remedy: () => "Set HTTPS_PROXY to a URL that begins with http://; requests to the registry use TLS anyway"
  },
  {
    pattern: /proxyconnect.*x509: /i,
    code: "registry",
    message: ({ registry }) => `the TLS certificate of the proxy for ${registry} is not trusted`,
    remedy: () => "Set SSL_CERT_FILE to the certificate of its authority, or HTTPS_PROXY to a URL that begins with http://"
  },
  {
    pattern: /: Proxy Authentication Required$/i,
    code: "registry",
    message: ({ registry }) => `the proxy for ${registry} requires other credentials`,
    remedy: () => "Put user name and password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT"
  },
  {
    transient: true,
    pattern: /proxyconnect/i,
    code: "registry",
    message: ({ registry }) => `the proxy for ${registry} cannot be reached`,
    remedy: () => "Check HTTPS_PROXY and HTTP_PROXY, or exempt the registry with NO_PROXY"
  },
  {
    // The answer of a proxy to CONNECT: Go shows its status text alone, at the end.
    pattern: /\b(?:Get|Head|Post|Put|Patch)\s*: (?!EOF)[A-Z][A-Za-z' -]*$/,
    code: "registry",
    message: ({ registry }) => `the proxy does not permit a connection to ${registry}`,
    remedy: () => "Permit the registry in the proxy, or exempt it with NO_PROXY"
  }
];
var TLS_CAUSES = [
  {
    pattern: /gave HTTP response to HTTPS client/i,
    code: "registry",
    message: () => "the registry answers in plain HTTP instead of HTTPS",
    remedy: () => "Set plain-http if this registry has no TLS"
  },
  {
    pattern: /first record does not look like a TLS handshake/i,
    code: "registry",
    message: ({ registry }) => `${registry} does not answer in TLS`,
    remedy: () => "Check the port, or set plain-http if this registry has no TLS"
  },
  {
    pattern: /x509: certificate has expired or is not yet valid/i,
    code: "registry",
    message: ({ registry }) => `the TLS certificate of ${registry} has expired or is not valid yet`,
    remedy: () => "Check this machine's clock; if it is right, the registry needs a new certificate"
  },
  {
    pattern: /x509: (?:certificate is (?:valid for|not valid for any names)|cannot validate certificate for|certificate relies on legacy Common Name)/i,
    code: "registry",
    message: ({ registry }) => `the TLS certificate of ${registry} is for other names`,
    remedy: () => "Name the registry by a name in its certificate (subjectAltName), or have one issued for this name"
  },
  {
    pattern: /x509: certificate signed by unknown authority|failed to verify certificate/i,
    code: "registry",
    message: ({ registry }) => `the TLS certificate of ${registry} is not trusted`,
    remedy: () => "Set ca-file, or the variable SSL_CERT_FILE, to a PEM file with the certificate of the registry's certificate authority"
  },
  {
    // An alert of the server is about the certificate of the client, which it may demand.
    pattern: /remote error: tls: .*(?:certificate|handshake failure|access denied)/i,
    code: "registry",
    message: ({ registry }) => `${registry} demands a client certificate that it trusts`,
    remedy: () => "Set client-certificate and client-key to a certificate for this registry and its key; if it demands none, compare the versions of TLS that both support"
  },
  {
    pattern: /private key does not match public key|failed to find any PEM data|tls: failed to parse private key/i,
    code: "usage",
    message: () => "client-certificate and client-key are not usable",
    remedy: () => "Set client-certificate to PEM certificates, and client-key to the PEM key that belongs to the first"
  },
  {
    pattern: /tls: /i,
    code: "registry",
    message: ({ registry }) => `no TLS connection to ${registry} can be made`,
    remedy: () => "Check what openssl s_client -connect prints for this registry, and the proxy in between"
  }
];

// src/oci/oras/failure.ts
var NOT_FOUND = {
  pattern: /not found|name unknown|manifest unknown|blob unknown|status code 404/i,
  code: "registry",
  message: ({ target }) => `${target} is not in the registry`,
  remedy: () => "Check the name, and that these credentials have access to it"
};
var NO_REFERRERS_API = {
  pattern: /referrers API: unsupported/i,
  code: "registry",
  message: () => "the registry has no referrers API",
  remedy: () => "Set referrers to auto, or to tag for the fallback tag"
};
var UNAUTHORIZED = {
  pattern: /status code 401|unauthorized|basic credential not found|authentication required/i,
  code: "registry",
  message: ({ access, target, login }) => login === void 0 ? `the registry requires credentials with ${access} permission for ${target}` : `the registry rejects the credentials for ${target} (${login.source})`,
  remedy: ({ login, registry }) => {
    if (login === void 0)
      return "Log in first (docker/login-action, docker login, podman login or oras login), or set registry-username and registry-password";
    return {
      input: `Check ${login.source}: user name or password is wrong, or the token has expired or is not for ${registry}`,
      file: `Log in to ${registry} again: the password has changed or the token has expired`,
      helper: `Check the account that ${login.source} logs in with, and that it may read and write in ${registry}`
    }[login.from];
  }
};
var CAUSES = [
  ...PROXY_CAUSES,
  ...TLS_CAUSES,
  {
    // Since oras 1.3.3; see leaksCredentials.
    pattern: /upload Location\s+(is on a different host|downgrades scheme)/i,
    code: "registry",
    message: ({ target }) => `the registry sent the upload of ${target} to another host`,
    remedy: () => "Name the registry by the host that it names itself, or let the proxy in front of it pass on the Host header"
  },
  NO_REFERRERS_API,
  {
    // oras asks for each blob and manifest by HEAD before it uploads it.
    pattern: /\bHEAD\s*: response status code (?:400|405|406|501)\b/i,
    code: "registry",
    message: ({ access, target }) => `the registry does not answer HEAD requests: ${access} of ${target} failed`,
    remedy: () => "Permit HEAD in the proxy in front of the registry, or use another registry"
  },
  {
    transient: true,
    pattern: /status code 429|toomanyrequests|too many requests/i,
    code: "registry",
    message: ({ access, target }) => `the registry limits the rate of requests: ${access} of ${target} failed`,
    remedy: () => "Log in if the limit is that for anonymous users, or wait; then run again"
  },
  {
    pattern: /status code 403|denied|forbidden/i,
    code: "registry",
    message: ({ access, target }) => `the registry denies ${access} access to ${target}`,
    remedy: ({ access }) => access === "push" ? "Give these credentials push permission on the repository (on GitHub: permissions: packages: write)" : "Give these credentials pull permission on the repository (on GitHub: permissions: packages: read)"
  },
  UNAUTHORIZED,
  {
    pattern: /status code 409|immutable|already exists and cannot be|tag invalid/i,
    code: "registry",
    message: ({ target }) => `the registry does not allow a tag of ${target} to be overwritten`,
    remedy: () => "Exempt the tags sha256-* from immutability, or use a registry with the referrers API (referrers: api)"
  },
  {
    pattern: /status code 413|entity too large|payload too large|size invalid/i,
    code: "registry",
    message: ({ access, target }) => `${access} of ${target} is larger than the registry or a proxy in front of it accepts`,
    remedy: () => "Raise its limit on the size of a request (nginx: client_max_body_size), or use a registry without such a limit"
  },
  {
    pattern: /status code 415|unsupported media type|^unsupported:/i,
    code: "registry",
    message: ({ access, target }) => `the registry does not accept the media type of ${target}: ${access} failed`,
    remedy: () => "Update the registry to a release that accepts OCI artifacts with a subject, or use another registry"
  },
  NOT_FOUND,
  {
    pattern: /mismatch|content verification failed|trailing data|invalid content digest/i,
    code: "image",
    message: ({ target }) => `the registry sent content that is not ${target}`,
    remedy: () => "Run again; if that does not help, the registry or a proxy in front of it is damaged"
  },
  {
    transient: true,
    pattern: /no such host|connection refused|network is unreachable|i\/o timeout|connection reset|broken pipe|EOF/i,
    code: "registry",
    message: ({ target }) => `the registry of ${target} cannot be reached or closed the connection`,
    remedy: () => "Check the registry name and the network, then run again"
  },
  {
    transient: true,
    pattern: /status code 5\d\d/i,
    code: "registry",
    message: ({ target }) => `the registry failed on ${target}`,
    remedy: () => "Run again once the registry has recovered"
  },
  {
    // oras prints the code of the answer's document instead of the status, if there is one.
    pattern: /status code 400|manifest invalid/i,
    code: "registry",
    message: ({ access, target }) => `the registry rejects the ${access} of ${target}`,
    remedy: ({ access }) => access === "push" ? "Look up the reason above in the manual of the registry: it may not accept OCI artifacts with a subject, or this name; use another registry if so" : "Look up the reason above in the manual of the registry, or check the name"
  }
];
var BROKEN = /connection reset|broken pipe|\bEOF\b|i\/o timeout|TLS handshake timeout|server closed idle connection|GOAWAY/i;
function isTransient(error, access, target) {
  if (!(error instanceof ToolError) || error.timedOut || error.stderr === "") return false;
  const words = shorten(error.stderr);
  if (BROKEN.test(words)) return true;
  const cause = causeOf(words, target);
  return access === "push" && (cause === void 0 || cause.transient === true);
}
function causeOf(words, target) {
  const plain = words.replaceAll(/"[^"]*"/g, "").replaceAll(target, "");
  return CAUSES.find(({ pattern }) => pattern.test(plain));
}
var KnownFailure = class extends VeritySignError {
  known;
  constructor(known, call, words, cause) {
    super(known.code, `${known.message(call)} (oras: ${words})`, { remedy: known.remedy(call), cause });
    this.known = known;
  }
};
function isNotFound(error) {
  return error instanceof KnownFailure && error.known === NOT_FOUND;
}
function lacksReferrersApi(error) {
  return error instanceof KnownFailure && error.known === NO_REFERRERS_API;
}
function isUnauthorized(error, target) {
  return error instanceof ToolError && causeOf(shorten(error.stderr), target) === UNAUTHORIZED;
}
function orasFailure(error, access, target, login) {
  if (!(error instanceof ToolError)) return error;
  if (error.timedOut) {
    return new VeritySignError("registry", `the registry did not answer about ${target} within the timeout`, {
      remedy: "Raise timeout, or run again later",
      cause: error
    });
  }
  if (error.stderr === "") return error;
  const words = shorten(error.stderr);
  const cause = causeOf(words, target);
  if (cause === void 0) {
    return new VeritySignError("registry", `${access} of ${target} failed (oras: ${words})`, {
      remedy: "Look up that answer in the log or the manual of the registry, then run again",
      cause: error
    });
  }
  const call = { access, target, registry: target.slice(0, target.indexOf("/")), login };
  return new KnownFailure(cause, call, words, error);
}
function shorten(stderr) {
  const lines = stderr.split("\n").filter((line2) => line2.trim() !== "");
  const line = lines.findLast((text2) => text2.startsWith("Error")) ?? lines.at(-1) ?? "";
  const words = line.replace(/^Error( response from registry)?:\s*/, "").trim();
  return words.length > 300 ? `${words.slice(0, 300)}…` : words;
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

// src/oci/oras/refusal.ts
var UNUSABLE_HEAD = /missing required header "?Docker-Content-Digest|unknown response Content-Length|HEAD "[^"]*": response status code (?:400|405|406|501)\b/;
function refusesHead(error) {
  return UNUSABLE_HEAD.test(stderrOf(error));
}
var ReferrersRefusedError = class extends VeritySignError {
  /** @param status undefined if the list was not asked for */
  constructor(repository, subject, status, cause) {
    const reason = cause instanceof Error ? `: ${cause.message}` : "";
    const what = status === void 0 ? "does not list" : `refuses to list (status ${status})`;
    super("registry", `the registry ${what} the referrers of ${repository}@${subject.digest}${reason}`, {
      remedy: "Set referrers: tag if the registry has no referrers API; otherwise give these credentials access to it",
      cause
    });
  }
};
var REFUSALS = [400, 401, 403, 405, 406];
function referrersRefusal(error) {
  const words = /^> Request URL: "([^"]*)"|^< Response Status: "(\d{3})/gm;
  let url = "";
  let last;
  for (const [, asked, answered] of stderrOf(error).matchAll(words)) {
    if (asked !== void 0) url = asked;
    else if (/\/v2\/.+\/(?:manifests|referrers)\//.test(url)) last = { url, status: Number(answered) };
  }
  if (last === void 0 || !/\/v2\/.+\/referrers\/[^/]+$/.test(last.url)) return void 0;
  return REFUSALS.includes(last.status) ? last.status : void 0;
}
function stderrOf(error) {
  if (error instanceof ToolError) return error.stderr;
  return error instanceof VeritySignError && error.cause instanceof ToolError ? error.cause.stderr : "";
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
  foldName,
  parseStrictJson,
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
  inBatches,
  refusesHead,
  ReferrersRefusedError,
  referrersRefusal,
  isTransient,
  isNotFound,
  lacksReferrersApi,
  isUnauthorized,
  orasFailure
};
