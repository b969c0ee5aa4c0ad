import {
  EXTRA_FILES,
  LAYOUT_FILES,
  checkDockerFiles,
  de,
  ni,
  unpackArchive
} from "./shared.oci.image.archive.unpack.js";
import {
  LayoutSource,
  OciLayout,
  ifThere,
  lockFile,
  openPartial,
  parseReferences,
  partialPath,
  partialsOf,
  realpathIfThere,
  referenceName,
  removeAbandonedLock,
  removeFolder,
  removeLeftovers,
  shortName,
  whyReadOnly
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import {
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/oci/image/archive-source.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs/promises of src/oci/image/archive-source.ts
var found;
var all = () => found ??= load("node:fs/promises");
var one = (name) => all()[name];
var rename = /* @__PURE__ */ one("rename");
var rm = /* @__PURE__ */ one("rm");
var mkdir = /* @__PURE__ */ one("mkdir");
var mkdtemp = /* @__PURE__ */ one("mkdtemp");

// builtin:node:path of src/oci/image/archive-source.ts
var found2;
var all2 = () => found2 ??= load("node:path");
var one2 = (name) => all2()[name];
var join = /* @__PURE__ */ one2("join");
var dirname = /* @__PURE__ */ one2("dirname");

// builtin:node:stream/promises of src/oci/image/archive-source.ts
var found3;
var all3 = () => found3 ??= load("node:stream/promises");
var one3 = (name) => all3()[name];
var pipeline = /* @__PURE__ */ one3("pipeline");

// src/oci/image/archive/carry-over.ts
async function carryOver(before, changed, other) {
  const after = await changed.entries();
  const kept = new Set(after.map(({ digest }) => digest));
  const theirs = await other.entries();
  const removed = theirs.filter(({ digest }) => before.has(digest) && !kept.has(digest));
  const unchanged = async () => void 0;
  if (removed.length > 0) await other.removeEntries(removed, unchanged, () => void 0);
  for (const entry of after) {
    if (!before.has(entry.digest)) await other.addEntry(entry, await contentOf(entry, changed));
  }
}
async function contentOf(manifest, layout) {
  const bytes = await layout.read(manifest);
  const blobs = [];
  for (const descriptor of parseReferences(bytes, manifest).content)
    blobs.push({ descriptor, bytes: await layout.read(descriptor) });
  return [...blobs, { descriptor: manifest, bytes }];
}

// builtin-load:load of src/oci/image/archive/file-state.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:fs/promises of src/oci/image/archive/file-state.ts
var found4;
var all4 = () => found4 ??= load2("node:fs/promises");
var one4 = (name) => all4()[name];
var stat = /* @__PURE__ */ one4("stat");

// src/oci/image/archive/file-state.ts
function stateOf(path) {
  return ifThere(path, () => stat(path, { bigint: true }));
}
function isSameState(a, b) {
  const names = ["dev", "ino", "size", "mtimeNs", "ctimeNs"];
  return names.every((name) => a[name] === b?.[name]);
}

// builtin-load:load of src/oci/image/archive/pack.ts
import { createRequire as createRequire3 } from "node:module";
var load3 = createRequire3(import.meta.url);

// builtin:node:fs of src/oci/image/archive/pack.ts
var found5;
var all5 = () => found5 ??= load3("node:fs");
var one5 = (name) => all5()[name];
var existsSync = /* @__PURE__ */ one5("existsSync");
var lstatSync = /* @__PURE__ */ one5("lstatSync");

// builtin:node:fs/promises of src/oci/image/archive/pack.ts
var found6;
var all6 = () => found6 ??= load3("node:fs/promises");
var one6 = (name) => all6()[name];
var readdir = /* @__PURE__ */ one6("readdir");

// builtin:node:path of src/oci/image/archive/pack.ts
var found7;
var all7 = () => found7 ??= load3("node:path");
var one7 = (name) => all7()[name];
var join2 = /* @__PURE__ */ one7("join");

// src/oci/image/archive/pack.ts
var SMALL = 1024 * 1024;
var CHUNK = 64 * 1024;
var END = Buffer.alloc(1024);
async function* packLayout(directory) {
  const options = { cwd: directory, portable: true, mtime: /* @__PURE__ */ new Date(0), strict: true };
  let gathered = Buffer.allocUnsafe(CHUNK);
  let size = 0;
  for (const name of await contentsOf(directory)) {
    if (lstatSync(join2(directory, name)).size > SMALL) {
      if (size > 0) yield gathered.subarray(0, size);
      [gathered, size] = [Buffer.allocUnsafe(CHUNK), 0];
      for await (const chunk of new de(name, options)) yield chunk;
      continue;
    }
    const entry = new ni(name, options);
    for (let chunk = entry.read(); chunk !== null; chunk = entry.read()) {
      if (size + chunk.length > CHUNK) {
        if (size > 0) yield gathered.subarray(0, size);
        [gathered, size] = [Buffer.allocUnsafe(CHUNK), 0];
      }
      if (chunk.length > CHUNK) yield chunk;
      else size += chunk.copy(gathered, size);
    }
  }
  yield Buffer.concat([gathered.subarray(0, size), END]);
}
async function contentsOf(directory) {
  const names = [...LAYOUT_FILES, ...EXTRA_FILES].filter((name) => existsSync(join2(directory, name)));
  names.push("blobs");
  for (const folder of ["blobs/sha256", "blobs/sha512"]) {
    const blobs = (await readdir(join2(directory, folder))).sort();
    if (blobs.length > 0) names.push(folder, ...blobs.map((name) => `${folder}/${name}`));
  }
  return names;
}

// src/oci/image/archive-source.ts
var LONGEST_WAIT = 60 * 60 * 1e3;
var MOST_ATTEMPTS = 5;
var ArchiveSource = class _ArchiveSource {
  name;
  /** The unpacked layout. Signatures are attached here; then call {@link repack}. */
  directory;
  #reference;
  #file;
  /** The file before it was unpacked. */
  #state;
  #layout;
  #signal;
  /** The image, and what index.json listed, before anything was attached. */
  #found;
  constructor(reference, directory, file, state, signal) {
    this.name = referenceName(reference);
    this.directory = directory;
    this.#reference = reference;
    this.#file = file;
    this.#state = state;
    const target = { path: directory, tag: reference.tag, digest: reference.digest };
    this.#layout = new LayoutSource(target, this.name, signal);
    this.#signal = signal;
  }
  /**
   * Unpacks the archive into `directory`, a new folder in the run's private temporary folder.
   *
   * @throws VeritySignError 'usage' if there is no such file, 'environment' if it cannot be read, 'image' if it is
   *   not such an archive or holds links, devices, duplicates or paths that do not belong in a layout
   */
  static async open(reference, directory, signal) {
    const file = await realpathIfThere(reference.path);
    const state = file === void 0 ? void 0 : await stateOf(file);
    if (file === void 0 || state === void 0) {
      throw new VeritySignError("usage", `the archive ${reference.path} does not exist`, {
        remedy: "Give the path of a tar file of an OCI image layout"
      });
    }
    await mkdir(directory, { recursive: true, mode: 448 });
    await unpackArchive(file, reference.path, directory, signal);
    return new _ArchiveSource(reference, directory, file, state, signal);
  }
  /** Undefined if this user may replace it. */
  whyReadOnly() {
    return whyReadOnly([this.#file]);
  }
  get #parent() {
    return dirname(this.#file);
  }
  async resolve() {
    const root = await this.#layout.resolve();
    const layout = new OciLayout(this.directory, this.#signal);
    await checkDockerFiles(layout);
    this.#found ??= { root, listed: new Set((await layout.entries()).map(({ digest }) => digest)) };
    return root;
  }
  manifest(descriptor) {
    return this.#layout.manifest(descriptor);
  }
  config(descriptor) {
    return this.#layout.config(descriptor);
  }
  blob(descriptor) {
    return this.#layout.blob(descriptor);
  }
  /** Removes what killed runs left beside the archive: partial files and the lock. */
  async removeLeftovers() {
    await removeLeftovers(this.#parent, partialsOf(this.#file));
    await removeAbandonedLock(this.#lockPath);
  }
  /**
   * Replaces the archive by the layout: writes a new file next to it and renames that when it is
   * complete. The bytes depend only on the layout.
   *
   * Concurrent runs wait for each other. If the archive has changed since it was opened, what was attached and
   * removed here is attached and removed in what it holds now.
   * @throws VeritySignError 'registry' if the archive no longer holds the image, 'environment', 'cancelled'
   */
  async repack(signal) {
    for (let isDone = false, attempts = 1; !isDone; attempts++) {
      if (attempts > MOST_ATTEMPTS) throw this.#changed(`${MOST_ATTEMPTS} times`);
      const lock = await lockFile(this.#lockPath, signal, LONGEST_WAIT);
      try {
        const { directory, state } = await this.#current(signal);
        const isCurrent = async () => lock.isHeld() && isSameState(state, await stateOf(this.#file));
        isDone = await this.#replace(directory, state, isCurrent, signal);
        if (directory !== this.directory) await removeFolder(directory);
      } finally {
        await lock.release();
      }
    }
  }
  get #lockPath() {
    return join(this.#parent, `${shortName(this.#file)}.lock`);
  }
  /** A layout with the changes of this run, and the state of the archive that they were made in. */
  async #current(signal) {
    if (isSameState(this.#state, await stateOf(this.#file)))
      return { directory: this.directory, state: this.#state };
    if (this.#found === void 0) throw new TypeError("the image of the archive was not resolved");
    const { root, listed } = this.#found;
    const directory = await mkdtemp(`${this.directory}-`);
    try {
      const now = await _ArchiveSource.open({ ...this.#reference, path: this.#file }, directory, signal);
      const { digest } = await now.resolve();
      if (digest !== root.digest) throw this.#changed(`the image there is ${digest} now`);
      await carryOver(listed, new OciLayout(this.directory, signal), new OciLayout(directory, signal));
      return { directory, state: now.#state };
    } catch (error) {
      if (!(error instanceof VeritySignError) || !["usage", "image"].includes(error.code)) throw error;
      throw this.#changed(error.message, error);
    }
  }
  #changed(how, cause) {
    return new VeritySignError(
      "registry",
      `another program has changed the archive ${this.#file} during this run (${how}): nothing was written to it`,
      { remedy: "Run again when nothing else writes to it", cause }
    );
  }
  /** @returns false if the archive is not current any more: then it stays as it is */
  async #replace(directory, { mode, uid, gid }, isCurrent, signal) {
    const partial = partialPath(this.#file);
    try {
      await rm(`${this.#file}.partial`, { force: true }).catch(() => void 0);
      const rights = { mode: Number(mode), uid: Number(uid), gid: Number(gid) };
      const file = await openPartial(partial, rights);
      const out = file.createWriteStream({ flush: true });
      await pipeline(packLayout(directory), out, signal === void 0 ? {} : { signal });
      const replaces = await isCurrent();
      if (replaces) await rename(partial, this.#file);
      else await rm(partial, { force: true });
      return replaces;
    } catch (cause) {
      await rm(partial, { force: true }).catch(() => void 0);
      if (signal?.aborted === true)
        throw new VeritySignError("cancelled", "writing the archive was stopped", { cause });
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new VeritySignError("environment", `cannot write ${this.#file} (${reason})`, {
        remedy: "Check write permission and free space next to the archive",
        cause
      });
    }
  }
};
export {
  ArchiveSource
};
