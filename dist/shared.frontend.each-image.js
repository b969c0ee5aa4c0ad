import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  certificateReference,
  certificateReferences,
  choice,
  flag,
  optional,
  parseAnnotations,
  parseChoice,
  parseCount,
  parseDuration,
  parseErofsVersion,
  parseLifetime,
  parseLines,
  parseList,
  parsePairs,
  parsePlatform,
  parseSize,
  parseUrl,
  parsed,
  required,
  text,
  value
} from "./shared.frontend.inputs.values.js";
import {
  errorReport
} from "./shared.report.failed-image.js";
import {
  cacheRecipe
} from "./shared.commands.shared.cache.cache-recipe.js";
import {
  GUEST_KINDS,
  guestOf
} from "./shared.model.guest-architecture.js";
import {
  parsePlatform as parsePlatform2
} from "./shared.oci.image.platform.js";
import {
  MAX_SECRET_BYTES
} from "./shared.signatures.signers.secret.js";
import {
  ARTIFACT_FORMATS
} from "./shared.model.artifact-formats.js";
import {
  isSameRegistry
} from "./shared.commands.shared.open-image.js";
import {
  isPemText,
  plainPem
} from "./shared.lib.pem-text.js";
import {
  classOf,
  recipesFor
} from "./shared.convert.erofs.recipe.js";
import {
  KNOWN_CLASSES,
  PROFILE_NAMES
} from "./shared.model.profiles.js";
import {
  readGivenSync
} from "./shared.lib.read-given.js";
import {
  parseReference,
  referenceName,
  refuseCredentials
} from "./shared.oci.image.reference.js";
import {
  parseMetadata
} from "./shared.oci.documents.js";
import {
  record,
  string,
  unknown
} from "./shared.zod.v4.core.schemas.js";
import {
  isDigest
} from "./shared.formats.digest-grammar.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/frontend/each-image.ts
async function eachImage(images, prepare, work) {
  const done = [];
  let image;
  let part;
  try {
    const prepared = await prepare();
    for (image of images) {
      part = void 0;
      done.push(
        await work(image, prepared, (report) => {
          part = report;
        })
      );
    }
    return { done };
  } catch (error) {
    const notStarted = images.slice(done.length + (image === void 0 ? 0 : 1));
    return {
      done,
      failure: {
        error,
        notStarted,
        ...image === void 0 ? {} : { image },
        ...part === void 0 ? {} : { part }
      }
    };
  }
}
function hasResults({ done, failure }) {
  return done.length > 0 || failure?.part !== void 0;
}
function reportEntries({ done, failure }, failedItem) {
  if (failure === void 0) return done;
  const { error, image, part, notStarted } = failure;
  const failed = image === void 0 ? [] : [part === void 0 ? failedItem(image, errorReport(error)) : { ...part, error: errorReport(error) }];
  const rest = image === void 0 ? errorReport(error) : notStartedError(image);
  return [...done, ...failed, ...notStarted.map((other) => failedItem(other, rest))];
}
function notStartedError(image) {
  return {
    code: "cancelled",
    message: `not started, because ${image} failed`,
    remedy: "Run again once that one works, or without it"
  };
}

// src/frontend/inputs/image-list.ts
function listedImages(text2) {
  return parseLines(text2).filter((line) => !line.startsWith("#"));
}
function withoutCredentials(references) {
  for (const reference of references) refuseCredentials(reference);
  return [...references];
}
function listedTags(text2) {
  return withoutCredentials(parseList(listedImages(text2).join("\n")));
}
function withBuiltImages(listed, raw, dialect) {
  const given = raw["metadata-file"]?.trim() ?? "";
  const own = withoutCredentials(listed);
  if (given === "") return own;
  const label = dialect.label("metadata-file");
  const built = builtImages(given, label);
  if (built.length === 0) {
    throw new VeritySignError("usage", `${label} contains no image`, {
      remedy: "Build with --push and --metadata-file, and give each target a tag"
    });
  }
  return [.../* @__PURE__ */ new Set([...own, ...built])];
}
var metadataSchema = record(string(), unknown());
var DIGEST = "containerimage.digest";
var NAMES = "image.name";
function builtImages(given, label) {
  const metadata = parseBuild(given.startsWith("{") ? Buffer.from(given) : readFile(given, label), label);
  const isBuild = metadata[DIGEST] !== void 0 || metadata[NAMES] !== void 0;
  const results = isBuild ? [["the build", metadata]] : Object.entries(metadata);
  return [
    ...new Set(
      results.flatMap(
        ([target, result]) => typeof result === "object" && result !== null && !Array.isArray(result) ? imagesOf(target, result, label) : []
      )
    )
  ];
}
function imagesOf(target, result, label) {
  const { [DIGEST]: digest, [NAMES]: names } = result;
  if (digest === void 0 && names === void 0) return [];
  const where = `${label}: target ${JSON.stringify(target.slice(0, 100))}`;
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw new VeritySignError("usage", `${where} has a name, but no digest in ${DIGEST}`, {
      remedy: "Push the image in the build (--push), or list it in image"
    });
  }
  if (typeof names !== "string" || names.trim() === "") {
    throw new VeritySignError("usage", `${where} has an image, but no name in ${NAMES}`, {
      remedy: "Give the target a tag and push it, or list the images in image"
    });
  }
  return names.split(",").map((name) => {
    const reference = parseReference(name.trim());
    if (reference.kind === "registry") return `${referenceName(reference)}@${digest}`;
    throw new VeritySignError("usage", `${where} has the name ${JSON.stringify(name.slice(0, 200))}`, {
      remedy: "List the image in image"
    });
  });
}
function readFile(path, label) {
  try {
    return readGivenSync(path);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError("usage", `${label}: ${path} cannot be read (${reason})`, {
      remedy: "Give the path of the file that docker buildx wrote with --metadata-file",
      cause
    });
  }
}
function parseBuild(bytes, label) {
  try {
    return parseMetadata(metadataSchema, bytes, label);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw new VeritySignError("usage", error.message, {
      remedy: "Give the file that docker buildx wrote with --metadata-file, or list its images in image",
      cause: error
    });
  }
}

