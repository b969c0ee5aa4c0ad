import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  parseReference,
  referenceName
} from "./shared.oci.image.reference.js";
import {
  isMark,
  livenessOf,
  ownMark,
  removeLeftovers
} from "./shared.lib.leftovers.remove.js";
import {
  IMAGE_NAME,
  REF_NAME
} from "./shared.model.annotations.js";
import {
  MAX_METADATA_SIZE,
  checkContent,
  checkMetadataSize,
  checkSize,
  documentKind,
  isImageConfig,
  parseDocument,
  parseIndex,
  parseMetadata,
  parseReferences
} from "./shared.oci.documents.js";
import {
  sha256Digest
} from "./shared.formats.digest.js";
import {
  literal,
  object
} from "./shared.zod.v4.core.schemas.js";
import {
  isDigest,
  splitDigest
} from "./shared.formats.digest-grammar.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/oci/partial-file.ts
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
var MARKED = /\.([0-9a-f-]+)-\d+\.partial$/;
var LONG_NAME = 150;
var partials = 0;
function partialPath(path) {
  partials += 1;
  return join(dirname(path), `${shortName(path)}.${ownMark()}-${partials}.partial`);
}
function shortName(path) {
  const name = basename(path);
  return Buffer.byteLength(name) <= LONG_NAME ? name : sha256Digest(Buffer.from(name)).slice(7, 39);
}
function partialsOf(path) {
  const start = path === void 0 ? "" : `${shortName(path)}.`;
  return {
    markOf: (name) => {
      if (!name.startsWith(start)) return void 0;
      const mark = MARKED.exec(name)?.[1];
      return mark !== void 0 && isMark(mark) ? mark : void 0;
    },
    accepts: (found) => found.isFile()
  };
}
async function replaceFile(path, bytes, mode, mayReplace = () => true) {
  const partial = partialPath(path);
  try {
    const file = await open(partial, "wx", mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    const replaces = mayReplace();
    if (replaces) await rename(partial, path);
    else await rm(partial, { force: true });
    return replaces;
  } catch (error) {
    await rm(partial, { force: true });
    throw writeError(error, path);
  }
}
function writeError(error, path) {
  if (error instanceof VeritySignError || !(error instanceof Error)) return error;
  const { code } = error;
  return new VeritySignError("environment", `cannot write ${path} (${code ?? error.message})`, {
    remedy: "Check write permission and free space there",
    cause: error
  });
}

// src/oci/oci-layout.ts
import { constants } from "node:fs";
import { lstat, mkdir, open as open4, rm as rm4, stat } from "node:fs/promises";
import { join as join3 } from "node:path";

// src/oci/file-lock.ts
import { lstatSync, readFileSync } from "node:fs";
import { link, open as open2, rename as rename2, rm as rm2, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
var SIGN_OF_LIFE = 2e3;
var SILENCE = 5e3;
var LEFTOVER = 24 * 60 * 60 * 1e3;
var LONGEST_WAIT = 6e4;
var locks = 0;
async function lockFile(path, signal) {
  locks += 1;
  const content = `${ownMark()} ${locks}`;
  const started = performance.now();
  let seen;
  for (; ; ) {
    if (await create(path, content)) return hold(path, content);
    refuseOther(path);
    const held = look(path);
    const now = performance.now();
    if (held !== void 0 && !(seen && isSame(seen.held, held))) seen = { held, since: now };
    const isSilent = seen !== void 0 && now - seen.since > SILENCE;
    if (held !== void 0 && isAbandoned(held, isSilent)) await takeAway(path, held);
    else await sleep(20 + Math.random() * 60);
    signal?.throwIfAborted();
    if (now - started > LONGEST_WAIT) throw heldTooLong(path, held);
  }
}
function refuseOther(path) {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === void 0 || found.isFile()) return;
  const what = found.isDirectory() ? "a folder" : found.isSymbolicLink() ? "a symbolic link" : "no regular file";
  throw new VeritySignError("environment", `${path} is ${what}, where a run keeps its lock`, {
    remedy: "Remove it, then run again"
  });
}
async function removeAbandonedLock(path) {
  const held = look(path);
  if (held === void 0 || !isAbandoned(held, Date.now() - held.modified > LEFTOVER)) return;
  await takeAway(path, held).catch(() => void 0);
}
function look(path) {
  try {
    const { ino: inode, mtimeMs: modified } = lstatSync(path);
    return { content: readFileSync(path, "utf8"), inode, modified };
  } catch {
    return void 0;
  }
}
function isSame(a, b) {
  return a.content === b.content && a.inode === b.inode && a.modified === b.modified;
}
function isAbandoned({ content }, isSilent) {
  const liveness = livenessOf(content.split(" ")[0] ?? "");
  return liveness === "dead" || liveness === "unknown" && isSilent;
}
async function create(path, content) {
  try {
    const file = await open2(path, "wx", 420);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw writeError(error, path);
  }
}
function hold(path, content) {
  const isHeld = () => look(path)?.content === content;
  const alive = setInterval(() => {
    const now = /* @__PURE__ */ new Date();
    if (isHeld()) utimes(path, now, now).catch(() => void 0);
  }, SIGN_OF_LIFE).unref();
  return {
    isHeld,
    release: async () => {
      clearInterval(alive);
      if (isHeld()) await rm2(path, { force: true });
    }
  };
}
async function takeAway(path, held) {
  const taken = partialPath(path);
  try {
    await rename2(path, taken);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw writeError(error, path);
  }
  try {
    const found = look(taken);
    if (found?.inode !== held.inode || found.content !== held.content) await link(taken, path);
  } catch {
  } finally {
    await rm2(taken, { force: true });
  }
}
function heldTooLong(path, held) {
  const pid = held?.content.split("-")[2];
  const who = pid === void 0 ? "" : ` by process ${pid}`;
  return new VeritySignError("environment", `${path} is held${who} for more than a minute`, {
    remedy: "End the other run that writes to this layout, then run again"
  });
}

// src/oci/is-writable.ts
import { open as open3, rm as rm3 } from "node:fs/promises";
import { join as join2 } from "node:path";
var REFUSALS = ["EACCES", "EPERM", "EROFS"];
async function areWritable(folders) {
  for (const folder of folders) {
    const path = partialPath(join2(folder, "write-test"));
    try {
      await (await open3(path, "wx", 384)).close();
    } catch (error) {
      if (REFUSALS.includes(error.code)) return false;
    } finally {
      await rm3(path, { force: true }).catch(() => void 0);
    }
  }
  return true;
}

// src/oci/work-limit.ts
var WorkLimitError = class extends VeritySignError {
};
var WorkCounter = class {
  #what;
  #limit;
  #signal;
  #documents = 0;
  #bytes = 0;
  /** @param what holds the documents, for the message: `the image` */
  constructor(what, limit, signal) {
    this.#what = what;
    this.#limit = limit;
    this.#signal = signal;
  }
  /**
   * To be called before a document is read.
   * @throws WorkLimitError ('image') above the limit; the signal's reason
   */
  take({ size }) {
    this.#signal?.throwIfAborted();
    this.#documents += 1;
    this.#bytes += size;
    const { documents, bytes } = this.#limit;
    if (this.#documents <= documents && this.#bytes <= bytes) return;
    const most = this.#documents > documents ? `${documents} documents` : `${bytes} bytes of documents`;
    throw new WorkLimitError(
      "image",
      `${this.#what} has more than ${most} (manifests, configs, signatures)`,
      {
        remedy: "Copy the image that is needed to a layout or repository of its own"
      }
    );
  }
};
async function unlessDamaged(read) {
  try {
    return await read();
  } catch (error) {
    const isFault = error instanceof VeritySignError && error.code === "image";
    if (isFault && !(error instanceof WorkLimitError)) return void 0;
    throw error;
  }
}

// src/oci/unreferenced.ts
async function unreferencedBlobs(layout, removed) {
  const candidates = new Map(removed.map((descriptor) => [descriptor.digest, descriptor]));
  const own = /* @__PURE__ */ new Map();
  for (const descriptor of removed) {
    const references = await referencesOf(layout, descriptor);
    for (const blob of references?.content ?? []) own.set(blob.digest, blob);
  }
  const { used, isComplete } = await usedBlobs(layout);
  if (isComplete) for (const [digest, blob] of own) candidates.set(digest, blob);
  return [...candidates.values()].filter(({ digest }) => !used.has(digest));
}
async function usedBlobs(layout) {
  const used = /* @__PURE__ */ new Set();
  const seen = /* @__PURE__ */ new Set();
  let isComplete = true;
  const open5 = await layout.entries();
  for (let next = open5.pop(); next !== void 0; next = open5.pop()) {
    used.add(next.digest);
    if (seen.has(next.digest)) continue;
    seen.add(next.digest);
    if (documentKind(next.mediaType) === "other" && !next.mediaType.endsWith("json")) continue;
    const references = await referencesOf(layout, next);
    if (references === void 0) isComplete = false;
    else {
      for (const { digest } of references.content) used.add(digest);
      open5.push(...references.manifests);
    }
  }
  return { used, isComplete };
}
async function referencesOf(layout, descriptor) {
  if (descriptor.size > MAX_METADATA_SIZE) return void 0;
  return unlessDamaged(async () => parseReferences(await layout.read(descriptor), descriptor));
}

// src/oci/oci-layout.ts
var LIMIT = { documents: 1e5, bytes: 256 * 1024 * 1024 };
var markerSchema = object({ imageLayoutVersion: literal("1.0.0") });
var OciLayout = class {
  directory;
  #work;
  #signal;
  #additions;
  /**
   * @param signal ends reading between two documents
   * @param additions a folder of this run for what is written, if the layout is read-only. What is there comes
   *   before what is in `directory`.
   */
  constructor(directory, signal, additions) {
    this.directory = directory;
    this.#additions = additions;
    this.#signal = signal;
    this.#work = new WorkCounter(`the layout ${directory}`, LIMIT, signal);
  }
  /** Checks the marker file. @throws VeritySignError 'image' if the folder is not a layout */
  async check() {
    const directory = await stat(this.directory).catch(() => void 0);
    if (directory?.isDirectory() !== true) {
      throw new VeritySignError("image", `${this.directory} is not a folder`, {
        remedy: directory === void 0 ? "Give the path of a folder in OCI image layout" : "For a tar file of a layout use oci-archive:FILE"
      });
    }
    parseMetadata(markerSchema, await this.#small("oci-layout"), "the file oci-layout");
  }
  /** The entries of index.json. */
  async entries() {
    return (await this.#index()).manifests;
  }
  /** A file of at most 4 MiB that docker adds to a layout; undefined if there is none. */
  async dockerFile(name) {
    const found = await lstat(join3(this.directory, name)).catch(() => void 0);
    return found === void 0 ? void 0 : this.#small(name);
  }
  /**
   * A blob of at most `limit` bytes. Its size and digest are checked.
   * @throws VeritySignError 'image' also if more was read than any layout needs
   */
  async read(descriptor, limit = MAX_METADATA_SIZE) {
    checkMetadataSize(descriptor, limit);
    this.#work.take(descriptor);
    const file = await this.open(descriptor);
    try {
      const { size } = await file.stat();
      checkSize(size, descriptor);
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
    const { folder, name } = await this.file(descriptor);
    const found = await lstat(join3(folder, name)).catch(() => void 0);
    return found?.isFile() === true && found.size === descriptor.size;
  }
  /** Where the file of a blob is, or would be. */
  async file(descriptor) {
    const { algorithm, hex: name } = splitDigest(descriptor.digest);
    return { folder: join3(await this.#placeOf(`blobs/${algorithm}/${name}`), "blobs", algorithm), name };
  }
  /** Writes a small blob unless it exists. */
  async addBlob(descriptor, bytes) {
    checkContent(bytes, descriptor);
    if (await this.has(descriptor)) return;
    const { algorithm, hex } = splitDigest(descriptor.digest);
    const folder = join3(this.#writable, "blobs", algorithm);
    await noSymlinks(this.#writable, `blobs/${algorithm}/${hex}`);
    await mkdir(folder, { recursive: true });
    await replaceFile(join3(folder, hex), bytes, 420);
  }
  /**
   * Lists a manifest in index.json unless it is listed already. Concurrent runs wait for each other.
   * @param blobs its manifest and blobs: one that a concurrent removal has deleted meanwhile is written again
   */
  async addEntry(descriptor, blobs = []) {
    await this.#change(async (listed) => {
      for (const blob of blobs) await this.addBlob(blob.descriptor, blob.bytes);
      const isListed = listed.some(({ digest }) => digest === descriptor.digest);
      return isListed ? void 0 : [...listed, descriptor];
    });
  }
  /**
   * Takes manifests out of index.json, then deletes their blobs, except those that another document of the
   * layout refers to. Concurrent runs wait for each other.
   * @param unlisted called for each when it is no longer listed
   */
  async removeEntries(manifests, unlisted) {
    const digests = new Set(manifests.map(({ digest }) => digest));
    await this.#change(
      async (listed) => listed.filter(({ digest }) => !digests.has(digest)),
      async () => {
        for (const digest of digests) unlisted(digest);
        const unreferenced = await unreferencedBlobs(this, manifests);
        for (const descriptor of unreferenced) {
          const { folder, name } = await this.file(descriptor);
          await rm4(join3(folder, name), { force: true });
        }
      }
    );
  }
  /**
   * Writes another list into index.json, under its lock.
   * @param change the new list; undefined to write nothing. Called again if another process took the lock over
   * @param then called under the same lock when the list is written
   */
  async #change(change, then = async () => void 0) {
    const path = join3(this.#writable, "index.json");
    for (let isDone = false; !isDone; ) {
      const lock = await lockFile(`${path}.lock`, this.#signal);
      try {
        const { raw } = await this.#index();
        const listed = await change(Array.isArray(raw.manifests) ? raw.manifests : []);
        if (listed === void 0) return;
        const { mode } = await stat(join3(await this.#placeOf("index.json"), "index.json"));
        const text = JSON.stringify({ ...raw, manifests: listed });
        isDone = await replaceFile(path, Buffer.from(text), mode & 511, lock.isHeld);
        if (isDone) await then();
      } finally {
        await lock.release();
      }
    }
  }
  /** Whether this user may write to it. A layout with symbolic links is refused when it is used. */
  async isWritable() {
    const blobs = "blobs/sha256";
    const isOwn = await noSymlinks(this.directory, blobs).then(
      () => true,
      () => false
    );
    return areWritable([this.directory, ...isOwn ? [join3(this.directory, blobs)] : []]);
  }
  /** Removes what killed runs left in the layout: partial files and the lock of index.json. */
  async removeLeftovers() {
    if (this.#additions !== void 0) return;
    for (const folder of ["", "blobs/sha256", "blobs/sha512"]) {
      const isOwn = await noSymlinks(this.directory, folder).then(
        () => true,
        () => false
      );
      if (isOwn) await removeLeftovers(join3(this.directory, folder), partialsOf());
    }
    await removeAbandonedLock(join3(this.directory, "index.json.lock"));
  }
  async #index() {
    return parseIndex(await this.#small("index.json"), void 0, "index.json");
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
  /** @param name relative path whose components have been checked */
  async #open(name) {
    const place = await this.#placeOf(name);
    await noSymlinks(place, name);
    let file;
    try {
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      file = await open4(join3(place, name), flags);
    } catch (cause) {
      const { code } = cause;
      if (code === "ENOENT") {
        throw new VeritySignError("image", `the layout lacks ${name}`, {
          remedy: "Write the image to the layout again",
          cause
        });
      }
      if (code === "ENXIO" || code === "ENOTDIR") throw notRegular(name);
      throw new VeritySignError("environment", `cannot open ${name} of the layout (${code})`, { cause });
    }
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw notRegular(name);
  }
  /** The folder that receives what is written. */
  get #writable() {
    return this.#additions ?? this.directory;
  }
  /** The folder in which a file is, or would be. */
  async #placeOf(name) {
    if (this.#additions === void 0) return this.directory;
    const found = await lstat(join3(this.#additions, name)).catch(() => void 0);
    return found === void 0 ? this.directory : this.#additions;
  }
};
function notRegular(name) {
  return new VeritySignError("image", `${name} of the layout is not a regular file`);
}
async function noSymlinks(place, name) {
  const parts = name.split("/");
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = parts.slice(0, depth).join("/");
    const found = await lstat(join3(place, part)).catch(() => void 0);
    if (found?.isSymbolicLink() === true) {
      throw new VeritySignError("image", `${part} of the layout is a symbolic link`, {
        remedy: "Copy the layout with its links resolved (cp -rL)"
      });
    }
  }
}

// src/oci/image/layout-names.ts
function entriesNamed(entries, name) {
  const exact = entries.filter(({ annotations }) => annotations?.[REF_NAME] === name);
  if (exact.length > 0) return exact;
  const named = entries.map((entry) => ({ entry, names: fullNames(entry) }));
  for (const wanted of [fullName(name), fullName(`localhost/${name}`)]) {
    const found = named.filter(({ names }) => wanted !== void 0 && names.includes(wanted));
    if (found.length > 0) return found.map(({ entry }) => entry);
  }
  return [];
}
function choicesOf(images, limit) {
  const tags = /* @__PURE__ */ new Map();
  const names = /* @__PURE__ */ new Map();
  for (const entry of images) {
    const tag = entry.annotations?.[REF_NAME];
    if (tag !== void 0) addTo(tags, tag, entry.digest);
    for (const name of fullNames(entry)) addTo(names, name, entry.digest);
  }
  const choices = /* @__PURE__ */ new Set();
  for (const { annotations, digest } of images) {
    const tag = annotations?.[REF_NAME];
    const name = annotations?.[IMAGE_NAME];
    if (tag !== void 0 && !isDigest(tag) && tags.get(tag)?.size === 1) choices.add(`:${tag}`);
    else if (name !== void 0 && !tags.has(name) && names.get(fullName(name) ?? "")?.size === 1)
      choices.add(`:${name}`);
    else choices.add(`@${digest}`);
    if (choices.size === limit) break;
  }
  return [...choices];
}
function addTo(map, key, value) {
  map.set(key, (map.get(key) ?? /* @__PURE__ */ new Set()).add(value));
}
function fullNames({ annotations }) {
  const names = [annotations?.[IMAGE_NAME], annotations?.[REF_NAME]];
  return names.flatMap((name) => name === void 0 ? [] : fullName(name) ?? []);
}
function fullName(text) {
  try {
    const reference = parseReference(text);
    if (reference.kind !== "registry" || reference.tag === void 0) return void 0;
    return `${referenceName(reference)}:${reference.tag}`;
  } catch {
    return void 0;
  }
}

// src/oci/image/layout-source.ts
var LayoutSource = class {
  name;
  #layout;
  #target;
  /** Whether the manifest of a digest is an image: many entries may name one manifest. */
  #isImage = /* @__PURE__ */ new Map();
  /**
   * @param name for messages; default `oci:PATH`
   * @param signal ends reading between two documents
   */
  constructor(target, name, signal) {
    this.#target = target;
    this.#layout = new OciLayout(target.path, signal);
    this.name = name ?? referenceName({ kind: "layout", ...target });
  }
  async resolve() {
    await this.#layout.check();
    const entries = await this.#layout.entries();
    const { tag, digest } = this.#target;
    if (digest !== void 0) return this.#byDigest(entries, digest);
    const matching = tag === void 0 ? await this.#images(entries) : entriesNamed(entries, tag);
    const distinct = [...new Map(matching.map((entry) => [entry.digest, entry])).values()];
    const [only] = distinct;
    if (only !== void 0 && distinct.length === 1) return only;
    throw await this.#notOne(distinct.length, entries);
  }
  async manifest(descriptor) {
    return this.#layout.read(descriptor);
  }
  async config(descriptor) {
    return this.#layout.read(descriptor);
  }
  async blob(descriptor) {
    const file = await this.#layout.open(descriptor);
    return file.createReadStream({ highWaterMark: 1024 * 1024 });
  }
  /** Searches index.json and the indexes below it: the digest may be that of one platform's manifest. */
  async #byDigest(entries, digest) {
    const seen = /* @__PURE__ */ new Set();
    let level = [...entries];
    while (level.length > 0) {
      const found = level.find((entry) => entry.digest === digest);
      if (found !== void 0) return found;
      const indexes = level.filter((entry) => documentKind(entry.mediaType) === "index");
      level = [];
      for (const index of indexes) {
        if (seen.has(index.digest)) continue;
        seen.add(index.digest);
        const document = parseDocument(await this.manifest(index), index.mediaType);
        if (document.kind === "index") level.push(...document.manifests);
      }
    }
    throw new VeritySignError("usage", `the layout does not contain ${digest}`, {
      remedy: await this.#choices(entries)
    });
  }
  /** Entries that are images or indexes. Signatures and other artifacts are listed too. */
  async #images(entries) {
    const images = [];
    for (const entry of entries) {
      const kind = documentKind(entry.mediaType);
      if (kind === "index" || kind === "schema1") images.push(entry);
      if (kind !== "manifest" || entry.artifactType !== void 0 && !isImageConfig(entry.artifactType))
        continue;
      if (await this.#namesImage(entry)) images.push(entry);
    }
    return images;
  }
  async #namesImage(entry) {
    const key = `${entry.digest} ${entry.size} ${entry.mediaType}`;
    const known = this.#isImage.get(key);
    if (known !== void 0) return known;
    const document = parseDocument(await this.manifest(entry), entry.mediaType);
    const isImage = document.kind === "manifest" && document.subject === void 0;
    this.#isImage.set(key, isImage);
    return isImage;
  }
  async #notOne(count, entries) {
    const { tag } = this.#target;
    const tagged = tag === void 0 ? "" : ` tagged ${JSON.stringify(tag)}`;
    const message = count === 0 ? `the layout has no image${tagged}` : `the layout has ${count} images${tagged}`;
    return new VeritySignError("usage", message, { remedy: await this.#choices(entries) });
  }
  async #choices(entries) {
    const images = await this.#images(entries);
    if (images.length === 0) return "Write an image to the layout first";
    return `Choose one of ${choicesOf(images, 20).join(", ")}`;
  }
};

export {
  partialPath,
  partialsOf,
  writeError,
  lockFile,
  removeAbandonedLock,
  areWritable,
  WorkCounter,
  unlessDamaged,
  OciLayout,
  LayoutSource
};
