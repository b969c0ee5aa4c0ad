import {
  NativeLayerBuilder
} from "./shared.images.js";
import {
  LAYER_MEDIA_TYPES
} from "./shared.options.js";
import {
  TAR_BLOCK,
  TarReader,
  observer,
  openLayerTar,
  printable
} from "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/convert/builders/reproducer.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of src/convert/builders/reproducer.ts
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var createHash = /* @__PURE__ */ one("createHash");

// builtin:node:fs of src/convert/builders/reproducer.ts
var found2;
var all2 = () => found2 ??= load("node:fs");
var one2 = (name) => all2()[name];
var createWriteStream = /* @__PURE__ */ one2("createWriteStream");

// builtin:node:fs/promises of src/convert/builders/reproducer.ts
var found3;
var all3 = () => found3 ??= load("node:fs/promises");
var one3 = (name) => all3()[name];
var mkdtemp = /* @__PURE__ */ one3("mkdtemp");

// builtin:node:os of src/convert/builders/reproducer.ts
var found4;
var all4 = () => found4 ??= load("node:os");
var one4 = (name) => all4()[name];
var tmpdir = /* @__PURE__ */ one4("tmpdir");

// builtin:node:path of src/convert/builders/reproducer.ts
var found5;
var all5 = () => found5 ??= load("node:path");
var one5 = (name) => all5()[name];
var resolve = /* @__PURE__ */ one5("resolve");
var join = /* @__PURE__ */ one5("join");

// builtin:node:stream of src/convert/builders/reproducer.ts
var found6;
var all6 = () => found6 ??= load("node:stream");
var one6 = (name) => all6()[name];
var Readable = /* @__PURE__ */ one6("Readable");

// builtin:node:stream/promises of src/convert/builders/reproducer.ts
var found7;
var all7 = () => found7 ??= load("node:stream/promises");
var one7 = (name) => all7()[name];
var pipeline = /* @__PURE__ */ one7("pipeline");

// builtin:node:zlib of src/convert/builders/reproducer.ts
var found8;
var all8 = () => found8 ??= load("node:zlib");
var createGzip = (...given) => all8().createGzip(...given);