// src/frontend/inputs/secrets.ts
import { isUtf8 } from "node:buffer";
import { existsSync } from "node:fs";

// src/lib/process/descriptor-file.ts
import { closeSync, openSync, readSync } from "node:fs";
var DESCRIPTOR = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/;
function descriptorOf(path) {
  if (path === "/dev/stdin") return 0;
  const number = DESCRIPTOR.exec(path)?.[1];
  return number === void 0 ? void 0 : Number(number);
}
function takeDescriptor(path, limit) {
  const content = Buffer.alloc(limit + 1);
  let size = 0;
  const file = openSync(path, "r");
  try {
    for (let read = -1; read !== 0 && size < content.length; size += read) {
      read = readSync(file, content, size, content.length - size, null);
    }
  } finally {
    closeSync(file);
  }
  const descriptor = descriptorOf(path);
  if (descriptor === void 0) throw new TypeError(`${path} is no descriptor`);
  closeSync(descriptor);
  if (descriptor === 0) openSync("/dev/null", "r");
  return content.subarray(0, size);
}

// src/frontend/inputs/secrets.ts
var REFERENCE = /^env:\/\/(.*)$/s;
var SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
var SecretStore = class {
  /** By name of the environment variable, or by the path of a descriptor such as /dev/fd/63. */
  values = /* @__PURE__ */ Object.create(null);
  env;
  hide;
  #hidden = /* @__PURE__ */ new Set();
  /** @param hide masks a value in the log, if the log can do that */
  constructor(env, hide = () => void 0) {
    this.env = env;
    this.hide = (value2) => {
      this.#hidden.add(value2);
      hide(value2);
    };
  }
  /** All values, and lines of values, that were masked so far: foreign text is filtered with them. */
  get hidden() {
    return [...this.#hidden];
  }
  /**
   * Moves the variable that an `env://NAME` reference names from the environment into the store.
   * Returns the value, or undefined if `text` is not such a reference. Error: `usage`.
   */
  capture(text2, label) {
    const name = REFERENCE.exec(text2)?.[1];
    if (name === void 0) return void 0;
    const value2 = this.take(name);
    if (value2 === void 0) throw notSet(label, name);
    return value2;
  }
  /**
   * Moves the variable that an `env://NAME` reference names into the store, without masking it: certificates
   * are no secret, and their lines are in other texts. Error: `usage`.
   */
  keep(text2, label) {
    const name = REFERENCE.exec(text2)?.[1];
    if (name === void 0 || this.values[name] !== void 0) return;
    const value2 = this.#variable(name);
    if (value2 === void 0) throw notSet(label, name);
    this.values[name] = value2;
    delete this.env[name];
  }
  /**
   * Moves what a descriptor contains (`/dev/fd/63`, `/dev/stdin`) into the store and closes the descriptor.
   * Binary content becomes base64. Returns undefined for any other path, or if it cannot be read.
   */
  captureDescriptor(path) {
    if (descriptorOf(path) === void 0) return void 0;
    const known = this.values[path];
    if (known !== void 0) return known;
    try {
      const content = takeDescriptor(path, MAX_SECRET_BYTES);
      const value2 = isUtf8(content) ? content.toString("utf8") : content.toString("base64");
      this.values[path] = value2;
      this.mask(value2);
      return value2;
    } catch {
      return void 0;
    }
  }
  /** Moves a variable from the environment into the store. Returns undefined if it is not set or empty. */
  take(name) {
    const known = this.values[name];
    if (known !== void 0) {
      this.mask(known);
      return known;
    }
    const value2 = this.#variable(name);
    if (value2 === void 0) return void 0;
    this.values[name] = value2;
    delete this.env[name];
    this.mask(value2);
    return value2;
  }
  /** Masks the value of a variable that stays in the environment. */
  maskVariable(name) {
    const value2 = this.#variable(name);
    if (value2 !== void 0) this.mask(value2);
  }
  isSet(name) {
    return this.#variable(name) !== void 0;
  }
  #variable(name) {
    const value2 = Object.hasOwn(this.env, name) ? this.env[name] : void 0;
    return value2 === "" ? void 0 : value2;
  }
  /** Masks a value and each of its lines: logs are written line by line. */
  mask(value2) {
    if (value2.trim() === "") return;
    const lines = value2.split(/\r?\n/).map((line) => line.trim());
    for (const line of new Set(lines)) if (line.length > 3 && !line.startsWith("-----")) this.hide(line);
    if (lines.length > 1) this.hide(value2);
    const plain = plainPem(value2);
    if (plain !== value2) this.mask(plain);
  }
};
function notSet(label, name) {
  return new VeritySignError("usage", `${label}: the environment variable ${name} is not set or is empty`, {
    remedy: `Set ${name}; in a workflow, set it under env: of the step`
  });
}
function passphraseReference(text2, label, store) {
  return text2 === void 0 ? void 0 : localReference(text2, label, store, "the path of a file");
}
function keyReference(text2, label, store) {
  if (text2 === void 0) return void 0;
  if (SCHEME.test(text2) && !REFERENCE.test(text2)) {
    captureCredentials(text2, store);
    return text2;
  }
  return localReference(text2, label, store, "the path of a PEM or PKCS#12 file");
}
var CREDENTIALS = [
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
  "AZURE_PASSWORD",
  "GOOGLE_CREDENTIALS",
  "VAULT_TOKEN",
  "BAO_TOKEN",
  "VAULT_SECRET_ID",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
];
var SENT_HERE = {
  awskms: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  hashivault: ["VAULT_TOKEN"]
};
function captureCredentials(reference, store) {
  for (const name of CREDENTIALS) store.maskVariable(name);
  if (reference.startsWith("awskms://") && store.isSet("AWS_PROFILE")) return;
  for (const name of SENT_HERE[reference.slice(0, reference.indexOf(":"))] ?? []) store.take(name);
}
function localReference(text2, label, store, file) {
  if (store.capture(text2, label) !== void 0) return text2;
  if (store.captureDescriptor(text2) !== void 0 || existsSync(text2)) return text2;
  if (SCHEME.test(text2)) {
    throw new VeritySignError("usage", `${label}: ${text2.slice(0, text2.indexOf(":"))}:// is not supported`, {
      remedy: `Use ${file}, or env://NAME for an environment variable`
    });
  }
  store.mask(text2);
  if (isPemText(text2)) {
    throw new VeritySignError("usage", `${label} is PEM text instead of a reference to it`, {
      remedy: "Put it into an environment variable and give env://NAME, or into a file and give its path"
    });
  }
  throw new VeritySignError("usage", `${label}: there is no such file`, {
    remedy: `Use ${file}, or env://NAME for an environment variable that contains the secret`
  });
}
function passwordFromReference(text2, label, store) {
  const captured = store.capture(text2, label);
  if (captured !== void 0) return captured;
  if (!existsSync(text2)) {
    throw new VeritySignError("usage", `${label}: there is no such file`, {
      remedy: "Use env://NAME or the path of a file, never the password itself"
    });
  }
  return passwordIn(() => store.captureDescriptor(text2) ?? readGivenSync(text2).toString(), label, store);
}
function passwordFromStandardInput(label, store) {
  return passwordIn(() => store.captureDescriptor("/dev/stdin") ?? readGivenSync(0).toString(), label, store);
}
function passwordIn(read, label, store) {
  let content = "";
  try {
    content = read();
  } catch (error) {
    const { code = "unknown error" } = error;
    throw new VeritySignError("usage", `${label}: the password cannot be read (${code})`, {
      remedy: "Check the permissions, or use env://NAME"
    });
  }
  const password = content.replace(/\r?\n$/, "");
  if (password === "") {
    throw new VeritySignError("usage", `${label}: the password is empty`, {
      remedy: "Check the file or the program that writes it"
    });
  }
  store.mask(password);
  return password;
}

