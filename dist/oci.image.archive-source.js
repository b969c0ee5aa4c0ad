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
  partialPath,
  partialsOf,
  referenceName,
  removeLeftovers
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import {
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/oci/image/archive-source.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs of src/oci/image/archive-source.ts
var found;
var all = () => found ??= load("node:fs");
var one = (name) => all()[name];
var createWriteStream = /* @__PURE__ */ one("createWriteStream");

// builtin:node:fs/promises of src/oci/image/archive-source.ts
var found2;
var all2 = () => found2 ??= load("node:fs/promises");
var one2 = (name) => all2()[name];
var rename = /* @__PURE__ */ one2("rename");
var rm = /* @__PURE__ */ one2("rm");
var mkdir = /* @__PURE__ */ one2("mkdir");
var stat = /* @__PURE__ */ one2("stat");
var realpath = /* @__PURE__ */ one2("realpath");

// builtin:node:path of src/oci/image/archive-source.ts
var found3;
var all3 = () => found3 ??= load("node:path");
var one3 = (name) => all3()[name];
var dirname = /* @__PURE__ */ one3("dirname");

// builtin:node:stream/promises of src/oci/image/archive-source.ts
var found4;
var all4 = () => found4 ??= load("node:stream/promises");
var one4 = (name) => all4()[name];
var pipeline = /* @__PURE__ */ one4("pipeline");

// builtin-load:load of src/oci/image/archive/pack.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:fs of src/oci/image/archive/pack.ts
var found5;
var all5 = () => found5 ??= load2("node:fs");
var one5 = (name) => all5()[name];
var existsSync = /* @__PURE__ */ one5("existsSync");
var lstatSync = /* @__PURE__ */ one5("lstatSync");

// builtin:node:fs/promises of src/oci/image/archive/pack.ts
var found6;
var all6 = () => found6 ??= load2("node:fs/promises");
var one6 = (name) => all6()[name];
var readdir = /* @__PURE__ */ one6("readdir");

// builtin:node:path of src/oci/image/archive/pack.ts
var found7;
var all7 = () => found7 ??= load2("node:path");
var one7 = (name) => all7()[name];
var join = /* @__PURE__ */ one7("join");

// src/oci/image/archive/pack.ts
var SMALL = 1024 * 1024;
var CHUNK = 64 * 1024;
var END = Buffer.alloc(1024);
async function* packLayout(directory) {
  const options = { cwd: directory, portable: true, mtime: /* @__PURE__ */ new Date(0), strict: true };
  let gathered = Buffer.allocUnsafe(CHUNK);
  let size = 0;
  for (const name of await contentsOf(directory)) {
    if (lstatSync(join(directory, name)).size > SMALL) {
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
  const names = [...LAYOUT_FILES, ...EXTRA_FILES].filter((name) => existsSync(join(directory, name)));
  names.push("blobs");
  for (const folder of ["blobs/sha256", "blobs/sha512"]) {
    const blobs = (await readdir(join(directory, folder))).sort();
    if (blobs.length > 0) names.push(folder, ...blobs.map((name) => `${folder}/${name}`));
  }
  return names;
}

// src/oci/image/archive-source.ts
var ArchiveSource = class _ArchiveSource {
  name;
  /** The unpacked layout. Signatures are attached here; then call {@link repack}. */
  directory;
  #file;
  #layout;
  #signal;
  constructor(reference, directory, file, signal) {
    this.name = referenceName(reference);
    this.directory = directory;
    this.#file = file;
    const target = { path: directory, tag: reference.tag, digest: reference.digest };
    this.#layout = new LayoutSource(target, this.name, signal);
    this.#signal = signal;
  }
  /**
   * Unpacks the archive into `directory`, a new folder in the run's private temporary folder.
   *
   * @throws VeritySignError 'usage' if there is no such file, 'image' if it is not such an archive or
   *   holds links, devices, duplicates or paths that do not belong in a layout
   */
  static async open(reference, directory, signal) {
    const file = await realpath(reference.path).catch((cause) => {
      throw new VeritySignError("usage", `the archive ${reference.path} does not exist`, {
        remedy: "Give the path of a tar file of an OCI image layout",
        cause
      });
    });
    await mkdir(directory, { recursive: true, mode: 448 });
    await unpackArchive(file, reference.path, directory, signal);
    return new _ArchiveSource(reference, directory, file, signal);
  }
  /** The folder of the archive: {@link repack} writes there. */
  get parent() {
    return dirname(this.#file);
  }
  async resolve() {
    const root = await this.#layout.resolve();
    await checkDockerFiles(new OciLayout(this.directory, this.#signal));
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
  /**
   * Replaces the archive by the layout: writes a new file next to it and renames that when it is
   * complete. The bytes depend only on the layout.
   */
  async repack(signal) {
    const partial = partialPath(this.#file);
    const { mode } = await stat(this.#file);
    try {
      await removeLeftovers(dirname(this.#file), partialsOf(this.#file));
      await rm(`${this.#file}.partial`, { force: true });
      const out = createWriteStream(partial, { flags: "wx", mode: mode & 511, flush: true });
      await pipeline(packLayout(this.directory), out, signal === void 0 ? {} : { signal });
      await rename(partial, this.#file);
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
