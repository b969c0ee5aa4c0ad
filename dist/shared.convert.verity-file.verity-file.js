import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  ALGORITHM,
  BlockDigester,
  DIGEST_SIZE,
  SALT,
  fanOutOf,
  levelAbove
} from "./shared.convert.verity.hash-tree.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/convert/verity-file/verity-file.ts
import { closeSync as closeSync2, ftruncateSync, openSync as openSync2 } from "node:fs";

// src/convert/verity/digest-store.ts
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
var CHUNK = 1024 * 1024;
var DigestStore = class {
  #folder;
  #inMemory;
  #chunks = [];
  #chunk = Buffer.alloc(0);
  #filled = 0;
  #file;
  #size = 0;
  /**
   * @param folder private folder for the file
   * @param inMemory bytes of digests to keep in memory, a multiple of 1 MiB
   */
  constructor(folder, inMemory) {
    this.#folder = folder;
    this.#inMemory = inMemory;
  }
  /** Bytes of all digests. */
  get size() {
    return this.#size;
  }
  /** Adds concatenated digests, which may be overwritten afterwards. */
  add(digests) {
    this.#size += digests.length;
    for (let at = 0; at < digests.length; ) {
      if (this.#filled === this.#chunk.length) this.#nextChunk();
      const copied = Math.min(this.#chunk.length - this.#filled, digests.length - at);
      this.#chunk.set(digests.subarray(at, at + copied), this.#filled);
      at += copied;
      this.#filled += copied;
    }
  }
  /** All digests in order, in chunks, each valid until the next one; can be iterated more than once. */
  *[Symbol.iterator]() {
    for (const chunk of this.#chunks) if (chunk !== this.#chunk) yield chunk;
    if (this.#file !== void 0) {
      const buffer = Buffer.allocUnsafeSlow(CHUNK);
      for (let at = 0; at < this.#file.size; at += CHUNK) {
        for (let read = 0; read < CHUNK; ) {
          const length = readSync(this.#file.handle, buffer, read, CHUNK - read, at + read);
          if (length === 0) throw new Error("the file of digests was truncated");
          read += length;
        }
        yield buffer;
      }
    }
    yield this.#chunk.subarray(0, this.#filled);
  }
  /** Removes the file, if there is one. */
  close() {
    if (this.#file === void 0) return;
    closeSync(this.#file.handle);
    rmSync(this.#file.path, { force: true });
    this.#file = void 0;
  }
  #nextChunk() {
    this.#filled = 0;
    if (this.#chunk.length === CHUNK && this.#chunks.length * CHUNK >= this.#inMemory) {
      this.#spill();
      return;
    }
    this.#chunk = Buffer.allocUnsafeSlow(this.#chunks.length === 0 ? CHUNK / 16 : CHUNK);
    this.#chunks.push(this.#chunk);
  }
  #spill() {
    if (this.#file === void 0) {
      const path = join(this.#folder, `digests-${randomUUID()}`);
      this.#file = { path, handle: openSync(path, "wx+", 384), size: 0 };
    }
    for (let at = 0; at < CHUNK; ) {
      at += writeSync(this.#file.handle, this.#chunk, at, CHUNK - at, this.#file.size + at);
    }
    this.#file.size += CHUNK;
  }
};

// src/convert/verity/slicer.ts
var BATCH = 256 * 1024;
var Slicer = class {
  #blockSize;
  #digester;
  #digests;
  #onLeaves;
  #filled = 0;
  /** @param onLeaves receives concatenated digests, which are overwritten after the call */
  constructor(blockSize, onLeaves) {
    this.#blockSize = blockSize;
    this.#digester = new BlockDigester(blockSize, BATCH / blockSize);
    this.#digests = Buffer.alloc(BATCH / blockSize * DIGEST_SIZE);
    this.#onLeaves = onLeaves;
  }
  update(bytes) {
    const { data } = this.#digester;
    for (let at = 0; at < bytes.length; ) {
      const step = Math.min(data.length - this.#filled, bytes.length - at);
      data.set(at === 0 && step === bytes.length ? bytes : bytes.subarray(at, at + step), this.#filled);
      at += step;
      this.#filled += step;
      if (this.#filled === data.length) this.flush();
    }
  }
  /** Pads an incomplete block with zeros. */
  pad() {
    const end = Math.ceil(this.#filled / this.#blockSize) * this.#blockSize;
    this.#digester.data.fill(0, this.#filled, end);
    this.#filled = end;
    if (end === BATCH) this.flush();
  }
  /** Passes on the digests of all bytes so far; pads an incomplete block with zeros. */
  flush() {
    if (this.#filled === 0) return;
    const end = this.#digester.digest(this.#filled, this.#digests, 0);
    this.#filled = 0;
    this.#onLeaves(this.#digests.subarray(0, end));
  }
};

// src/convert/verity-file/layout.ts
function fileLayout(imageSize, blockSize) {
  const dataBlocks = Math.ceil(imageSize / blockSize);
  const counts = [];
  for (let blocks = dataBlocks; blocks > 1; ) {
    blocks = Math.ceil(blocks / fanOutOf(blockSize));
    counts.push(blocks);
  }
  const hashOffset = dataBlocks * blockSize;
  let end = hashOffset + blockSize;
  const fromTop = counts.toReversed().map((blocks) => {
    const offset = end;
    end += blocks * blockSize;
    return { offset, blocks };
  });
  return { dataBlocks, hashOffset, levels: fromTop.toReversed(), size: end };
}

// src/convert/verity-file/superblock.ts
var SUPERBLOCK_SIZE = 512;
var SIGNATURE = Buffer.from("verity\0\0", "latin1");
var VERSION = 1;
var HASH_TYPE = 1;
function veritySuperblock({ uuid, blockSize, dataBlocks }) {
  const bytes = Buffer.alloc(SUPERBLOCK_SIZE);
  SIGNATURE.copy(bytes, 0);
  bytes.writeUInt32LE(VERSION, 8);
  bytes.writeUInt32LE(HASH_TYPE, 12);
  Buffer.from(uuid.replaceAll("-", ""), "hex").copy(bytes, UUID_AT);
  bytes.write(ALGORITHM, 32, "latin1");
  bytes.writeUInt32LE(blockSize, 64);
  bytes.writeUInt32LE(blockSize, 68);
  bytes.writeBigUInt64LE(BigInt(dataBlocks), 72);
  bytes.writeUInt16LE(SALT.length, 80);
  SALT.copy(bytes, 88);
  return bytes;
}
var UUID_AT = 16;
var UUID_END = 32;
function hasParameters(superblock, fields) {
  const expected = veritySuperblock({ ...fields, uuid: superblock.toString("hex", UUID_AT, UUID_END) });
  return superblock.equals(expected);
}

// src/convert/verity-file/write-window.ts
import { writeSync as writeSync2 } from "node:fs";
var WINDOW = 1024 * 1024;
var WriteWindow = class {
  #handle;
  #bytes = Buffer.allocUnsafeSlow(WINDOW);
  /** Where the window is in the file. */
  #start = 0;
  #filled = 0;
  /** @param handle of an empty file */
  constructor(handle) {
    this.#handle = handle;
  }
  write(offset, bytes) {
    const end = offset + bytes.length;
    const follows = offset >= this.#start + this.#filled && end <= this.#start + WINDOW;
    if (!follows) {
      this.flush();
      this.#start = offset;
    }
    if (bytes.length > WINDOW) {
      writeAll(this.#handle, bytes, offset);
      return;
    }
    const at = offset - this.#start;
    this.#bytes.fill(0, this.#filled, at);
    this.#bytes.set(bytes, at);
    this.#filled = at + bytes.length;
  }
  flush() {
    writeAll(this.#handle, this.#bytes.subarray(0, this.#filled), this.#start);
    this.#start += this.#filled;
    this.#filled = 0;
  }
};
function writeAll(handle, bytes, offset) {
  for (let at = 0; at < bytes.length; ) {
    at += writeSync2(handle, bytes, at, bytes.length - at, offset + at);
  }
}

// src/convert/verity-file/verity-file.ts
var IN_MEMORY = 4 * 1024 * 1024;
var VerityFile = class {
  /** Receives the digests of all blocks but the first. */
  leaves;
  #path;
  #uuid;
  #blockSize;
  /** The first block comes last. */
  #first;
  #handle;
  #window;
  /**
   * @param path a new file
   * @param uuid of the image; the superblock gets it too, so that equal images are equal files
   * @param folder private folder, for digests that are too many for memory
   */
  constructor(path, uuid, blockSize, folder) {
    this.#path = path;
    this.#uuid = uuid;
    this.#blockSize = blockSize;
    this.#first = new BlockDigester(blockSize, 1);
    this.leaves = new DigestStore(folder, IN_MEMORY);
  }
  /** Writes bytes of the image, which may be overwritten afterwards. Bytes that are never written are zero. */
  write(offset, bytes) {
    if (offset < this.#blockSize) this.#first.data.set(bytes.subarray(0, this.#blockSize - offset), offset);
    this.#attempt(() => {
      this.#handle ??= openSync2(this.#path, "wx", 384);
      this.#window ??= new WriteWindow(this.#handle);
      this.#window.write(offset, bytes);
    });
    return void 0;
  }
  /** The image is complete; `finish` completes the file. */
  end() {
    this.#attempt(() => this.#window?.flush());
    return void 0;
  }
  /**
   * Adds superblock and tree, and closes the file. It is not synchronised with the disk.
   * @throws VeritySignError 'environment' if the file cannot be written, TypeError if the tree has another root hash
   */
  finish({ imageSize, rootHash }) {
    const layout = fileLayout(imageSize, this.#blockSize);
    if (this.leaves.size !== (layout.dataBlocks - 1) * DIGEST_SIZE) {
      throw new TypeError(`${this.leaves.size} bytes of digests for ${layout.dataBlocks} blocks`);
    }
    const root = this.#attempt(() => this.#writeTree(layout));
    if (root !== rootHash) throw new TypeError(`the hash tree has root hash ${root} instead of ${rootHash}`);
    this.close();
  }
  /** Closes the file. A caller that has not finished it removes it. */
  close() {
    this.leaves.close();
    if (this.#handle !== void 0) closeSync2(this.#handle);
    this.#handle = void 0;
  }
  /** Returns the root hash. */
  #writeTree(layout) {
    const handle = this.#handle;
    if (handle === void 0) throw new TypeError("the file has no image");
    ftruncateSync(handle, layout.size);
    const [uuid, blockSize] = [this.#uuid, this.#blockSize];
    writeAll(handle, veritySuperblock({ uuid, blockSize, dataBlocks: layout.dataBlocks }), layout.hashOffset);
    const first = Buffer.alloc(DIGEST_SIZE);
    this.#first.digest(blockSize, first, 0);
    let digests = first;
    for (const [height, { offset, blocks }] of layout.levels.entries()) {
      if (height === 0) digests = this.#writeLeaves(handle, first, offset, blocks);
      else {
        writeAll(handle, digests, offset);
        digests = levelAbove(digests, blockSize);
      }
    }
    return digests.toString("hex");
  }
  /** Writes the digests of the image's blocks, and returns those of the blocks that they fill. */
  #writeLeaves(handle, first, offset, blocks) {
    const above = Buffer.alloc(blocks * DIGEST_SIZE);
    let filled = 0;
    const slicer = new Slicer(this.#blockSize, (digests) => {
      filled += digests.copy(above, filled);
    });
    let at = offset;
    for (const chunk of [[first], this.leaves].values()) {
      for (const digests of chunk) {
        writeAll(handle, digests, at);
        at += digests.length;
        slicer.update(digests);
      }
    }
    slicer.flush();
    return above;
  }
  #attempt(write) {
    try {
      return write();
    } catch (error) {
      const { code, message } = error;
      if (code === void 0) throw error;
      throw new VeritySignError("environment", `cannot write ${this.#path} (${code ?? message})`, {
        remedy: "Check write permission and free space there",
        cause: error
      });
    }
  }
};

export {
  Slicer,
  DigestStore,
  fileLayout,
  SUPERBLOCK_SIZE,
  hasParameters,
  writeAll,
  VerityFile
};