// src/frontend/inputs/common-options.ts
import { availableParallelism } from "node:os";
import { resolve } from "node:path";

// src/frontend/inputs/registry-options.ts
function registryOptions(raw, dialect) {
  const registries = registriesOf([...parseLines(raw.image), ...listedTags(raw["push-to"])]);
  const credentials = [
    ...oneRegistry(raw, dialect, registries),
    ...severalRegistries(raw, dialect, text(raw, "registry-username") !== void 0)
  ];
  return {
    ...credentials.length === 0 ? {} : { credentials },
    plainHttp: flag(raw, "plain-http", dialect),
    ...optional("caFile", certificateReference(raw, "ca-file", dialect)),
    ...clientIdentity(raw, dialect, registries),
    // root-hash has no such input, and attaches nothing.
    referrers: choice(raw, "referrers", "sign", dialect)
  };
}
function registriesOf(references) {
  const registries = [];
  for (const reference of references) {
    const registry = registryOf(reference);
    if (registry !== void 0 && !registries.some((one) => isSameRegistry(one, registry))) {
      registries.push(registry);
    }
  }
  return registries;
}
function registryOf(reference) {
  try {
    const parsedReference = parseReference(reference);
    return parsedReference.kind === "registry" ? parsedReference.registry : void 0;
  } catch (error) {
    if (error instanceof VeritySignError) return void 0;
    throw error;
  }
}
function oneRegistry(raw, dialect, registries) {
  const { label } = dialect;
  const username = text(raw, "registry-username");
  const password = parsed(raw, "registry-password", dialect, (given, name) => {
    if (dialect.literalPassword) return dialect.secrets.capture(given, name) ?? given;
    return given === "-" ? passwordFromStandardInput(name, dialect.secrets) : passwordFromReference(given, name, dialect.secrets);
  });
  if (username === void 0 || password === void 0) {
    if (username === password) return [];
    const names = ["registry-username", "registry-password"];
    const [given, missing] = (username === void 0 ? names.toReversed() : names).map(label);
    throw new VeritySignError("usage", `${given} is given without ${missing}`, {
      remedy: "Set both, or omit both to use docker's configuration"
    });
  }
  requireOne(
    registries,
    label("registry-username"),
    "Set registry-credentials to one HOST=USER:env://NAME per registry"
  );
  return registries.map((registry) => ({ registry, username, password, input: "registry-username" }));
}
function requireOne(registries, label, remedy) {
  if (registries.length <= 1) return;
  const last = registries.at(-1);
  throw new VeritySignError(
    "usage",
    `${label} is for one registry, but the images and push-to are in ${registries.slice(0, -1).join(", ")} and ${last}`,
    { remedy: `${remedy}, or run once for each registry` }
  );
}
function severalRegistries(raw, dialect, both) {
  const label = dialect.label("registry-credentials");
  const lines = parseLines(raw["registry-credentials"]);
  if (both && lines.length > 0) {
    throw new VeritySignError(
      "usage",
      `${label} cannot be combined with ${dialect.label("registry-username")}`,
      { remedy: "Add a line for that registry instead" }
    );
  }
  const found = [];
  for (const [index, line] of lines.entries()) {
    const { registry, username = "", reference = "" } = FORM.exec(line)?.groups ?? {};
    if (registry === void 0) {
      throw new VeritySignError(
        "usage",
        `${label}: line ${index + 1} is not of the form HOST=USER:env://NAME`,
        {
          remedy: "Write the host of the registry with its port, the user name, and env://NAME or the path of a file"
        }
      );
    }
    if (found.some((one) => isSameRegistry(one.registry, registry))) {
      throw new VeritySignError("usage", `${label} has more than one line for ${registry}`, {
        remedy: "Keep the one to use"
      });
    }
    const password = passwordFromReference(reference, `${label} for ${registry}`, dialect.secrets);
    found.push({ registry, username, password, input: "registry-credentials" });
  }
  return found;
}
var FORM = /^(?<registry>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?)=(?<username>(?!env:\/\/)[^:]+):(?<reference>.+)$/;
function clientIdentity(raw, dialect, registries) {
  const { label } = dialect;
  const clientCertificate = certificateReference(raw, "client-certificate", dialect);
  const clientKey = text(raw, "client-key");
  if (clientCertificate === void 0 && clientKey === void 0) return {};
  if (clientCertificate === void 0 || clientKey === void 0) {
    const names = ["client-certificate", "client-key"];
    const [given, missing] = (clientCertificate === void 0 ? names.toReversed() : names).map(label);
    throw new VeritySignError("usage", `${given} is given without ${missing}`, { remedy: "Set both" });
  }
  if (isPemText(clientKey) || clientKey.startsWith("env://")) {
    dialect.secrets.mask(clientKey);
    throw new VeritySignError("usage", `${label("client-key")} is not the path of a file`, {
      remedy: "Write the key to a file that only this user can read, and give its path"
    });
  }
  requireOne(registries, label("client-certificate"), "Leave the others out");
  return { clientCertificate, clientKey };
}

