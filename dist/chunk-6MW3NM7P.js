import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  MAX_METADATA_SIZE,
  checkContent,
  checkMetadataSize,
  descriptorSchema,
  inBatches,
  parseJson,
  sha256Digest,
  splitDigest,
  toDescriptor
} from "./chunk-QRCM2NJ2.js";
import {
  array,
  literal,
  looseObject,
  object
} from "./chunk-F7L57EWU.js";
import {
  ToolError
} from "./chunk-BYEVULVW.js";
import {
  VeritySignError
} from "./chunk-DNW23BY2.js";

// src/tools/oci-layout.ts
import { constants } from "node:fs";
import { lstat, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
var ABANDONED = 1e4;
var OciLayout = class {
  directory;
  constructor(directory) {
    this.directory = directory;
  }
  /** Checks the marker file. @throws VeritySignError 'image' if the folder is not a layout */
  async check() {
    const directory = await stat(this.directory).catch(() => void 0);
    if (directory?.isDirectory() !== true) {
      throw new VeritySignError("image", `${this.directory} is not a folder`, {
        remedy: "Name a folder in OCI image layout"
      });
    }
    const bytes = await this.#small("oci-layout");
    parseJson(object({ imageLayoutVersion: literal("1.0.0") }), bytes, "the file oci-layout");
  }
  /** The entries of index.json. */
  async entries() {
    return (await this.#index()).manifests;
  }
  /** A blob of at most `limit` bytes, with the size and digest that the descriptor says. */
  async read(descriptor, limit = MAX_METADATA_SIZE) {
    checkMetadataSize(descriptor, limit);
    const file = await this.open(descriptor);
    try {
      const { size } = await file.stat();
      if (size !== descriptor.size) {
        throw new VeritySignError(
          "image",
          `${descriptor.digest} has ${size} bytes, its descriptor says ${descriptor.size}`
        );
      }
      const bytes = await file.readFile();
      checkContent(bytes, descriptor);
      return bytes;
    } finally {
      await file.close();
    }
  }
  /** Opens a blob for reading; the caller closes it. */
  async open(descriptor) {
    const { algorithm, hex } = splitDigest(descriptor.digest);
    return this.#open(`blobs/${algorithm}/${hex}`);
  }
  async has(descriptor) {
    const { algorithm, hex } = splitDigest(descriptor.digest);
    const found = await lstat(join(this.directory, "blobs", algorithm, hex)).catch(() => void 0);
    return found?.isFile() === true && found.size === descriptor.size;
  }
  /** Writes a small blob unless it is there. */
  async addBlob(descriptor, bytes) {
    checkContent(bytes, descriptor);
    if (await this.has(descriptor)) return;
    const { algorithm, hex } = splitDigest(descriptor.digest);
    const folder = join(this.directory, "blobs", algorithm);
    await this.#noSymlinks(`blobs/${algorithm}/${hex}`);
    await mkdir(folder, { recursive: true });
    await replaceFile(join(folder, hex), bytes, 420);
  }
  /**
   * Lists a manifest in index.json unless it is listed there. Runs that do the same at the same time
   * wait for each other.
   */
  async addEntry(descriptor) {
    const path = join(this.directory, "index.json");
    const unlock = await lock(`${path}.lock`);
    try {
      const { manifests, raw } = await this.#index();
      if (manifests.some(({ digest }) => digest === descriptor.digest)) return;
      const { mode } = await stat(path);
      const listed = Array.isArray(raw.manifests) ? raw.manifests : [];
      const text = JSON.stringify({ ...raw, manifests: [...listed, descriptor] });
      await replaceFile(path, Buffer.from(text), mode & 511);
    } finally {
      await unlock();
    }
  }
  async #index() {
    const bytes = await this.#small("index.json");
    const schema2 = looseObject({
      schemaVersion: literal(2),
      manifests: array(descriptorSchema).nullable()
    });
    const parsed = parseJson(schema2, bytes, "index.json");
    return {
      manifests: (parsed.manifests ?? []).map(toDescriptor),
      // Entries as they were written, with properties that are unknown here.
      raw: JSON.parse(bytes.toString("utf8"))
    };
  }
  async #small(name) {
    const file = await this.#open(name);
    try {
      const { size } = await file.stat();
      if (size > MAX_METADATA_SIZE) {
        throw new VeritySignError("image", `${name} has ${size} bytes, the limit is ${MAX_METADATA_SIZE}`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  }
  /** @param name relative path of checked components */
  async #open(name) {
    await this.#noSymlinks(name);
    let file;
    try {
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      file = await open(join(this.directory, name), flags);
    } catch (cause) {
      const { code } = cause;
      if (code === "ENOENT") throw new VeritySignError("image", `the layout lacks ${name}`, { cause });
      throw new VeritySignError("environment", `cannot open ${name} of the layout (${code})`, { cause });
    }
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new VeritySignError("image", `${name} of the layout is not a regular file`);
  }
  async #noSymlinks(name) {
    const parts = name.split("/");
    for (let depth = 1; depth <= parts.length; depth++) {
      const part = parts.slice(0, depth).join("/");
      const found = await lstat(join(this.directory, part)).catch(() => void 0);
      if (found?.isSymbolicLink() === true) {
        throw new VeritySignError("image", `${part} of the layout is a symbolic link`, {
          remedy: "Copy the layout so that links become files (cp -rL)"
        });
      }
    }
  }
};
var partials = 0;
async function replaceFile(path, bytes, mode) {
  partials += 1;
  const partial = `${path}.${process.pid}-${partials}.partial`;
  try {
    const file = await open(partial, "wx", mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw writeError(error, path);
  }
}
async function lock(path) {
  for (; ; ) {
    try {
      await (await open(path, "wx", 420)).close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw writeError(error, path);
    }
    const held = await lstat(path).catch(() => void 0);
    if (held !== void 0 && Math.abs(Date.now() - held.mtimeMs) > ABANDONED)
      await rm(path, { force: true });
    else await setTimeout(50);
  }
}
function writeError(error, path) {
  if (error instanceof VeritySignError || !(error instanceof Error)) return error;
  const { code } = error;
  return new VeritySignError("environment", `cannot write ${path} (${code ?? error.message})`, {
    remedy: "See to write permission and free space there",
    cause: error
  });
}

// src/attach/registry-store.ts
import { writeFile as writeFile2 } from "node:fs/promises";
import { join as join3 } from "node:path";

// src/attach/referrer-list.ts
import { writeFile } from "node:fs/promises";
import { join as join2 } from "node:path";

// src/attach/fallback-index.ts
var INDEX_MEDIA_TYPE = "application/vnd.oci.image.index.v1+json";
function fallbackTag(subject) {
  return subject.digest.replace(":", "-").slice(0, 128);
}
function checkIndex(found, tag) {
  if (found.mediaType === INDEX_MEDIA_TYPE) return;
  throw new VeritySignError(
    "registry",
    `the fallback tag ${tag} points to ${found.mediaType}, not to an index`
  );
}
var schema = looseObject({
  schemaVersion: literal(2),
  manifests: array(looseObject({ digest: descriptorSchema.shape.digest })).nullable()
});
function addToIndex(existing, entry) {
  const start = { schemaVersion: 2, mediaType: INDEX_MEDIA_TYPE, manifests: [] };
  const index = existing === void 0 ? start : parseJson(schema, existing, "the index of referrers");
  const listed = index.manifests ?? [];
  if (listed.some(({ digest }) => digest === entry.digest)) return void 0;
  const bytes = Buffer.from(JSON.stringify({ ...index, manifests: [...listed, entry] }));
  return {
    bytes,
    descriptor: { mediaType: INDEX_MEDIA_TYPE, digest: sha256Digest(bytes), size: bytes.length }
  };
}

// src/attach/referrer-list.ts
async function ensureListed(oras, repository, { descriptor, subject, artifactType, annotations }, folder) {
  if (await oras.servesReferrers(repository, descriptor)) return;
  const tag = fallbackTag(subject);
  const type = artifactType === void 0 ? {} : { artifactType };
  const index = addToIndex(await fallbackList(oras, repository, tag), {
    ...descriptor,
    ...type,
    annotations
  });
  if (index === void 0) return;
  const name = "index.json";
  await writeFile(join2(folder, name), index.bytes, { mode: 384 });
  await oras.pushManifest(repository, index.descriptor, { folder, name }, tag);
}
async function fallbackList(oras, repository, tag) {
  const found = await oras.find(`${repository}:${tag}`);
  if (found === void 0) return void 0;
  checkIndex(found, tag);
  return oras.manifest(repository, found);
}

// src/attach/store.ts
var MAX_SIGNATURE_SIZE = 1024 * 1024;

// src/attach/registry-store.ts
var RegistryStore = class {
  name;
  #oras;
  /** @param repository `REGISTRY/PATH` without tag */
  constructor(oras, repository) {
    this.#oras = oras;
    this.name = repository;
  }
  list(subject, artifactType) {
    return this.#oras.referrers(this.name, subject, artifactType);
  }
  fetchManifest(descriptor) {
    return this.#oras.manifest(this.name, descriptor);
  }
  fetchBlob(descriptor) {
    return this.#oras.smallBlob(this.name, descriptor, MAX_SIGNATURE_SIZE);
  }
  async attach(artifact, folder) {
    const { blobs, descriptor, bytes } = artifact;
    await inBatches(blobs, async (blob, index) => {
      const name2 = `blob-${index}`;
      await writeFile2(join3(folder, name2), blob.bytes, { mode: 384 });
      await this.#oras.pushBlob(this.name, blob.descriptor, { folder, name: name2 });
    });
    const name = "manifest.json";
    await writeFile2(join3(folder, name), bytes, { mode: 384 });
    await this.#oras.pushManifest(this.name, descriptor, { folder, name });
  }
  async relist({ manifest, descriptor }, folder) {
    const { subject, artifactType, annotations } = manifest;
    await ensureListed(this.#oras, this.name, { descriptor, subject, artifactType, annotations }, folder);
  }
};

// src/tools/oras/failure.ts
var NOT_FOUND = {
  pattern: /not found|name unknown|manifest unknown|blob unknown|status code 404/i,
  code: "registry",
  message: (_access, target) => `${target} is not in the registry`,
  remedy: () => "Check the name, and that these credentials may see it"
};
var CAUSES = [
  {
    pattern: /gave HTTP response to HTTPS client/i,
    code: "registry",
    message: () => "the registry speaks plain HTTP, HTTPS was expected",
    remedy: () => "Set plain-http if this registry is meant to have no TLS"
  },
  {
    pattern: /x509: certificate signed by unknown authority|failed to verify certificate|tls: /i,
    code: "registry",
    message: () => "the registry's TLS certificate cannot be trusted",
    remedy: () => "Give the certificate of the registry's authority as ca-file"
  },
  {
    pattern: /referrers API: unsupported/i,
    code: "registry",
    message: () => "the registry has no referrers API",
    remedy: () => "Set referrers to auto, or to tag for the fallback tag"
  },
  {
    passing: true,
    pattern: /status code 429|toomanyrequests|too many requests/i,
    code: "registry",
    message: (access, target) => `the registry limits the rate of requests, ${access} of ${target} was given up`,
    remedy: () => "Wait a while, or log in if the limit is that for anonymous users, then run again"
  },
  {
    pattern: /status code 403|denied|forbidden/i,
    code: "registry",
    message: (access, target) => `the registry denies ${access} access to ${target}`,
    remedy: (access) => access === "push" ? "Give these credentials push permission on the repository (on GitHub: permissions: packages: write)" : "Give these credentials pull permission on the repository (on GitHub: permissions: packages: read)"
  },
  {
    pattern: /status code 401|unauthorized|basic credential not found|authentication required/i,
    code: "registry",
    message: (access, target) => `the registry wants credentials with ${access} permission for ${target}`,
    remedy: () => "Log in before (docker/login-action, docker login, oras login), or set registry-username and registry-password"
  },
  {
    pattern: /status code 409|immutable|already exists and cannot be|tag invalid/i,
    code: "registry",
    message: (_access, target) => `the registry does not let a tag of ${target} be overwritten`,
    remedy: () => "Exempt the tags sha256-* from immutability, or use a registry with the referrers API (referrers: api)"
  },
  NOT_FOUND,
  {
    pattern: /mismatch|content verification failed|trailing data|invalid content digest/i,
    code: "image",
    message: (_access, target) => `the registry sent other content than ${target}`,
    remedy: () => "Run again; if that does not help, the registry or a proxy before it is damaged"
  },
  {
    passing: true,
    pattern: /no such host|connection refused|network is unreachable|i\/o timeout|connection reset|broken pipe|EOF/i,
    code: "registry",
    message: (_access, target) => `the registry of ${target} cannot be reached or broke the connection off`,
    remedy: () => "Check the registry name and the network, then run again"
  },
  {
    passing: true,
    pattern: /status code 5\d\d/i,
    code: "registry",
    message: (_access, target) => `the registry failed on ${target}`,
    remedy: () => "Run again once the registry has recovered"
  }
];
var BROKEN = /connection reset|broken pipe|\bEOF\b|i\/o timeout|TLS handshake timeout|server closed idle connection|GOAWAY/i;
function isTransient(error, access, target) {
  if (!(error instanceof ToolError) || error.timedOut || error.stderr === "") return false;
  const words = shorten(error.stderr);
  if (BROKEN.test(words)) return true;
  const cause = causeOf(words, target);
  return access === "push" && (cause === void 0 || cause.passing === true);
}
function causeOf(words, target) {
  const plain = words.replaceAll(/"[^"]*"/g, "").replaceAll(target, "");
  return CAUSES.find(({ pattern }) => pattern.test(plain));
}
function isNotFound(error, target) {
  const said = error instanceof VeritySignError && error.cause instanceof ToolError ? error.cause.stderr : "";
  return causeOf(shorten(said), target) === NOT_FOUND;
}
function saysNotFound(error) {
  return error instanceof VeritySignError && error.message.includes(" is not in the registry (oras: ");
}
function lacksReferrersApi(error) {
  return error instanceof VeritySignError && /referrers API: unsupported/i.test(error.message);
}
function orasFailure(error, access, target) {
  if (!(error instanceof ToolError)) return error;
  if (error.timedOut) {
    return new VeritySignError("registry", `no answer about ${target} within the time limit`, {
      remedy: "Raise timeout, or try again later",
      cause: error
    });
  }
  if (error.stderr === "") return error;
  const words = shorten(error.stderr);
  const cause = causeOf(words, target);
  if (cause === void 0) {
    return new VeritySignError("registry", `${access} of ${target} failed (oras: ${words})`, {
      cause: error
    });
  }
  return new VeritySignError(cause.code, `${cause.message(access, target)} (oras: ${words})`, {
    remedy: cause.remedy(access),
    cause: error
  });
}
function shorten(stderr) {
  const lines = stderr.split("\n").filter((line2) => line2.trim() !== "");
  const line = lines.findLast((text) => text.startsWith("Error")) ?? lines.at(-1) ?? "";
  const words = line.replace(/^Error( response from registry)?:\s*/, "").trim();
  return words.length > 300 ? `${words.slice(0, 300)}…` : words;
}

export {
  OciLayout,
  MAX_SIGNATURE_SIZE,
  ensureListed,
  RegistryStore,
  isTransient,
  isNotFound,
  saysNotFound,
  lacksReferrersApi,
  orasFailure
};
