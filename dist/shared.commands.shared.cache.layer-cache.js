import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  MOST_SIDECAR_BYTES,
  openFolder,
  publishFile,
  readSidecar,
  sidecarText,
  syncFolder
} from "./shared.commands.shared.cache.sidecar.js";
import {
  readRegular
} from "./shared.lib.read-regular.js";
import {
  SUPERBLOCK_SIZE,
  fileLayout,
  hasParameters
} from "./shared.convert.verity-file.verity-file.js";
import {
  uuidOf
} from "./shared.convert.erofs.recipe.js";
import {
  BlockDigester,
  DIGEST_SIZE
} from "./shared.convert.verity.hash-tree.js";
import {
  lockFile,
  partialPath,
  partialsOf,
  removeAbandonedLock,
  writeError
} from "./shared.oci.image.layout-source.js";
import {
  removeLeftovers
} from "./shared.lib.leftovers.remove.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/commands/shared/cache/layer-cache.ts
import { chmod, mkdir, open as open2, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

// src/convert/verity-file/check.ts
import { constants } from "node:fs";
import { open } from "node:fs/promises";
var EROFS_UUID = { at: 1024 + 48, size: 16 };
async function whyIncomplete(path, expected) {
  const { hashOffset, blockSize, uuid, rootHash } = expected;
  const layout = fileLayout(hashOffset, blockSize);
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return `cannot be read (${error.code ?? String(error)})`;
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) return "is no file";
    if (found.size !== layout.size) return `has ${found.size} bytes instead of ${layout.size}`;
    const superblock = await read(file, hashOffset, SUPERBLOCK_SIZE);
    if (!hasParameters(superblock, { blockSize, dataBlocks: layout.dataBlocks })) {
      return "has another dm-verity superblock";
    }
    const own = await read(file, EROFS_UUID.at, EROFS_UUID.size);
    if (own.toString("hex") !== uuid.replaceAll("-", "")) return "has the image of another layer";
    const digester = new BlockDigester(blockSize, 1);
    const top = layout.levels.at(-1)?.offset ?? 0;
    (await read(file, top, blockSize)).copy(digester.data);
    const digest = Buffer.alloc(DIGEST_SIZE);
    digester.digest(blockSize, digest, 0);
    return digest.toString("hex") === rootHash ? void 0 : "has another root hash";
  } finally {
    await file.close();
  }
}
async function read(file, position, length) {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead === length) return buffer;
  throw new VeritySignError("environment", "a file of the layer cache became shorter while it was read", {
    remedy: "Run again when no other program changes the folder"
  });
}

// src/commands/shared/cache/layer-cache.ts
var BLOCK_SIZE = 4096;
var LOCK = ".verity-sign.lock";
var LayerCache = class _LayerCache {
  path;
  #signal;
  #partials = /* @__PURE__ */ new Set();
  constructor(path, signal) {
    this.path = path;
    this.#signal = signal;
  }
  /**
   * Opens a folder, which is created if it does not exist, and removes what killed runs left in it.
   * @throws VeritySignError 'environment'
   */
  static async open(path, signal) {
    await openFolder(path);
    await removeAbandonedLock(join(path, LOCK));
    for (const shard of await shardsOf(path)) await removeLeftovers(shard, partialsOf());
    return new _LayerCache(path, signal);
  }
  /** Path of a layer's image, `….erofs`. */
  blobOf({ diffId }) {
    const [algorithm = "", hex = ""] = diffId.split(":");
    return join(this.path, algorithm, hex.slice(0, 2), `${hex}.erofs`);
  }
  /** What the cache has of a layer; undefined if nothing. See `whyIncomplete` for what is checked. */
  async find(layer) {
    const blob = this.blobOf(layer);
    const text = await readRegular(sidecarOf(blob), MOST_SIDECAR_BYTES).catch(() => void 0);
    if (text === void 0) {
      const names = await readdir(dirname(blob)).catch(() => []);
      return names.includes(blob.slice(dirname(blob).length + 1)) ? { fault: "it has no sidecar" } : void 0;
    }
    const sidecar = readSidecar(text.toString("utf8"));
    if (sidecar === void 0) return { fault: "its sidecar is not one of containerd" };
    const { rootHash, hashOffset } = sidecar;
    const expected = { hashOffset, rootHash, blockSize: BLOCK_SIZE, uuid: uuidOf(layer, "diffId") };
    const fault = hashOffset % BLOCK_SIZE === 0 ? await whyIncomplete(blob, expected) : "has an odd offset";
    return fault === void 0 ? { rootHash } : { fault: `it ${fault}` };
  }
  /** Path of a new file for a layer's image, beside its place. */
  async begin(layer) {
    const blob = this.blobOf(layer);
    try {
      await mkdir(dirname(blob), { recursive: true });
    } catch (error) {
      throw writeError(error, dirname(blob));
    }
    const partial = partialPath(blob);
    this.#partials.add(partial);
    return partial;
  }
  /**
   * Puts a layer's file in its place: the sidecar first, since the snapshotter goes by the blob, and each by a rename
   * when it is on disk. A complete entry with the same root hash stays as it is.
   * @param partial from `begin`
   */
  async publish(layer, partial, verity) {
    const blob = this.blobOf(layer);
    let lock;
    try {
      await toDisk(partial);
      lock = await lockFile(join(this.path, LOCK), this.#signal);
      const found = await this.find(layer);
      if (found !== void 0 && "rootHash" in found && found.rootHash === verity.rootHash) {
        await this.#discard(partial);
        return "already there";
      }
      await publishFile(sidecarOf(blob), Buffer.from(sidecarText(verity)));
      await rename(partial, blob);
      this.#partials.delete(partial);
      await syncFolder(dirname(blob));
      return found === void 0 ? "written" : "replaced";
    } catch (error) {
      throw writeError(error, blob);
    } finally {
      await lock?.release();
    }
  }
  /** Removes what was begun and not published. */
  async close() {
    for (const partial of [...this.#partials]) await this.#discard(partial);
  }
  async #discard(partial) {
    await rm(partial, { force: true });
    this.#partials.delete(partial);
  }
};
function sidecarOf(blob) {
  return `${blob}.dmverity`;
}
async function toDisk(path) {
  await chmod(path, 420);
  const file = await open2(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
async function shardsOf(path) {
  const shards = [];
  for (const algorithm of ["sha256", "sha512"]) {
    const names = await readdir(join(path, algorithm)).catch(() => []);
    shards.push(
      ...names.filter((name) => /^[0-9a-f]{2}$/.test(name)).map((name) => join(path, algorithm, name))
    );
  }
  return shards;
}

// src/commands/shared/cache/warn-unsigned.ts
function warnOfUnsigned(layers, signed, image, log) {
  const unsigned = layers.filter(({ rootHash }) => !signed.has(rootHash)).length;
  if (unsigned === 0) return;
  log.warn(
    `${image}: ${unsigned} of ${layers.length} root hashes of the cache are not signed. Sign the image with profile: containerd,containerd-cache`
  );
}

// src/commands/shared/cache/report.ts
function cachedLayersReport(layers, signed) {
  return layers.map(({ layer, rootHash, outcome }) => ({
    diffId: layer.diffId,
    digest: layer.descriptor.digest,
    rootHash,
    signed: signed.has(rootHash),
    outcome
  }));
}

export {
  LayerCache,
  warnOfUnsigned,
  cachedLayersReport
};