// src/frontend/inputs/common-options.ts
function layersChoice(raw, surface, dialect) {
  return choice(raw, "layers", surface, dialect);
}
function commonOptions(raw, dialect) {
  const list = (name, check) => parseList(value(raw, name)).map((item) => check(item, dialect.label(name)));
  const cores = Math.min(64, availableParallelism());
  const options = {
    platforms: list("platform", parsePlatform),
    profiles: list("profile", (item, label) => parseChoice(item, PROFILE_NAMES, label)),
    ...builderOptions(raw, dialect),
    ...optional("mkfsOptions", value(raw, "mkfs-options")),
    concurrency: parsed(raw, "concurrency", dialect, (text2, label) => parseCount(text2, 1, 64, label)) ?? cores,
    timeout: required(parsed(raw, "timeout", dialect, parseDuration), "timeout", dialect),
    maxLayerSize: required(parsed(raw, "max-layer-size", dialect, parseSize), "max-layer-size", dialect),
    ...optional("tempDir", absolute(value(raw, "temp-dir"))),
    registry: registryOptions(raw, dialect),
    tools: {
      ...optional("orasPath", programPath(value(raw, "oras-path"))),
      ...optional("mkfsPath", programPath(value(raw, "mkfs-path")))
    },
    allowSkip: parseList(value(raw, "allow-skip"))
  };
  recipesFor(options);
  return options;
}
function absolute(path) {
  return path === void 0 ? void 0 : resolve(path);
}
function programPath(path) {
  return path?.includes("/") === true ? resolve(path) : path;
}
function builderOptions(raw, dialect) {
  const label = dialect.label("erofs-utils-version");
  const builder = choice(raw, "builder", "sign", dialect);
  const crossCheck = flag(raw, "cross-check", dialect);
  const versions = parseList(value(raw, "erofs-utils-version"));
  if (builder === "native") {
    if (!crossCheck) refuseMkfsInputs(raw, versions, dialect);
    const classes = classesOf(versions, label);
    return {
      builder,
      crossCheck,
      ...classes.length === 0 ? {} : { classes },
      // The mkfs.erofs to compare with.
      ...crossCheck && versions.length === 1 && versions[0] !== ALL_CLASSES ? optional("erofsUtilsVersion", versions[0]) : {}
    };
  }
  if (versions.includes(ALL_CLASSES)) {
    throw new VeritySignError(
      "usage",
      `${label} ${ALL_CLASSES} has no effect with builder mkfs: a mkfs.erofs is of one class`,
      {
        remedy: "Use builder native for all classes, or name one class or version, or omit it"
      }
    );
  }
  const [version, ...more] = versions.map((text2) => parseErofsVersion(text2, label));
  if (more.length > 0) {
    throw new VeritySignError("usage", `${label} lists several versions, but builder mkfs accepts only one`, {
      remedy: "Choose one, or use builder native"
    });
  }
  return { builder, crossCheck, ...optional("erofsUtilsVersion", version) };
}
function classesOf(versions, label) {
  const named = versions.filter((text2) => text2 !== ANY_VERSION);
  if (!named.includes(ALL_CLASSES)) return [...new Set(named.map((text2) => classOf(text2, label)))];
  const others = named.filter((text2) => text2 !== ALL_CLASSES);
  if (others.length === 0) return [...KNOWN_CLASSES];
  throw new VeritySignError("usage", `${label} lists ${ALL_CLASSES} and ${others.join(", ")}`, {
    remedy: `Use ${ALL_CLASSES} alone, or name the classes`
  });
}
var ALL_CLASSES = "all";
var ANY_VERSION = "any";
var MKFS_INPUTS = ["mkfs-path", "erofs-utils-url", "erofs-utils-sha256"];
function refuseMkfsInputs(raw, versions, { label }) {
  const given = MKFS_INPUTS.filter((name) => value(raw, name) !== void 0).map(label);
  if (versions.includes(ANY_VERSION)) given.push(`${label("erofs-utils-version")} ${ANY_VERSION}`);
  if (given.length === 0) return;
  const verb = given.length === 1 ? "has" : "have";
  throw new VeritySignError("usage", `${given.join(", ")} ${verb} no effect with builder native`, {
    remedy: "Set builder to mkfs, or set cross-check to use both builders, or omit it"
  });
}

