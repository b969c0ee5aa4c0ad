import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  LAYER_MEDIA_TYPES
} from "./shared.model.media-types.js";
import {
  NativeLayerBuilder
} from "./shared.convert.builders.native-layer-builder.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.convert.erofs.recipe.js";
import {
  BLOCK,
  openLayerTar,
  parseHeader,
  parsePaxRecords
} from "./shared.convert.worker.protocol.js";
import "./shared.model.profiles.js";
import "./shared.lib.process.drained.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.blob.buffer-ownership.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

// src/convert/builders/reproducer.ts
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

// src/convert/blob/tar-skeleton.ts
var MOST_HEADERS = 64 * 1024 * 1024;
var MOST_EXTENDED = 1024 * 1024;
var ZEROS = Buffer.alloc(64 * 1024);
var SkeletonReader = class {
  #entries = [];
  #kept = 0;
  #block = Buffer.alloc(BLOCK);
  #filled = 0;
  /** Headers that wait for the entry they are about. */
  #pending = [];
  /** Bytes of an extended header's data on their way in, with padding. */
  #extended;
  #skip = 0;
  #name;
  #size;
  #finished = false;
  push(chunk) {
    for (let at = 0; at < chunk.length && !this.#finished; ) {
      const rest = chunk.length - at;
      if (this.#skip > 0) {
        const step2 = Math.min(this.#skip, rest);
        this.#skip -= step2;
        at += step2;
        continue;
      }
      const step = Math.min(BLOCK - this.#filled, rest);
      chunk.copy(this.#block, this.#filled, at, at + step);
      this.#filled += step;
      at += step;
      if (this.#filled === BLOCK) this.#take(Buffer.from(this.#block));
    }
  }
  result() {
    return [...this.#entries];
  }
  #take(block) {
    this.#filled = 0;
    this.#kept += BLOCK;
    if (this.#kept > MOST_HEADERS) {
      this.#finished = true;
      return;
    }
    this.#pending.push(block);
    if (this.#extended !== void 0) this.#keep(this.#extended);
    else this.#header(block);
  }
  #header(block) {
    const header = parseHeader(block);
    const size = header === void 0 || header === "zero" ? 0 : this.#size ?? header.size ?? Number.NaN;
    if (header === void 0 || header === "zero" || !(size >= 0 && size < Number.MAX_SAFE_INTEGER)) {
      this.#finished = header !== "zero";
      this.#add("", 0);
      return;
    }
    const flag = header.typeflag;
    if ("xgLK".includes(flag) && size > 0) {
      if (size > MOST_EXTENDED) this.#finished = true;
      this.#extended = { flag, size, left: Math.ceil(size / BLOCK) };
    } else if (!"xgLKV".includes(flag)) {
      this.#add(this.#name ?? header.name, "125".includes(flag) ? 0 : Math.ceil(size / BLOCK) * BLOCK);
    }
  }
  #keep(extended) {
    extended.left -= 1;
    if (extended.left > 0) return;
    this.#extended = void 0;
    const blocks = Math.ceil(extended.size / BLOCK);
    const data = Buffer.concat(this.#pending.slice(-blocks)).subarray(0, extended.size);
    if (extended.flag === "L") this.#name = data.toString("latin1").split("\0", 1)[0];
    if (extended.flag !== "x") return;
    for (const { key, value } of parsePaxRecords(data)) {
      if (key === "path" && value.length > 0) this.#name = value.toString("latin1");
      else if (key === "size" && value.length > 0) this.#size = Number(value.toString("latin1"));
    }
  }
  #add(name, dataSize) {
    const printable = Buffer.from(name.slice(0, 256), "latin1").toString("utf8");
    this.#entries.push({
      name: printable.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "�"),
      headers: Buffer.concat(this.#pending),
      dataSize
    });
    this.#pending = [];
    this.#name = void 0;
    this.#size = void 0;
    this.#skip = dataSize;
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

// src/convert/builders/minimise.ts
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

// src/convert/builders/reproducer.ts
var PATIENCE = 6e4;
var MOST_NAMES = 5;
async function storeReproducer(request, recipes, parent, disagree) {
  const entries = await skeletonOf(request);
  const start = performance.now();
  const over = () => request.signal.aborted || performance.now() - start > PATIENCE;
  const differs = async (some) => {
    const layer = layerOf(some);
    const open = () => Promise.resolve(Readable.from(skeletonTar(some)));
    return disagree({ ...request, layer, open, recipes, onProgress: () => void 0 });
  };
  const reduced = await differs(entries);
  const kept = reduced ? await minimise(entries, differs, over) : entries;
  const folder = await mkdtemp(join(resolve(parent ?? tmpdir()), "verity-sign-cross-check-"));
  const path = join(folder, `layer-${request.layer.index}.tar.gz`);
  const file = createWriteStream(path, { flags: "wx", mode: 384 });
  await pipeline(Readable.from(skeletonTar(kept)), createGzip(), file);
  const named = reduced ? kept.filter(({ name }) => name !== "") : [];
  return { path, names: named.slice(0, MOST_NAMES).map(({ name }) => name) };
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
  for (const piece of skeletonTar(entries)) {
    hash.update(piece);
    size += piece.length;
  }
  const digest = `sha256:${hash.digest("hex")}`;
  const descriptor = { mediaType: LAYER_MEDIA_TYPES.none, digest, size };
  return { index: 0, descriptor, compression: "none", diffId: digest };
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
   * @param kind whose images are signed
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
    if (this.#kind === "native") return { kind: "native", classes, crossCheck: mkfs };
    return { ...mkfs, crossCheck: { kind: "native", classes: [knownClass(mkfs)] } };
  }
  async make(request) {
    const mkfs = await this.#mkfsInfo;
    const of = knownClass(mkfs);
    const both = await this.#both(request, of);
    const what = differenceOf(both, request, of);
    if (what !== void 0) throw await this.#tell(what, request, mkfs, of);
    if (both.own.status === "rejected") throw both.own.reason;
    return both.own.value;
  }
  async #both(request, of) {
    const plain = checkable(request.recipes, of).map(({ class: _class, ...recipe }) => recipe);
    const classed = plain.map((recipe) => ({ ...recipe, class: of }));
    const quiet = { ...request, onProgress: () => void 0 };
    const [own, other] = await Promise.allSettled(
      this.#kind === "mkfs" ? [this.#mkfs.make(request), this.#native.make({ ...quiet, recipes: classed })] : [this.#native.make(request), this.#mkfs.make({ ...quiet, recipes: plain })]
    );
    request.signal.throwIfAborted();
    return { own, other };
  }
  async #tell(what, request, { version }, of) {
    const recipes = checkable(request.recipes, of);
    const { path, names } = await storeReproducer(request, recipes, this.#parent, async (smaller) => {
      return differenceOf(await this.#both(smaller, of), smaller, of) !== void 0;
    });
    const where = names.length === 0 ? "this layer" : names.map((name) => JSON.stringify(name)).join(", ");
    return new VeritySignError(
      "environment",
      `the native builder and mkfs.erofs ${version} disagree about ${where} (${what}); ${path} makes it again`,
      { remedy: "Report it with that file, which has names and attributes of the layer but no contents" }
    );
  }
};
function knownClass({ class: of, version }) {
  if (of !== "unknown") return of;
  throw new VeritySignError("environment", `there is nothing to compare mkfs.erofs ${version} with`, {
    remedy: "Leave cross-check out, or use a mkfs.erofs of a known class"
  });
}
function checkable(recipes, of) {
  const found = recipes.filter((recipe) => recipe.class === void 0 || recipe.class === of);
  if (found.length > 0) return found;
  throw new VeritySignError("environment", `mkfs.erofs is of class ${of}, which is not one to be built`, {
    remedy: "Name a mkfs.erofs of the wanted class with mkfs-path, or leave cross-check out"
  });
}
function differenceOf({ own, other }, { recipes }, of) {
  for (const result of [own, other]) {
    if (result.status !== "rejected") continue;
    const { reason } = result;
    if (!(reason instanceof VeritySignError) || reason.code !== "image") throw reason;
  }
  if (own.status === "rejected" && other.status === "rejected") return void 0;
  if (own.status === "rejected") return `only one refuses it: ${messageOf(own)}`;
  if (other.status === "rejected") return `only one refuses it: ${messageOf(other)}`;
  const checked = checkable(recipes, of);
  const theirs = other.value.images;
  for (const [position, recipe] of checked.entries()) {
    const mine = own.value.images[recipes.indexOf(recipe)]?.verity;
    const their = theirs[position]?.verity;
    if (mine?.rootHash === their?.rootHash && mine?.imageSize === their?.imageSize) continue;
    return `${recipe.profile}: root hashes ${mine?.rootHash} and ${their?.rootHash}`;
  }
  return void 0;
}
function messageOf({ reason }) {
  return reason instanceof Error ? reason.message : String(reason);
}
export {
  CrossChecker
};
