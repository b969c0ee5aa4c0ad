import {
  SUPERBLOCK_END,
  checkImageSize,
  readSuperblock
} from "./shared.convert.erofs.superblock.js";
import {
  BlockTree,
  VerityFile
} from "./shared.worker.js";
import {
  SNIFF_LENGTH,
  describeBytes,
  releaseOwned
} from "./shared.conversion.js";
import "./shared.inputs.js";
import "./shared.start.js";

// src/convert/worker/erofs-consumer.ts
var HEAD = 4096;
var ErofsConsumer = class {
  reportsTarFacts = true;
  #work;
  #head = Buffer.alloc(HEAD);
  #trees = [];
  #size = 0;
  #superblock;
  #file;
  constructor(work) {
    this.#work = work;
  }
  async consume(chunk) {
    const from = this.#size;
    if (from < HEAD) chunk.copy(this.#head, from);
    this.#size += chunk.length;
    if (this.#superblock === void 0 && this.#size >= SUPERBLOCK_END) {
      this.#start();
      this.#add(0, this.#head.subarray(0, from));
    }
    if (this.#superblock !== void 0) this.#add(from, chunk);
    releaseOwned(chunk);
  }
  async end() {
    const { uuid } = checkImageSize(this.#superblock ?? this.#readSuperblock(), this.#size);
    this.#file?.end();
    const roots = this.#trees.map(({ blockSize, tree }) => {
      const dataSize = Math.ceil(this.#size / blockSize) * blockSize;
      const rootHash = tree.finish(this.#head.subarray(0, blockSize));
      return { rootHash, blockSize, dataSize, imageSize: this.#size };
    });
    const kept = roots.find(({ blockSize }) => blockSize === this.#work.file?.blockSize);
    if (kept !== void 0) this.#file?.finish(kept);
    await this.stop();
    return { erofs: { uuid, roots } };
  }
  async stop() {
    this.#file?.close();
  }
  /** The superblock is there: its UUID goes into the file. */
  #start() {
    const { uuid } = this.#readSuperblock();
    const { blockSizes, file } = this.#work;
    if (file !== void 0) this.#file = new VerityFile(file.path, uuid, file.blockSize, file.folder);
    for (const blockSize of blockSizes) {
      const kept = blockSize === file?.blockSize ? this.#file?.leaves : void 0;
      this.#trees.push({ blockSize, tree: new BlockTree(blockSize, kept) });
    }
  }
  #add(from, bytes) {
    for (const { blockSize, tree } of this.#trees) {
      tree.update(bytes.subarray(Math.min(bytes.length, Math.max(0, blockSize - from))));
    }
    this.#file?.write(from, bytes);
  }
  #readSuperblock() {
    const head = this.#head.subarray(0, Math.min(this.#size, HEAD));
    this.#superblock = readSuperblock(head, describeBytes(head.subarray(0, SNIFF_LENGTH)));
    return this.#superblock;
  }
};
export {
  ErofsConsumer
};