// src/frontend/inputs/signing-options.ts
import { resolve as resolve3 } from "node:path";

// src/frontend/inputs/node/preflight-options.ts
import { resolve as resolve2 } from "node:path";

// src/frontend/inputs/node/shell-words.ts
function shellWords(text2, label) {
  const words = [];
  let word;
  let at = 0;
  while (at < text2.length) {
    const character = text2.charAt(at);
    if (/[ \t\n]/.test(character)) {
      if (word !== void 0) words.push(word);
      word = void 0;
      at += 1;
      continue;
    }
    const piece = pieceAt(text2, at, label);
    word = (word ?? "") + piece.value;
    if (word === "" && piece.isContinuation) word = void 0;
    at = piece.end;
  }
  if (word !== void 0) words.push(word);
  if (words.length > 0) return words;
  throw wrong(label, "has no words", "Write the program and its arguments, or omit it");
}
function pieceAt(text2, at, label) {
  const character = text2.charAt(at);
  if (character === "'") {
    const end = text2.indexOf("'", at + 1);
    if (end === -1) throw unfinished(label, "'");
    return { value: text2.slice(at + 1, end), end: end + 1 };
  }
  if (character === '"') return doubleQuoted(text2, at + 1, label);
  if (character !== "\\") return { value: character, end: at + 1 };
  const next = text2.charAt(at + 1);
  if (next === "")
    throw wrong(label, "ends with a backslash", "Quote the backslash, or complete the command");
  return next === "\n" ? { value: "", end: at + 2, isContinuation: true } : { value: next, end: at + 2 };
}
function doubleQuoted(text2, from, label) {
  let value2 = "";
  for (let at = from; at < text2.length; at += 1) {
    const character = text2.charAt(at);
    if (character === '"') return { value: value2, end: at + 1 };
    const next = text2.charAt(at + 1);
    if (character === "\\" && next !== "" && '$`"\\\n'.includes(next)) {
      if (next !== "\n") value2 += next;
      at += 1;
    } else value2 += character;
  }
  throw unfinished(label, '"');
}
function unfinished(label, quote) {
  return wrong(label, `has an unfinished quote (${quote})`, "Close it, or write a backslash before it");
}
function wrong(label, what, remedy) {
  return new VeritySignError("usage", `${label} ${what}`, { remedy });
}