// src/convert/blob/tar-skeleton.ts
var MAX_HEADERS = 64 * 1024 * 1024;
var MAX_NAME = 256;
var ZEROS = Buffer.alloc(64 * 1024);
var SkeletonReader = class {
  #entries = [];
  /** Headers of the coming entry. */
  #pending = [];
  #pendingSize = 0;
  #kept = 0;
  #received = 0;
  /** Bytes of headers and contents in `#entries`. */
  #described = 0;
  #reader = new TarReader(
    observer({
      alive: () => this.#kept <= MAX_HEADERS,
      header: (bytes) => this.#keep(bytes),
      content: (name, length) => this.#add(name, length)
    })
  );
  push(chunk) {
    this.#received += chunk.length;
    this.#reader.push(chunk);
  }
  /** Ends the tar. */
  result() {
    this.#reader.end();
    const last = this.#entries.at(-1);
    if (last !== void 0) last.dataSize -= Math.max(0, this.#described - this.#received);
    if (this.#pendingSize > 0) this.#add("", 0);
    return [...this.#entries];
  }
  #keep(bytes) {
    const padding = (TAR_BLOCK - this.#pendingSize % TAR_BLOCK) % TAR_BLOCK;
    const copy = Buffer.alloc(padding + bytes.length);
    bytes.copy(copy, padding);
    this.#pending.push(copy);
    this.#pendingSize += copy.length;
    this.#kept += copy.length;
  }
  #add(name, dataSize) {
    this.#described += this.#pendingSize + dataSize;
    this.#entries.push({
      name: printable(name.slice(0, MAX_NAME)),
      headers: Buffer.concat(this.#pending),
      dataSize
    });
    this.#pending = [];
    this.#pendingSize = 0;
  }
};
function* skeletonTar(entries) {
  for (const { headers, dataSize } of entries) {
    yield Buffer.from(headers);
    for (let left = dataSize; left > 0; left -= ZEROS.length) {
      yield Buffer.from(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
    }
  }
}

// src/convert/builders/reproducer.ts
var MAX_REDUCTION = 6e4;
var MAX_NAMES = 5;
async function storeReproducer(request, recipes, parent, differs) {
  const entries = await skeletonOf(request);
  const start = performance.now();
  const over = () => request.signal.aborted || performance.now() - start > MAX_REDUCTION;
  const differsFor = async (some) => {
    const layer = layerOf(some);
    const open = () => Promise.resolve(Readable.from(skeletonTar(some)));
    return differs({ ...request, layer, open, recipes, onProgress: () => void 0 });
  };
  const reduced = await differsFor(entries);
  const kept = reduced ? await minimise(entries, differsFor, over) : entries;
  const folder = await mkdtemp(join(resolve(parent ?? tmpdir()), "verity-sign-cross-check-"));
  const path = join(folder, `layer-${request.layer.index}.tar.gz`);
  const file = createWriteStream(path, { flags: "wx", mode: 384 });
  await pipeline(Readable.from(skeletonTar(kept)), createGzip(), file);
  const named = reduced ? kept.filter(({ name }) => name !== "") : [];
  return { path, names: named.slice(0, MAX_NAMES).map(({ name }) => name) };
}
async function skeletonOf({ layer, open, maxTarSize, signal }) {
  const { digest, size } = layer.descriptor;
  const expected = { digest, size, diffId: layer.diffId, compression: layer.compression };
  const { tar } = openLayerTar(await open(signal), expected, { maxTarSize, signal });
  const reader = new SkeletonReader();
  for await (const chunk of tar) reader.push(chunk);
  return reader.result();
}
function layerOf(entries) {
  const hash = createHash("sha256");
  let size = 0;
  for (const chunk of skeletonTar(entries)) {
    hash.update(chunk);
    size += chunk.length;
  }
  const digest = `sha256:${hash.digest("hex")}`;
  const descriptor = { mediaType: LAYER_MEDIA_TYPES.none, digest, size };
  return { index: 0, descriptor, format: "tar", compression: "none", diffId: digest };
}
async function minimise(items, differs, over = () => false) {
  let kept = [...items];
  for (let step = Math.ceil(kept.length / 2); step >= 1; step = step === 1 ? 0 : Math.ceil(step / 2)) {
    for (let at = 0; at < kept.length; ) {
      if (over()) return kept;
      const fewer = kept.toSpliced(at, step);
      if (await differs(fewer)) kept = fewer;
      else at += step;
    }
  }
  return kept;
}

// src/convert/builders/cross-check.ts
var CrossChecker = class {
  needsDisk = true;
  #kind;
  #mkfs;
  #native = new NativeLayerBuilder();
  #mkfsInfo;
  #parent;
  /**
   * @param kind the builder whose images are signed
   * @param parent folder for reproducers; default: the system's temporary folder
   */
  constructor(kind, mkfs, mkfsInfo, parent) {
    this.#kind = kind;
    this.#mkfs = mkfs;
    this.#mkfsInfo = mkfsInfo;
    this.#parent = parent;
  }
  /** @param classes of the native builder */
  async info(classes) {
    const mkfs = await this.#mkfsInfo;
    if (this.#kind === "native") return { kind: "native", classes: [...classes], crossCheck: mkfs };
    return { ...mkfs, crossCheck: { kind: "native", classes: [knownClass(mkfs)] } };
  }
  async build(request) {
    const mkfs = await this.#mkfsInfo;
    const of = knownClass(mkfs);
    const both = await this.#both(request, of);
    const difference = differenceOf(both, request, of);
    if (difference !== void 0) throw await this.#differenceError(difference, request, mkfs, of);
    if (both.own.status === "rejected") throw both.own.reason;
    return both.own.value;
  }
  async #both(request, of) {
    const plain = checkable(request.recipes, of).map(({ class: _class, ...recipe }) => recipe);
    const classed = plain.map((recipe) => ({ ...recipe, class: of }));
    const quiet = { ...withoutFile(request), onProgress: () => void 0 };
    const [own, other] = await Promise.allSettled(
      this.#kind === "mkfs" ? [this.#mkfs.build(request), this.#native.build({ ...quiet, recipes: classed })] : [this.#native.build(request), this.#mkfs.build({ ...quiet, recipes: plain })]
    );
    request.signal.throwIfAborted();
    return { own, other };
  }
  async #differenceError(difference, request, { version }, of) {
    const recipes = checkable(request.recipes, of);
    const { path, names } = await storeReproducer(
      withoutFile(request),
      recipes,
      this.#parent,
      async (smaller) => {
        return differenceOf(await this.#both(smaller, of), smaller, of) !== void 0;
      }
    );
    const where = names.length === 0 ? "this layer" : names.map((name) => JSON.stringify(name)).join(", ");
    return new VeritySignError(
      "environment",
      `the native builder and mkfs.erofs ${version} produce different images for ${where} (${difference}); reproducer: ${path}`,
      { remedy: "Report it with that file, which has names and attributes of the layer but no contents" }
    );
  }
};
function withoutFile({ imageFile: _imageFile, ...request }) {
  return request;
}
function knownClass({ class: of, version }) {
  if (of !== "unknown") return of;
  throw new VeritySignError("environment", `cross-check: mkfs.erofs ${version} is of no known class`, {
    remedy: "Use a mkfs.erofs of a known class, or omit cross-check"
  });
}
function checkable(recipes, of) {
  const found9 = recipes.filter((recipe) => recipe.class === void 0 || recipe.class === of);
  if (found9.length > 0) return found9;
  throw new VeritySignError("environment", `cross-check: mkfs.erofs is of class ${of}, which is not built`, {
    remedy: "Set mkfs-path to a mkfs.erofs of a class that is built, or omit cross-check"
  });
}
function differenceOf({ own, other }, { recipes }, of) {
  for (const result of [own, other]) {
    if (result.status !== "rejected") continue;
    const { reason } = result;
    if (!(reason instanceof VeritySignError) || reason.code !== "image") throw reason;
  }
  if (own.status === "rejected" && other.status === "rejected") return void 0;
  if (own.status === "rejected") return `only one of them refuses it: ${messageOf(own)}`;
  if (other.status === "rejected") return `only one of them refuses it: ${messageOf(other)}`;
  const checked = checkable(recipes, of);
  for (const [position, recipe] of checked.entries()) {
    const left = own.value.images[recipes.indexOf(recipe)]?.verity;
    const right = other.value.images[position]?.verity;
    if (left?.rootHash === right?.rootHash && left?.imageSize === right?.imageSize) continue;
    return `${recipe.profile}: root hashes ${left?.rootHash} and ${right?.rootHash}`;
  }
  return void 0;
}
function messageOf({ reason }) {
  return reason instanceof Error ? reason.message : String(reason);
}
export {
  CrossChecker
};