// src/frontend/inputs/node/preflight-options.ts
var SMALLEST_MEMORY = 256 * 1024 * 1024;
var MEMORY = 1024 * 1024 * 1024;
var OF_SIGNING = [
  "preflight-command",
  "preflight-alive",
  "preflight-healthcheck",
  "preflight-time-limit",
  "preflight-static",
  "preflight-allow-denials",
  "preflight-certificate",
  "preflight-accel",
  "preflight-guest-dir"
];
function preflightOptions(raw, dialect) {
  const { label } = dialect;
  const common = commonOptions(raw, dialect);
  requireOne2(common.profiles, "profile", `one of ${PROFILE_NAMES.join(", ")}`, dialect);
  requireOne2(common.platforms, "platform", "one", dialect);
  for (const platform of common.platforms) requireOfVm(platform, dialect);
  const trustedCertificates = certificateReferences(raw, "trusted-certificate", dialect);
  if (trustedCertificates.length === 0) {
    throw new VeritySignError("usage", `${label("trusted-certificate")} is missing`, {
      remedy: "Give the certificates that the nodes trust: the kernel of the VM trusts these and no others"
    });
  }
  const settings = {
    ...programSettings(raw, "", dialect),
    memory: required(parsed(raw, "memory", dialect, parseSize), "memory", dialect),
    network: flag(raw, "network", dialect),
    accelerator: choice(raw, "accel", "preflight", dialect),
    ...optional("guestDir", folder(raw, "guest-dir")),
    ...optional("kernel", ownKernel(raw, dialect)),
    ...optional("ipePolicy", folder(raw, "ipe-policy")),
    trustedCertificates
  };
  if (settings.memory < SMALLEST_MEMORY) {
    throw new VeritySignError(
      "usage",
      `${label("memory")}: ${text(raw, "memory")} is too little for the VM`,
      {
        remedy: "Give at least 256MiB"
      }
    );
  }
  return { ...common, ...settings };
}
function preflightOfSigning(raw, dialect) {
  const { label } = dialect;
  if (!flag(raw, "preflight", dialect)) {
    const idle = OF_SIGNING.find((name) => isGiven(raw, name));
    if (idle === void 0) return void 0;
    throw new VeritySignError("usage", `${label(idle)} has no effect without ${label("preflight")}`, {
      remedy: "Set preflight to true, or omit it"
    });
  }
  return {
    ...programSettings(raw, "preflight-", dialect),
    memory: MEMORY,
    network: false,
    accelerator: choice(raw, "preflight-accel", "sign", dialect),
    ...optional("guestDir", folder(raw, "preflight-guest-dir")),
    trustedCertificates: certificateReferences(raw, "preflight-certificate", dialect)
  };
}
function isGiven(raw, name) {
  const given = raw[name]?.trim() ?? "";
  return given !== "" && given !== text({}, name);
}
function programSettings(raw, prefix, dialect) {
  const { label } = dialect;
  const [limit, alive] = [`${prefix}time-limit`, `${prefix}alive`];
  const settings = {
    ...optional("command", parsed(raw, `${prefix}command`, dialect, shellWords)),
    ...optional("alive", parsed(raw, alive, dialect, parseDuration)),
    healthcheck: flag(raw, `${prefix}healthcheck`, dialect),
    timeLimit: required(parsed(raw, limit, dialect, parseDuration), limit, dialect),
    static: flag(raw, `${prefix}static`, dialect),
    allowDenials: flag(raw, `${prefix}allow-denials`, dialect)
  };
  const refuse = (first, second, remedy) => {
    throw new VeritySignError("usage", `${label(first)} and ${label(second)} contradict one another`, {
      remedy
    });
  };
  if (settings.static) {
    const names = ["command", "alive", "healthcheck", "allow-denials"];
    const given = names.find((name) => {
      const value2 = settings[name === "allow-denials" ? "allowDenials" : name];
      return value2 !== void 0 && value2 !== false;
    });
    if (given !== void 0)
      refuse(`${prefix}${given}`, `${prefix}static`, "Omit one of them: static runs no program");
  }
  if (settings.healthcheck && settings.alive !== void 0)
    refuse(alive, `${prefix}healthcheck`, "Choose what counts as success");
  if (settings.alive !== void 0 && settings.alive >= settings.timeLimit) {
    const [time, longest] = [text(raw, alive), text(raw, limit)];
    throw new VeritySignError(
      "usage",
      `${label(alive)}: ${time} is not less than ${label(limit)} (${longest})`,
      { remedy: `Raise ${limit} above the time that the program must be alive` }
    );
  }
  return settings;
}
function ownKernel(raw, { label }) {
  const [image, modules] = [folder(raw, "kernel"), folder(raw, "modules")];
  if (image === void 0 && modules === void 0) return void 0;
  if (image !== void 0 && modules !== void 0) return { image, modules };
  const [given, missing] = image === void 0 ? ["modules", "kernel"] : ["kernel", "modules"];
  throw new VeritySignError("usage", `${label(given)} is given without ${label(missing)}`, {
    remedy: "Give the kernel of the node and the folder of its modules"
  });
}
function folder(raw, name) {
  const given = text(raw, name);
  return given === void 0 ? void 0 : resolve2(given);
}
function requireOfVm(platform, { label }) {
  const { os, architecture } = parsePlatform2(platform);
  if (os === "linux" && guestOf(architecture) !== void 0) return;
  const ours = Object.values(GUEST_KINDS).map((kind) => kind.platform);
  throw new VeritySignError(
    "usage",
    `${label("platform")}: the VM of preflight runs images of ${ours.join(" and ")}, not of ${platform}`,
    { remedy: `Omit it, or give ${ours.join(" or ")}` }
  );
}
function requireOne2(given, name, expected, { label }) {
  if (given.length <= 1) return;
  throw new VeritySignError("usage", `${label(name)} lists ${given.length} values, and preflight tests one`, {
    remedy: `Give ${expected}, and test the others in runs of their own`
  });
}

// src/frontend/inputs/signing-options.ts
function signingOptions(raw, dialect) {
  const { label, secrets } = dialect;
  const dryRun = flag(raw, "dry-run", dialect);
  const key = keyReference(text(raw, "key"), label("key"), secrets);
  if (!dryRun) required(key, "key", dialect);
  const options = {
    ...commonOptions(raw, dialect),
    ...optional("key", key),
    ...optional(
      "keyPassphrase",
      passphraseReference(text(raw, "key-passphrase"), label("key-passphrase"), secrets)
    ),
    ...optional("certificate", certificateReference(raw, "certificate", dialect)),
    pluginConfig: pluginConfig(raw, dialect),
    layers: layersChoice(raw, "sign", dialect),
    ...optional("artifactFormats", artifactFormats(choice(raw, "artifact-format", "sign", dialect))),
    manifestSignature: choice(raw, "manifest-signature", "sign", dialect),
    ...optional("signatureExpiry", parsed(raw, "signature-expiry", dialect, parseLifetime)),
    ...optional("timestampUrl", parsed(raw, "timestamp-url", dialect, parseUrl)),
    ...optional("timestampCertificate", certificateReference(raw, "timestamp-certificate", dialect)),
    ...optional("pushTo", pushTargets(raw)),
    ...optional("exportDir", exportFolder(raw)),
    ...optional("preflight", preflightOfSigning(raw, dialect)),
    dryRun,
    annotations: parseAnnotations(raw.annotations, label("annotations"))
  };
  checkTogether(options, dialect);
  return isPlugin(key) ? { ...options, pluginSecrets: secrets.hidden } : options;
}
function exportFolder(raw) {
  const folder2 = text(raw, "export-dir");
  return folder2 === void 0 ? void 0 : resolve3(folder2);
}
function artifactFormats(choice2) {
  if (choice2 === "notary") return void 0;
  return choice2 === "both" ? [...ARTIFACT_FORMATS] : [choice2];
}
function pushTargets(raw) {
  const targets = listedTags(raw["push-to"]);
  return targets.length === 0 ? void 0 : targets;
}
function pluginConfig(raw, { label, secrets }) {
  const config = parsePairs(raw["plugin-config"], label("plugin-config"));
  for (const value2 of Object.values(config)) if (!/^(true|false)$/i.test(value2)) secrets.mask(value2);
  return config;
}
function isPlugin(key) {
  return key?.startsWith("notation-plugin://") === true;
}
function checkTogether(options, { label }) {
  const { key, layers, manifestSignature, pluginConfig: pluginConfig2, timestampUrl, timestampCertificate } = options;
  const refuse = (message, remedy) => {
    throw new VeritySignError("usage", message, { remedy });
  };
  checkExport(options, label("export-dir"), refuse);
  checkPreflight(options, label("preflight"), refuse);
  if (manifestSignature === "none") {
    if (layers === "none") {
      refuse(
        `${label("layers")} and ${label("manifest-signature")} are both none: nothing would be signed`,
        "Set manifest-signature to jws or cose, or layers to required or auto"
      );
    }
    const idle = [
      ["signature-expiry", options.signatureExpiry],
      ["timestamp-url", timestampUrl],
      ["timestamp-certificate", timestampCertificate]
    ].find(([, given]) => given !== void 0);
    if (idle !== void 0) {
      refuse(
        `${label(idle[0])} has no effect with ${label("manifest-signature")} none`,
        "Set manifest-signature to jws or cose"
      );
    }
  }
  if (timestampUrl === void 0 !== (timestampCertificate === void 0)) {
    const names = ["timestamp-url", "timestamp-certificate"];
    const [given, missing] = (timestampUrl === void 0 ? names.toReversed() : names).map(label);
    refuse(
      `${given} is given without ${missing}`,
      "Set both: the authority's response is checked against its root certificate"
    );
  }
  refuseIdleConfig(pluginConfig2, key, label("plugin-config"));
}
function checkExport(options, name, refuse) {
  if (options.exportDir === void 0) return;
  if (options.dryRun) {
    refuse(
      `${name} has no effect in a dry run, which writes nothing`,
      "Omit it, or export the signed image with verity-sign export"
    );
  }
  if (options.layers === "none") {
    refuse(`${name} has no effect with layers none: no layer is converted`, "Set layers to required or auto");
  }
  cacheRecipe(options);
}
function checkPreflight({ preflight, dryRun, layers }, name, refuse) {
  if (preflight === void 0) return;
  if (dryRun) refuse(`${name} has no effect in a dry run: there are no signatures to test`, "Omit it");
  if (layers === "none")
    refuse(
      `${name} has no effect with layers none: a kernel checks layers`,
      "Set layers to required or auto"
    );
}
function refuseIdleConfig(config, key, label) {
  if (Object.keys(config).length === 0 || key === void 0 || isPlugin(key)) return;
  throw new VeritySignError("usage", `${label} has no effect without a key of a notation plugin`, {
    remedy: "Omit it, or set the key to notation-plugin://NAME/KEYID"
  });
}
function requireOneImage(images, { pushTo }, dialect) {
  if (pushTo === void 0 || images.length === 1) return;
  throw new VeritySignError(
    "usage",
    `${dialect.label("push-to")} accepts one image, but ${images.length} are given`,
    {
      remedy: "Sign each image in a separate run"
    }
  );
}

export {
  eachImage,
  hasResults,
  reportEntries,
  listedImages,
  withoutCredentials,
  listedTags,
  withBuiltImages,
  SecretStore,
  passphraseReference,
  keyReference,
  registriesOf,
  layersChoice,
  commonOptions,
  preflightOptions,
  signingOptions,
  pluginConfig,
  isPlugin,
  refuseIdleConfig,
  requireOneImage
};
