import {
  ALGORITHM,
  BlockDigester,
  DIGEST_SIZE,
  OPAQUE,
  PROFILES,
  SALT,
  SourceBroke,
  TYPE,
  TarFactsCollector,
  TarReader,
  WHITEOUT,
  deviceNumber,
  fanOutOf,
  fileLayout,
  hasData,
  knowsOptions,
  levelAbove,
  malformed,
  markOwned,
  nameAndValue,
  nameFilter,
  notForErofs,
  oldDeviceNumber,
  pieces,
  prefixLength,
  printable,
  processInPlace,
  readCheckedLayer,
  releaseOwned,
  toFailure,
  undefinedResult,
  unsupported,
  veritySuperblock,
  writeXattrs,
  xattrCount,
  xattrSize
} from "./shared.conversion.js";
import {
  VeritySignError
} from "./shared.start.js";

// src/convert/erofs/native/releases.ts
var NEWEST = {
  release: "1.9.3",
  sortsXattrs: true,
  negativeSizes: false,
  oldPax: false,
  oldEntries: false,
  needsEnd: false,
  fractionExtends: false,
  reversedBase64: false,
  linkRemovesFirst: false,
  earlyDots: false,
  noNegativeNumbers: false,
  knownPrefixesOnly: false,
  noIndexChecksum: false
};
var OLDER = {
  ...NEWEST,
  release: "1.8.10",
  sortsXattrs: false,
  negativeSizes: true,
  oldPax: true,
  oldEntries: true,
  needsEnd: true,
  fractionExtends: true,
  reversedBase64: true,
  linkRemovesFirst: true,
  earlyDots: true
};
var RULES = {
  "1.9.3": NEWEST,
  "1.9.2": { ...NEWEST, release: "1.9.2", sortsXattrs: false, negativeSizes: true },
  "1.9.1": {
    ...NEWEST,
    release: "1.9.1",
    sortsXattrs: false,
    negativeSizes: true,
    oldPax: true,
    oldEntries: true
  },
  "1.8.10": OLDER,
  "1.8.6": {
    ...OLDER,
    release: "1.8.6",
    noNegativeNumbers: true,
    knownPrefixesOnly: true,
    noIndexChecksum: true
  }
};
var RELEASES = {
  A: ["1.8.10", "1.9.1"],
  B: ["1.9.2"],
  C: ["1.9.3"],
  "1.8.6": ["1.8.6"]
};

// src/convert/erofs/native/class-refusals.ts
function differentImages(of) {
  return new VeritySignError("environment", `${disagreement(of)} this layer`, {
    remedy: `Use the builder mkfs with the very release of the nodes, or ${OTHER_CLASSES}`
  });
}
function decisive(errors) {
  return errors.find(({ code }) => code === "environment") ?? errors[0];
}
function unpackable(of, { release, error }) {
  const others = RELEASES[of].filter((other) => other !== release).join(" and ");
  return new VeritySignError(
    "environment",
    `nodes with erofs-utils ${release} cannot unpack this layer (${reasonOf(error)}): ${disagreement(of)} it`,
    {
      remedy: `Build the layer again, or update erofs-utils on nodes with ${release}: ${others} takes the layer; then use the builder mkfs with ${others}, or ${OTHER_CLASSES}`,
      cause: error
    }
  );
}
function onlyOtherClasses(of, error) {
  if (error.code !== "image") return error;
  const releases = RELEASES[of].join(" and ");
  return new VeritySignError(
    "environment",
    `nodes with erofs-utils ${releases} cannot unpack this layer (${reasonOf(error)}), others can`,
    {
      remedy: `Build the layer again, or update the nodes and omit class ${of} from erofs-utils-version (list the other classes instead of all)`,
      cause: error
    }
  );
}
function reasonOf({ message }) {
  return message.replace(/^the layer('s tar is malformed: | triggers )/, "");
}
var OTHER_CLASSES = "update the nodes to 1.9.2 or later and sign for their class (erofs-utils-version B or C)";
function disagreement(of) {
  return `releases ${RELEASES[of].join(" and ")} of class ${of} make different images of`;
}

// src/convert/erofs/native/image/block-map.ts
var ALIGNMENT = 32;
var BlockMap = class {
  blockSize;
  /** Nodes with assigned blocks come first. */
  #nodes = [];
  #mapped = 0;
  #queues;
  /** The next free block. */
  tail = 0;
  /** Number of runs of file data that mkfs.erofs still buffers; they keep the first node from growing. */
  fileRuns = 0;
  /** The blocks of a symbolic link are being written. */
  linkRun = false;
  /** The best node of a search so far, and how many bytes of its last block would be used. */
  #best;
  #bestUsed = 0;
  constructor(blockSize) {
    this.blockSize = blockSize;
    this.#queues = { mapped: new QueueSet(blockSize), unmapped: new QueueSet(blockSize) };
  }
  /** Adds a node at the end of the list. */
  append(fill) {
    const node = {
      index: this.#nodes.length,
      address: void 0,
      fill: 0,
      blocks: 0,
      previous: void 0,
      next: void 0
    };
    this.#nodes.push(node);
    if (fill > 0) this.#attach(node, fill);
    return node;
  }
  /** Assigns blocks at once, without a node; returns the first. */
  takeRun(blocks) {
    const address = this.tail;
    this.tail += blocks;
    return address;
  }
  /** Removes the last node from the list; its blocks stay assigned. */
  removeLast(node) {
    this.#queues.mapped.remove(node, node.fill % this.blockSize);
    this.#nodes.pop();
    this.#mapped -= 1;
  }
  addressOf(index) {
    return this.map(this.#nodes[index]);
  }
  /** Assigns blocks to the node and to all nodes before it; returns its first block. */
  map(node) {
    while (node.address === void 0) {
      const next = this.#nodes[this.#mapped];
      if (next.fill > 0) this.#queues.unmapped.remove(next, next.fill % this.blockSize);
      next.address = this.tail;
      this.tail += next.blocks;
      this.#mapped += 1;
      this.#queues.mapped.add(next, next.fill % this.blockSize);
    }
    return node.address;
  }
  mapAll() {
    const last = this.#nodes.at(-1);
    if (last !== void 0) this.map(last);
  }
  /**
   * Finds a place for `size` bytes whose last block has room for `inline` more bytes. Returns undefined if no
   * block has; an empty node stays in the list then.
   */
  place(size, inline) {
    const node = this.#choose(size, inline) ?? this.append(0);
    const offset = aligned(node.fill);
    if (this.#fits(node, size, inline) === void 0) return void 0;
    this.#attach(node, offset + size);
    if (inline > 0) this.#attach(node, node.fill + inline);
    return { node, offset };
  }
  /** Adds one block to a node at the end. */
  extend(node) {
    this.#attach(node, node.fill + this.blockSize);
  }
  #attach(node, fill) {
    const { blockSize } = this;
    const queue = node.address === void 0 ? this.#queues.unmapped : this.#queues.mapped;
    if (node.fill > 0 || node.address !== void 0) queue.remove(node, node.fill % blockSize);
    const atTail = node.address !== void 0 && node.address + node.blocks === this.tail;
    node.fill = fill;
    node.blocks = Math.max(node.blocks, Math.ceil(fill / blockSize));
    if (atTail) this.tail = (node.address ?? 0) + node.blocks;
    queue.add(node, fill % blockSize);
  }
  /** Whether the node is the last one with blocks, and nothing follows it. */
  #isLast(node) {
    if (node.index !== this.#mapped - 1 || this.linkRun) return false;
    return node.index !== 0 || this.fileRuns === 0;
  }
  /** How many bytes of the last block would be used; undefined if the bytes do not fit. */
  #fits(node, size, inline) {
    const { blockSize } = this;
    const end = aligned(node.fill) + size;
    if ((end + blockSize - 1) % blockSize + inline > blockSize - 1) return void 0;
    if (end + inline > node.blocks * blockSize && node.address !== void 0) {
      if (!this.#isLast(node) || node.address + node.blocks !== this.tail) return void 0;
    }
    return (end - 1) % blockSize + 1 + inline;
  }
  #choose(size, inline) {
    const { blockSize } = this;
    const total = size + inline;
    const limit = Math.floor((blockSize - total % blockSize) / ALIGNMENT) * ALIGNMENT;
    this.#best = void 0;
    this.#bestUsed = 0;
    if (total < blockSize) {
      this.#search("mapped", limit, 1, size, inline);
      const last = this.#nodes[this.#mapped - 1];
      if (last !== void 0 && this.#isLast(last)) this.#consider(last, size, inline);
    }
    if (total < blockSize) {
      if (!this.#search("unmapped", limit, 0, size, inline))
        this.#search("unmapped", blockSize - 1, limit + ALIGNMENT, size, inline);
    } else if (limit < blockSize) {
      this.#search("unmapped", limit, 1, size, inline);
    } else if (!this.#search("unmapped", 0, 0, size, inline)) {
      this.#search("unmapped", blockSize - 1, 1, size, inline);
    }
    return this.#best;
  }
  /** Tries one node of each queue from `high` down to `low`; true once one fits. */
  #search(of, high, low, size, inline) {
    const queues = this.#queues[of];
    for (let key = queues.nextKey(high); key >= low; key = queues.nextKey(key - 1)) {
      let node = queues.first(key);
      if (of === "mapped" && node !== void 0 && this.#isLast(node)) node = node.next;
      if (node !== void 0 && this.#consider(node, size, inline)) return true;
    }
    return false;
  }
  #consider(node, size, inline) {
    const used = this.#fits(node, size, inline);
    if (used === void 0) return false;
    if (used > this.#bestUsed) {
      this.#bestUsed = used;
      this.#best = node;
    }
    return true;
  }
};
var aligned = (fill) => Math.ceil(fill / ALIGNMENT) * ALIGNMENT;
var QueueSet = class {
  /** The queues that were used so far. */
  #queues;
  #bits;
  /** A bit for each word of `#bits` that is not 0. */
  #words;
  constructor(blockSize) {
    this.#queues = new Array(blockSize);
    this.#bits = new Uint32Array(blockSize / 32);
    this.#words = new Uint32Array(Math.ceil(blockSize / 1024));
  }
  first(key) {
    return this.#queues[key]?.first;
  }
  add(node, key) {
    let queue = this.#queues[key];
    if (queue === void 0) {
      queue = { first: void 0, last: void 0 };
      this.#queues[key] = queue;
    }
    node.previous = queue.last;
    node.next = void 0;
    if (queue.last === void 0) queue.first = node;
    else queue.last.next = node;
    queue.last = node;
    setBit(this.#bits, key);
    setBit(this.#words, key >>> 5);
  }
  remove(node, key) {
    const queue = this.#queues[key];
    if (node.previous === void 0) queue.first = node.next;
    else node.previous.next = node.next;
    if (node.next === void 0) queue.last = node.previous;
    else node.next.previous = node.previous;
    if (queue.first !== void 0) return;
    clearBit(this.#bits, key);
    if (this.#bits[key >>> 5] === 0) clearBit(this.#words, key >>> 5);
  }
  /** The largest key up to `from` whose queue is not empty, or -1. */
  nextKey(from) {
    const start = Math.min(from, this.#queues.length - 1);
    if (start < 0) return -1;
    const bits = lowBits(this.#bits, start);
    if (bits !== 0) return (start & ~31) + highest(bits);
    for (let word = (start >>> 5) - 1; word >= 0; word = (word & ~31) - 1) {
      const words = lowBits(this.#words, word);
      if (words === 0) continue;
      const found5 = (word & ~31) + highest(words);
      return found5 * 32 + highest(this.#bits[found5]);
    }
    return -1;
  }
};
function setBit(bits, at) {
  bits[at >>> 5] = bits[at >>> 5] | 1 << (at & 31);
}
function clearBit(bits, at) {
  bits[at >>> 5] = bits[at >>> 5] & ~(1 << (at & 31));
}
function lowBits(bits, at) {
  return bits[at >>> 5] & 4294967295 >>> 31 - (at & 31);
}
function highest(word) {
  return 31 - Math.clz32(word);
}

// src/convert/erofs/native/tree/column.ts
var PAGE_BITS = 12;
var PAGE = 1 << PAGE_BITS;
var IN_PAGE = PAGE - 1;
var Column = class {
  #pages = [];
  get(record) {
    const page = this.#pages[record >>> PAGE_BITS];
    return page === void 0 ? 0 : page[record & IN_PAGE];
  }
  /** Keeps the low 32 bits of an integer. */
  set(record, value) {
    const page = this.#pages[record >>> PAGE_BITS];
    if (page !== void 0) page[record & IN_PAGE] = value;
    else if (value !== 0) this.#add(record, value);
  }
  #add(record, value) {
    const number = record >>> PAGE_BITS;
    while (this.#pages.length <= number) this.#pages.push(void 0);
    const page = new Uint32Array(PAGE);
    page[record & IN_PAGE] = value;
    this.#pages[number] = page;
  }
};

// src/convert/erofs/native/tree/inode-table.ts
var FLAG = {
  /** A whiteout was created in it at some time. */
  whiteouts: 1,
  /** mkfs.erofs has freed its memory. */
  freed: 2,
  /** It has its place in the image. */
  placed: 4,
  extended: 8,
  /** The end of its data, less than a block, follows its body. */
  inlineTail: 16,
  /** Its data are chunks of the tar. */
  chunked: 32,
  /** It has blocks of file data. */
  dataRun: 64,
  /** mkfs.erofs writes no inode for it, only names. */
  lost: 128,
  /** A directory that an entry of the tar has named, or that was created as the parent of one. */
  named: 256
};
var FLAGS_SHIFT = 16;
var DOTS_SHIFT = FLAGS_SHIFT + 9;
var InodeTable = class {
  #count = 0;
  #parent = new Column();
  /** The low halves of user and group. */
  #owner = new Column();
  /** Their high halves, which few layers have. */
  #ownerHigh = new Column();
  #nlink = new Column();
  /** Once the inode is placed, its serial number: nobody counts its names any more. */
  #names = new Column();
  #mtimeLow = new Column();
  #mtimeHigh = new Column();
  #nanoseconds = new Column();
  #sizeLow = new Column();
  #sizeHigh = new Column();
  #union = new Column();
  #first = new Column();
  #modeAndFlags = new Column();
  #node = new Column();
  #offset = new Column();
  get count() {
    return this.#count;
  }
  add() {
    this.#count += 1;
    return this.#count - 1;
  }
  /** The directory in which it was created; finally the one with whose entries it was placed. */
  parent(inode) {
    return this.#parent.get(inode);
  }
  setParent(inode, parent) {
    this.#parent.set(inode, parent);
  }
  uid(inode) {
    return (this.#owner.get(inode) & 65535 | this.#ownerHigh.get(inode) << 16) >>> 0;
  }
  gid(inode) {
    return (this.#owner.get(inode) >>> 16 | this.#ownerHigh.get(inode) & ~65535) >>> 0;
  }
  setOwner(inode, uid, gid) {
    this.#owner.set(inode, uid & 65535 | gid << 16);
    this.#ownerHigh.set(inode, uid >>> 16 | gid & ~65535);
  }
  /** The counter of mkfs.erofs, which for directories differs from the number of links. */
  nlink(inode) {
    return this.#nlink.get(inode);
  }
  setNlink(inode, nlink) {
    this.#nlink.set(inode, nlink);
  }
  /** Number of its names, until it is placed. */
  names(inode) {
    return this.#names.get(inode);
  }
  setNames(inode, names) {
    this.#names.set(inode, names);
  }
  mtimeLow(inode) {
    return this.#mtimeLow.get(inode);
  }
  mtimeHigh(inode) {
    return this.#mtimeHigh.get(inode);
  }
  nanoseconds(inode) {
    return this.#nanoseconds.get(inode);
  }
  setMtime(inode, seconds, nanoseconds) {
    if (typeof seconds === "number") {
      this.#mtimeLow.set(inode, seconds);
      this.#mtimeHigh.set(inode, Math.floor(seconds / 2 ** 32));
    } else {
      this.#mtimeLow.set(inode, Number(BigInt.asUintN(32, seconds)));
      this.#mtimeHigh.set(inode, Number(BigInt.asUintN(32, seconds >> 32n)));
    }
    this.#nanoseconds.set(inode, nanoseconds);
  }
  copyMtime(inode, from) {
    this.#mtimeLow.set(inode, this.mtimeLow(from));
    this.#mtimeHigh.set(inode, this.mtimeHigh(from));
    this.#nanoseconds.set(inode, this.nanoseconds(from));
  }
  size(inode) {
    return this.#sizeHigh.get(inode) * 2 ** 32 + this.#sizeLow.get(inode);
  }
  setSize(inode, size) {
    this.#sizeLow.set(inode, size);
    this.#sizeHigh.set(inode, Math.floor(size / 2 ** 32));
  }
  /** The field `i_u` of the format: device number, first block or chunk format. */
  union(inode) {
    return this.#union.get(inode);
  }
  setUnion(inode, value) {
    this.#union.set(inode, value);
  }
  /** Directory: its entries (see Dentries). Symbolic link: its target. Chunked: first block in the tar. */
  first(inode) {
    return this.#first.get(inode);
  }
  setFirst(inode, first) {
    this.#first.set(inode, first);
  }
  mode(inode) {
    return this.#modeAndFlags.get(inode) & 65535;
  }
  setMode(inode, mode) {
    const flags = this.#modeAndFlags.get(inode) & ~65535;
    this.#modeAndFlags.set(inode, flags | mode & 65535);
  }
  has(inode, flag) {
    return (this.#modeAndFlags.get(inode) & flag << FLAGS_SHIFT) !== 0;
  }
  setFlag(inode, flag) {
    this.#modeAndFlags.set(inode, this.#modeAndFlags.get(inode) | flag << FLAGS_SHIFT);
  }
  extraDots(inode) {
    return this.#modeAndFlags.get(inode) >>> DOTS_SHIFT;
  }
  addExtraDots(inode) {
    this.#modeAndFlags.set(inode, this.#modeAndFlags.get(inode) + (1 << DOTS_SHIFT));
  }
  /** Where its body begins: a node of the block map and bytes in it. */
  node(inode) {
    return this.#node.get(inode);
  }
  offset(inode) {
    return this.#offset.get(inode);
  }
  /** Two columns that may be overwritten, before any inode is placed: new ones would add to the peak of memory. */
  storePlacesIn([node, offset]) {
    this.#node = node;
    this.#offset = offset;
  }
  setPlace(inode, node, offset, serial) {
    this.#node.set(inode, node);
    this.#offset.set(inode, offset);
    this.#names.set(inode, serial);
  }
  /** Its number in the image, once it is placed. */
  serial(inode) {
    return this.#names.get(inode);
  }
};

// src/convert/erofs/native/image/put.ts
function put16(target, at, value) {
  target[at] = value;
  target[at + 1] = value >>> 8;
}
function put32(target, at, value) {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}

// src/convert/erofs/native/image/chunk-index.ts
var TAR_INDEX_BLOCK = 512;
var BLOCK_BITS = 9;
var MAX_BITS = BLOCK_BITS + 31;
var WITH_INDEXES = 32;
var RECORD = 8;
var TAR_DEVICE = 1;
function chunkBits(size) {
  return Math.min(Math.max(BLOCK_BITS, Math.ceil(Math.log2(size))), MAX_BITS);
}
function placeInTar(inodes, inode, size, dataOffset) {
  const block = dataOffset / TAR_INDEX_BLOCK;
  if (block + size / TAR_INDEX_BLOCK > 4294967295) throw unsupported("its tar has 2 TiB or more");
  const format = chunkBits(size) - BLOCK_BITS | WITH_INDEXES;
  inodes.setUnion(inode, (inodes.union(inode) | format) >>> 0);
  inodes.setFirst(inode, block);
  inodes.setFlag(inode, FLAG.chunked);
}
function chunkCount(size) {
  return Math.ceil(size / 2 ** chunkBits(size));
}
function chunkIndexSize(inodes, inode, body) {
  if (!inodes.has(inode, FLAG.chunked)) return body;
  return Math.ceil(body / 8) * 8 + RECORD * chunkCount(inodes.size(inode));
}
function writeChunkIndex(inodes, inode, target, at) {
  const size = inodes.size(inode);
  const step = 2 ** (chunkBits(size) - BLOCK_BITS);
  let record = Math.ceil(at / 8) * 8;
  for (let chunk = 0; chunk < chunkCount(size); chunk++, record += RECORD) {
    put16(target, record + 2, TAR_DEVICE);
    put32(target, record + 4, inodes.first(inode) + chunk * step);
  }
}

// src/convert/erofs/native/image/inode-body.ts
var COMPACT = 32;
var EXTENDED = 64;
var LAYOUT = { flat: 0, inlineTail: 2, chunked: 4 };
function inodeSize(inodes, inode) {
  return inodes.has(inode, FLAG.extended) ? EXTENDED : COMPACT;
}
function writeInode(inodes, inode, xattrSize2, target, at) {
  const extended = inodes.has(inode, FLAG.extended);
  put16(target, at, (extended ? 1 : 0) | layoutOf(inodes, inode) << 1);
  put16(target, at + 2, xattrCount(xattrSize2));
  put16(target, at + 4, inodes.mode(inode));
  put32(target, at + 16, inodes.union(inode));
  put32(target, at + 20, inodes.serial(inode));
  const size = inodes.size(inode);
  if (!extended) {
    put16(target, at + 6, inodes.nlink(inode));
    put32(target, at + 8, size);
    put16(target, at + 24, inodes.uid(inode));
    put16(target, at + 26, inodes.gid(inode));
    return COMPACT;
  }
  put32(target, at + 8, size % 2 ** 32);
  put32(target, at + 12, Math.floor(size / 2 ** 32));
  put32(target, at + 24, inodes.uid(inode));
  put32(target, at + 28, inodes.gid(inode));
  put32(target, at + 32, inodes.mtimeLow(inode));
  put32(target, at + 36, inodes.mtimeHigh(inode));
  put32(target, at + 40, inodes.nanoseconds(inode));
  put32(target, at + 44, inodes.nlink(inode));
  return EXTENDED;
}
function layoutOf(inodes, inode) {
  if (inodes.has(inode, FLAG.chunked)) return LAYOUT.chunked;
  return inodes.has(inode, FLAG.inlineTail) ? LAYOUT.inlineTail : LAYOUT.flat;
}

// builtin-load:load of worker
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of worker
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var createHash = /* @__PURE__ */ one("createHash");
var randomFillSync = /* @__PURE__ */ one("randomFillSync");
var randomUUID = /* @__PURE__ */ one("randomUUID");
var hash = /* @__PURE__ */ one("hash");

// src/convert/erofs/native/tree/limits.ts
var MAX_NAME_BYTES = 48 * 1024 * 1024;
var MAX_WALKED_NAMES = 64e6;
var BASE_INODES = 15e4;
var BASE_INODES_OF_SEVERAL = 75e3;
var BYTES_PER_INODE = 40;
function maxInodes(blobSize, releases = 1) {
  const base = releases > 1 ? BASE_INODES_OF_SEVERAL : BASE_INODES;
  return base + Math.floor(blobSize / BYTES_PER_INODE);
}
var NAMES_PER_INODE = 2;

// src/convert/erofs/native/tree/bytes-arena.ts
var { imul } = Math;
var SHORT = 48;
var PAGE_BITS2 = 18;
var PAGE2 = 1 << PAGE_BITS2;
var IN_PAGE2 = PAGE2 - 1;
var RECENT = 4096;
var MOST_REMEMBERED = 4096;
var SAMPLED = 256;
var BytesArena = class {
  /** Each page with the pages that follow it in memory. */
  #pages = [];
  /** The address of the next text, if it fits the last page. */
  #next = 0;
  #length = 0;
  /** Addresses and lengths of the last texts, by slot; undefined if they are not remembered. */
  #recent;
  /** @param shared several releases add the same texts: each takes memory once */
  constructor(shared = false) {
    this.#recent = shared ? { starts: new Int32Array(RECENT), lengths: new Int32Array(RECENT).fill(-1) } : void 0;
  }
  /**
   * Returns the start of the text.
   * @throws VeritySignError 'environment' above {@link MAX_NAME_BYTES}
   */
  add(text) {
    const recent = text.length > MOST_REMEMBERED ? void 0 : this.#recent;
    const slot = recent === void 0 ? 0 : slotOf(text);
    if (recent?.lengths[slot] === text.length) {
      const known = recent.starts[slot];
      if (text.length > SHORT ? this.text(known, text.length) === text : this.equals(known, text))
        return known;
    }
    this.#length += text.length;
    if (this.#length > MAX_NAME_BYTES)
      throw unsupported(`it has names and link targets of more than ${MAX_NAME_BYTES} bytes`);
    if (this.#next + text.length > this.#pages.length << PAGE_BITS2) this.#grow(text.length);
    const start = this.#next;
    if (text.length > SHORT) {
      this.#page(start).write(text, start & IN_PAGE2, text.length, "latin1");
    } else if (text.length > 0) {
      const page = this.#page(start);
      const at = start & IN_PAGE2;
      for (let byte = 0; byte < text.length; byte++) page[at + byte] = text.charCodeAt(byte);
    }
    this.#next += text.length;
    if (recent !== void 0) {
      recent.starts[slot] = start;
      recent.lengths[slot] = text.length;
    }
    return start;
  }
  #grow(length) {
    this.#next = this.#pages.length << PAGE_BITS2;
    const memory = Buffer.allocUnsafeSlow(Math.ceil(length / PAGE2) << PAGE_BITS2);
    for (let at = 0; at < memory.length; at += PAGE2) this.#pages.push(memory.subarray(at));
  }
  /** The page of an address; none for an empty text at the end. */
  #page(start) {
    return this.#pages[start >>> PAGE_BITS2];
  }
  text(start, length) {
    const at = start & IN_PAGE2;
    return length === 0 ? "" : this.#page(start).toString("latin1", at, at + length);
  }
  equals(start, text) {
    const page = this.#page(start);
    const from = start & IN_PAGE2;
    for (let at = 0; at < text.length; at++) if (page[from + at] !== text.charCodeAt(at)) return false;
    return true;
  }
  /** Compares two texts by their bytes: negative, 0 or positive, as a sort wants it. */
  compare(left, leftLength, right, rightLength) {
    const [leftPage, rightPage] = [this.#page(left), this.#page(right)];
    const [leftFrom, rightFrom] = [left & IN_PAGE2, right & IN_PAGE2];
    const common = Math.min(leftLength, rightLength);
    for (let at = 0; at < common; at++) {
      const difference = leftPage[leftFrom + at] - rightPage[rightFrom + at];
      if (difference !== 0) return difference;
    }
    return leftLength - rightLength;
  }
  copy(start, length, target, at) {
    const page = this.#page(start);
    const from = start & IN_PAGE2;
    if (length > SHORT) page.copy(target, at, from, from + length);
    else for (let byte = 0; byte < length; byte++) target[at + byte] = page[from + byte];
  }
  /** The sum of the bytes of a text, each times its own factor from `factors[first]` on; 32 bits, signed. */
  weighted(start, length, factors, first) {
    const page = this.#page(start);
    const from = start & IN_PAGE2;
    let sum = 0;
    for (let at = 0; at < length; at++)
      sum = sum + imul(factors[first + at], page[from + at]) | 0;
    return sum;
  }
};
function slotOf(text) {
  const { length } = text;
  const step = Math.ceil(length / SAMPLED);
  let hash2 = length;
  for (let at = 0; at < length; at += step) hash2 = imul(hash2, 31) + text.charCodeAt(at) | 0;
  return (hash2 ^ hash2 >>> 15) & RECENT - 1;
}

// src/convert/erofs/native/tree/dentries.ts
var { imul: imul2 } = Math;
var FILE_TYPE = { unknown: 0, file: 1, directory: 2, char: 3, block: 4, fifo: 5, link: 7 };
var LONGEST_NAME = 255;
var TYPE_SHIFT = 8;
var TYPE_MASK = 7 << TYPE_SHIFT;
var HASH_SHIFT = 11;
var BUCKET_BITS = 4;
var Dentries = class {
  arena;
  #count = 1;
  #name = new Column();
  #facts = new Column();
  #directory = new Column();
  #inode = new Column();
  #sibling = new Column();
  #chain = new Column();
  /** At least 2 ^ BUCKET_BITS. */
  #buckets = new Uint32Array(64);
  /** @param arena of the names, which the releases that are built side by side share */
  constructor(arena = new BytesArena()) {
    this.arena = arena;
  }
  /** Number of entries. */
  get count() {
    return this.#count - 1;
  }
  /** The entry `name` of a directory, or 0. */
  find(directory, name) {
    if (name.length > LONGEST_NAME) return 0;
    const hash2 = hashOf(directory, name);
    const facts = factsOf(hash2, name.length);
    let entry = this.#buckets[hash2 & this.#buckets.length - 1];
    while (entry !== 0) {
      if ((this.#facts.get(entry) & ~TYPE_MASK) >>> 0 === facts && this.#directory.get(entry) === directory && this.arena.equals(this.#name.get(entry), name)) {
        return entry;
      }
      entry = this.#chain.get(entry);
    }
    return 0;
  }
  /** Adds an entry without a type; `sibling` is the directory's first entry so far. */
  add(directory, name, inode, sibling) {
    const entry = this.#count;
    this.#count += 1;
    if (entry > this.#buckets.length) this.#grow(entry);
    const hash2 = hashOf(directory, name);
    this.#name.set(entry, this.arena.add(name));
    this.#facts.set(entry, factsOf(hash2, name.length));
    this.#directory.set(entry, directory);
    this.#inode.set(entry, inode);
    this.#sibling.set(entry, sibling);
    this.#link(entry, hash2);
    return entry;
  }
  #link(entry, hash2) {
    const bucket = hash2 & this.#buckets.length - 1;
    this.#chain.set(entry, this.#buckets[bucket]);
    this.#buckets[bucket] = entry;
  }
  /** Makes room for the entry of this number. */
  #grow(count2) {
    this.#buckets = new Uint32Array(this.#buckets.length * 2);
    for (let entry = 1; entry < count2; entry++) this.#link(entry, this.#hashOf(entry));
  }
  /** As `hashOf`: to keep it would take more memory than the table. */
  #hashOf(entry) {
    const length = this.nameLength(entry);
    const name = this.arena.weighted(this.#name.get(entry), length, FACTORS, NAME_FACTORS);
    return (hashOfDirectory(this.#directory.get(entry), length) + name | 0) >>> 7;
  }
  name(entry) {
    return this.arena.text(this.#name.get(entry), this.nameLength(entry));
  }
  /** Compares the names of two entries by their bytes. */
  compare(left, right) {
    const [leftName, rightName] = [this.#name.get(left), this.#name.get(right)];
    return this.arena.compare(leftName, this.nameLength(left), rightName, this.nameLength(right));
  }
  /** Compares the name of an entry with a text by their bytes. */
  compareWith(entry, text) {
    const name = this.name(entry);
    return name < text ? -1 : name > text ? 1 : 0;
  }
  nameLength(entry) {
    return this.#facts.get(entry) & 255;
  }
  type(entry) {
    return (this.#facts.get(entry) & TYPE_MASK) >>> TYPE_SHIFT;
  }
  setType(entry, type) {
    this.#facts.set(entry, this.#facts.get(entry) & ~TYPE_MASK | type << TYPE_SHIFT);
  }
  directory(entry) {
    return this.#directory.get(entry);
  }
  inode(entry) {
    return this.#inode.get(entry);
  }
  setInode(entry, inode) {
    this.#inode.set(entry, inode);
  }
  /** The directory's next entry, or 0: the one that was added before, or by name after `sort`. */
  sibling(entry) {
    return this.#sibling.get(entry);
  }
  /** Gives away what only `find`, `add` and `directory` need: none of them can be called afterwards. */
  takeTable() {
    const table = [this.#directory, this.#chain];
    this.#directory = new Column();
    this.#chain = new Column();
    this.#buckets = new Uint32Array(0);
    return table;
  }
  /** Sorts the entries from `first` on by the bytes of their names; returns the new first one. */
  sort(first) {
    const entries = [];
    for (let entry = first; entry !== 0; entry = this.sibling(entry)) entries.push(entry);
    entries.reverse().sort((left, right) => this.compare(left, right));
    for (let at = 0; at < entries.length; at++)
      this.#sibling.set(entries[at], entries[at + 1] ?? 0);
    return entries[0] ?? 0;
  }
  /** Copies the name of an entry. */
  copyName(entry, target, at) {
    this.arena.copy(this.#name.get(entry), this.nameLength(entry), target, at);
  }
};
var NAME_FACTORS = 4 + 1;
var KEYS = NAME_FACTORS + LONGEST_NAME;
var FACTORS = new Int32Array(new Uint32Array(randomFillSync(new Uint8Array(KEYS * 4)).buffer));
var [FIRST = 0, SECOND = 0, THIRD = 0, FOURTH = 0, LENGTH = 0] = FACTORS;
function hashOf(directory, name) {
  let hash2 = hashOfDirectory(directory, name.length);
  for (let at = 0; at < name.length; at++)
    hash2 = hash2 + imul2(FACTORS[at + NAME_FACTORS], name.charCodeAt(at)) | 0;
  return hash2 >>> 7;
}
function hashOfDirectory(directory, length) {
  let hash2 = imul2(LENGTH, length);
  hash2 += imul2(FIRST, directory & 255) + imul2(SECOND, directory >>> 8 & 255);
  hash2 += imul2(THIRD, directory >>> 16 & 255) + imul2(FOURTH, directory >>> 24);
  return hash2 | 0;
}
function factsOf(hash2, length) {
  return (hash2 >>> BUCKET_BITS << HASH_SHIFT | length) >>> 0;
}

// src/convert/erofs/native/tree/directory.ts
var DIRENT = 12;
var DOT = 4294967295;
var DOT_DOT = 4294967294;
function sortDirectory({ inodes, dentries }, directory) {
  inodes.setFirst(directory, dentries.sort(inodes.first(directory)));
}
var DirectoryEntries = class {
  length;
  #dentries;
  /** Numbers of dentries in order, and DOT and DOT_DOT. */
  #sorted;
  #directory;
  #parent;
  constructor({ inodes, dentries }, directory) {
    this.#dentries = dentries;
    this.#directory = directory;
    this.#parent = inodes.parent(directory);
    const named = [];
    for (let entry = inodes.first(directory); entry !== 0; entry = dentries.sibling(entry)) {
      if (!isDots(dentries, entry)) named.push(entry);
    }
    const pairs = 1 + inodes.extraDots(directory);
    this.#sorted = withDots(dentries, named, pairs);
    this.length = this.#sorted.length;
  }
  /** Writes the name to `target`, from `at` on. */
  copyName(index, target, at) {
    const entry = this.#sorted[index];
    if (entry >= DOT_DOT) target.fill(46, at, at + this.nameLength(index));
    else this.#dentries.copyName(entry, target, at);
  }
  /** Bytes of the name. */
  nameLength(index) {
    const entry = this.#sorted[index];
    if (entry >= DOT_DOT) return entry === DOT ? 1 : 2;
    return this.#dentries.nameLength(entry);
  }
  inode(index) {
    const entry = this.#sorted[index];
    if (entry >= DOT_DOT) return entry === DOT ? this.#directory : this.#parent;
    return this.#dentries.inode(entry);
  }
  /** One of FILE_TYPE. */
  type(index) {
    const entry = this.#sorted[index];
    return entry >= DOT_DOT ? FILE_TYPE.directory : this.#dentries.type(entry);
  }
  isDots(index) {
    return this.#sorted[index] >= DOT_DOT;
  }
};
function isDots(dentries, entry) {
  return dentries.nameLength(entry) <= 2 && /^\.\.?$/.test(dentries.name(entry));
}
function withDots(dentries, entries, pairs) {
  const all5 = new Uint32Array(entries.length + 2 * pairs);
  let read = 0;
  let written = 0;
  for (const [text, mark] of [
    [".", DOT],
    ["..", DOT_DOT]
  ]) {
    while (read < entries.length && dentries.compareWith(entries[read], text) < 0) {
      all5[written++] = entries[read++];
    }
    all5.fill(mark, written, written + pairs);
    written += pairs;
  }
  while (read < entries.length) all5[written++] = entries[read++];
  return all5;
}
function directorySize(entries, blockSize) {
  let size = 0;
  for (let index = 0; index < entries.length; index++) {
    const length = DIRENT + entries.nameLength(index);
    if (size % blockSize + length > blockSize) size = Math.ceil(size / blockSize) * blockSize;
    size += length;
  }
  return size;
}
function entriesInBlock(entries, start, blockSize) {
  let used = 0;
  let index = start;
  for (; index < entries.length; index++) {
    used += DIRENT + entries.nameLength(index);
    if (used > blockSize) break;
  }
  return index - start;
}
function writeDirectoryBlock(entries, start, count2, nidOf2, target, at) {
  let nameAt = count2 * DIRENT;
  for (let index = start; index < start + count2; index++) {
    const nid = nidOf2(entries.inode(index));
    const entry = at + (index - start) * DIRENT;
    put32(target, entry, nid.low);
    put32(target, entry + 4, nid.high);
    put16(target, entry + 8, nameAt);
    target[entry + 10] = entries.type(index);
    entries.copyName(index, target, at + nameAt);
    nameAt += entries.nameLength(index);
  }
}

// src/convert/erofs/native/tree/path-walk.ts
var ROOT = 0;
var MAX_IMPLIED = 25e4;
var BYTES_SHIFT = 3;
var NOWHERE = { path: "", entry: 0, inode: ROOT, names: 0 };
function walk(tree, path) {
  const { inodes, dentries } = tree;
  const known = path.startsWith(tree.last.path) ? tree.last : NOWHERE;
  const walked = { entry: known.entry, whiteout: false, opaque: false };
  let here = known.inode;
  let at = known.path.length;
  count(tree, known.names);
  for (let names = known.names; at < path.length; ) {
    const slash = path.indexOf("/", at);
    const last = slash === -1;
    if (last && at > known.path.length) {
      tree.last = { path: path.slice(0, at), entry: walked.entry, inode: here, names };
    }
    let name = path.slice(at, last ? path.length : slash);
    at = last ? path.length : slash + 1;
    const cost = 1 + (name.length >> BYTES_SHIFT);
    names += cost;
    count(tree, cost);
    if (name === "" || name === ".") continue;
    if (name === "..") {
      here = parentOf(inodes, here);
      continue;
    }
    if (last && name.startsWith(WHITEOUT)) {
      if (name === OPAQUE) {
        walked.opaque = true;
        break;
      }
      name = name.slice(WHITEOUT.length);
      walked.whiteout = true;
    }
    let entry = dentries.find(here, name);
    if (entry === 0) {
      if (name.length > LONGEST_NAME) throw malformed(`a name of more than ${LONGEST_NAME} bytes`);
      entry = last ? newEntry(tree, here, name, here) : makeDirectory(tree, here, name);
    } else if (!last && dentries.type(entry) !== FILE_TYPE.directory) {
      throw notForErofs("a path goes through a symbolic link or another file that is not a directory");
    }
    walked.entry = entry;
    here = dentries.inode(entry);
  }
  return walked;
}
function count(tree, names) {
  tree.walked += names;
  if (tree.walked > MAX_WALKED_NAMES)
    throw unsupported(`the paths of its entries have more than ${MAX_WALKED_NAMES} names`);
}
function parentOf(inodes, inode) {
  const parent = inodes.parent(inode);
  if (inodes.has(parent, FLAG.freed)) {
    throw undefinedResult("it replaces a name in a directory that was itself replaced");
  }
  return parent;
}
function newEntry(tree, directory, name, inode) {
  const { inodes, dentries, maxInodes: maxInodes2 } = tree;
  if (inodes.count > maxInodes2)
    throw unsupported(`it has more than ${maxInodes2} files, too many for a layer of its size`);
  if (dentries.count > NAMES_PER_INODE * maxInodes2)
    throw unsupported(
      `it has more than ${NAMES_PER_INODE * maxInodes2} names, too many for a layer of its size`
    );
  const entry = dentries.add(directory, name, inode, inodes.first(directory));
  inodes.setFirst(directory, entry);
  return entry;
}
function makeDirectory(tree, parent, name) {
  const { inodes, dentries } = tree;
  tree.implied += 1;
  if (tree.implied > MAX_IMPLIED)
    throw unsupported(`it has more than ${MAX_IMPLIED} directories without entries`);
  const inode = inodes.add();
  inodes.setMode(inode, TYPE.directory | 493 | inodes.mode(parent) & 18);
  inodes.setParent(inode, parent);
  inodes.setOwner(inode, inodes.uid(parent), inodes.gid(parent));
  inodes.copyMtime(inode, parent);
  inodes.setNlink(inode, 2);
  inodes.setNames(inode, 1);
  inodes.setFlag(inode, FLAG.named);
  const entry = newEntry(tree, parent, name, inode);
  dentries.setType(entry, FILE_TYPE.directory);
  return entry;
}

// src/convert/erofs/native/tree/xattr-arena.ts
var PAGE3 = 1024 * 1024;
var MAX_XATTR_BYTES = 24 * 1024 * 1024;
var XattrArena = class {
  #pages = [];
  #used = PAGE3;
  #total = 0;
  /** The list that was added last, and its address. */
  #last;
  /**
   * Adds a list. One that is the same as the list before, such as that of another release or of the next
   * file, takes no more memory.
   * @returns its address; undefined for an empty list
   * @throws VeritySignError 'environment' above {@link MAX_XATTR_BYTES}
   */
  add(list) {
    if (list.length === 0) return void 0;
    if (this.#last !== void 0 && isSame(this.#last.list, list)) return this.#last.address;
    const size = xattrListSize(list);
    if (this.#total + size > MAX_XATTR_BYTES) throw tooManyXattrBytes();
    if (this.#used + size > PAGE3) {
      this.#pages.push(Buffer.allocUnsafeSlow(Math.max(PAGE3, size)));
      this.#used = 0;
    }
    const page = this.#pages.at(-1);
    const address = (this.#pages.length - 1) * PAGE3 + this.#used;
    let at = writeLength(list.length, page, this.#used);
    for (const { name, value } of list) at = writeText(value, page, writeText(name, page, at));
    this.#used = at;
    this.#total += size;
    this.#last = { list, address };
    return address;
  }
  /** Adds the attributes of the list at an address to `into`. */
  read(address, into) {
    const page = this.#pages[Math.floor(address / PAGE3)];
    const cursor = { at: address % PAGE3 };
    for (let left = readLength(page, cursor); left > 0; left--) {
      const nameLength = readLength(page, cursor);
      const name = cursor.at;
      cursor.at += nameLength;
      const valueLength = readLength(page, cursor);
      into.add(page, name, nameLength, cursor.at, valueLength);
      cursor.at += valueLength;
    }
  }
};
function tooManyXattrBytes() {
  return unsupported(`it has extended attributes of more than ${MAX_XATTR_BYTES} bytes`);
}
function xattrListSize(list) {
  let size = lengthSize(list.length);
  for (const { name, value } of list) {
    size += lengthSize(name.length) + name.length + lengthSize(value.length) + value.length;
  }
  return size;
}
function isSame(left, right) {
  if (left.length !== right.length) return false;
  return right.every(({ name, value }, at) => left[at]?.value === value && left[at]?.name === name);
}
function lengthSize(length) {
  let size = 1;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) size += 1;
  return size;
}
function writeLength(length, page, at) {
  let rest = length;
  let next = at;
  for (; rest > 127; rest >>>= 7) page[next++] = rest & 127 | 128;
  page[next] = rest;
  return next + 1;
}
function readLength(page, cursor) {
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = page[cursor.at++];
    length += (byte & 127) * 2 ** shift;
    if (byte < 128) return length;
  }
}
function writeText(text, page, at) {
  const start = writeLength(text.length, page, at);
  page.write(text, start, text.length, "latin1");
  return start + text.length;
}

// src/convert/erofs/native/tree/xattr-refs.ts
var XattrRefs = class {
  /** Positions of the attributes, in their present order. */
  order = [];
  #pages = [];
  /** Start of the name, its length, start of the value, its length, for each attribute. */
  #places = [];
  get length() {
    return this.order.length;
  }
  add(page, name, nameLength, value, valueLength) {
    this.order.push(this.#pages.length);
    this.#pages.push(page);
    this.#places.push(name, nameLength, value, valueLength);
  }
  /** The bytes that hold both texts of an attribute. */
  page(position) {
    return this.#pages[position];
  }
  name(position) {
    return this.#places[4 * position];
  }
  nameLength(position) {
    return this.#places[4 * position + 1];
  }
  value(position) {
    return this.#places[4 * position + 2];
  }
  valueLength(position) {
    return this.#places[4 * position + 3];
  }
  /** Sorts by the bytes of name, NUL and value; equal ones keep their order. [lib/xattr.c, erofs_comp_xattritem] */
  sort() {
    if (this.order.length > 1) this.order.sort((left, right) => this.#compare(left, right));
  }
  /** Names have no NUL: a name that another one continues comes first, as with the NUL in between. */
  #compare(left, right) {
    const [page, other] = [this.page(left), this.page(right)];
    const [name, otherName] = [this.name(left), this.name(right)];
    const names = page.compare(
      other,
      otherName,
      otherName + this.nameLength(right),
      name,
      name + this.nameLength(left)
    );
    if (names !== 0) return names;
    const [value, otherValue] = [this.value(left), this.value(right)];
    return page.compare(
      other,
      otherValue,
      otherValue + this.valueLength(right),
      value,
      value + this.valueLength(left)
    );
  }
};

// src/convert/erofs/native/image/stored-xattrs.ts
var NONE = new XattrRefs();
var ORIGIN = Buffer.from("trusted.overlay.origin", "latin1");
function storedXattrs(tree, inode) {
  const whiteouts = tree.inodes.has(inode, FLAG.whiteouts);
  if (!whiteouts && !tree.hasXattrs(inode)) return NONE;
  const refs = tree.xattrsOf(inode);
  if (whiteouts) refs.add(ORIGIN, 0, ORIGIN.length, 0, 0);
  if (tree.rules.sortsXattrs) refs.sort();
  return refs;
}

// src/convert/erofs/native/image/layout.ts
var NO_BLOCK = 4294967295;
var FARTHEST_ROOT = 65535 * 32;
var CHUNK_48BIT = 64;
function layOut(tree, map) {
  tree.inodes.storePlacesIn(tree.dentries.takeTable());
  const placer = new Placer(tree, map);
  placer.place(ROOT);
  const rootOffset = map.addressOf(tree.inodes.node(ROOT)) * map.blockSize + tree.inodes.offset(ROOT);
  const beyond = rootOffset - FARTHEST_ROOT;
  const pending = [ROOT];
  for (let directory = pending.pop(); directory !== void 0; directory = pending.pop()) {
    for (const child of placer.fillDirectory(directory).reverse()) pending.push(child);
  }
  map.mapAll();
  return {
    inodeCount: placer.placed,
    metaBlock: beyond > 0 ? Math.ceil(beyond / map.blockSize) : 0,
    totalBlocks: map.tail,
    filters: placer.filters
  };
}
var Placer = class {
  #tree;
  #map;
  placed = 0;
  #xattrBytes = 0;
  filters = false;
  constructor(tree, map) {
    this.#tree = tree;
    this.#map = map;
  }
  /** Places the children without a place, then the directory's data; returns the new subdirectories. */
  fillDirectory(directory) {
    const { inodes, rules } = this.#tree;
    const entries = new DirectoryEntries(this.#tree, directory);
    const directories = [];
    for (let index = 0; index < entries.length; index++) {
      const inode = entries.inode(index);
      if (entries.isDots(index) || inodes.has(inode, FLAG.placed)) continue;
      if (!rules.earlyDots) inodes.setParent(inode, directory);
      this.place(inode);
      if ((inodes.mode(inode) & TYPE.mask) === TYPE.directory) directories.push(inode);
    }
    this.#directoryData(directory, entries);
    return directories;
  }
  place(inode) {
    const { inodes } = this.#tree;
    inodes.setFlag(inode, FLAG.placed);
    if (this.#isExtended(inode)) inodes.setFlag(inode, FLAG.extended);
    const type = inodes.mode(inode) & TYPE.mask;
    if (type === TYPE.directory) this.#measure(inode);
    const lost = this.#isLost(inode);
    if (lost) inodes.setFlag(inode, FLAG.lost);
    const body = chunkIndexSize(inodes, inode, inodeSize(inodes, inode) + this.#finishXattrs(inode));
    if (type === TYPE.directory) this.#attach(inode, body, inodes.size(inode) % this.#map.blockSize);
    else if (type === TYPE.link) this.#placeLink(inode, body);
    else if (!lost) this.#attach(inode, body, 0);
    if (inodes.has(inode, FLAG.dataRun)) this.#map.fileRuns -= 1;
  }
  #isExtended(inode) {
    const { inodes, rules } = this.#tree;
    return inodes.size(inode) > 4294967295 || inodes.uid(inode) > 65535 || inodes.gid(inode) > 65535 || inodes.nlink(inode) > 65535 || inodes.mtimeLow(inode) !== 0 || inodes.mtimeHigh(inode) !== 0 || rules.fractionExtends && inodes.nanoseconds(inode) !== 0;
  }
  /** Chunk formats and device numbers share a field: some devices with data appear to need 48 bits. */
  #isLost(inode) {
    const { inodes, rules } = this.#tree;
    return inodes.has(inode, FLAG.chunked) && (inodes.union(inode) & CHUNK_48BIT) !== 0 && !rules.earlyDots;
  }
  #measure(directory) {
    const { inodes } = this.#tree;
    sortDirectory(this.#tree, directory);
    const entries = new DirectoryEntries(this.#tree, directory);
    inodes.setSize(directory, directorySize(entries, this.#map.blockSize));
    let directories = 0;
    for (let index = 0; index < entries.length; index++) {
      if (entries.type(index) === FILE_TYPE.directory) directories += 1;
    }
    const tooMany = directories > 65535 && !inodes.has(directory, FLAG.extended);
    inodes.setNlink(directory, tooMany ? 1 : directories);
    inodes.setUnion(directory, NO_BLOCK);
  }
  #finishXattrs(inode) {
    const { inodes } = this.#tree;
    const list = storedXattrs(this.#tree, inode);
    if (list.length === 0) return 0;
    if (nameFilter(list) !== 0 && !inodes.has(inode, FLAG.lost)) this.filters = true;
    const size = xattrSize(list);
    this.#xattrBytes += size;
    if (this.#xattrBytes > MAX_XATTR_BYTES) throw tooManyXattrBytes();
    return size;
  }
  /**
   * Finds room for the inode with `rest` bytes of data behind it. If there is none, calls `onRefused` and
   * finds room for the inode alone.
   */
  #attach(inode, body, rest, onRefused) {
    const { inodes } = this.#tree;
    let place = rest > 0 ? this.#map.place(body, rest) : void 0;
    if (place !== void 0) inodes.setFlag(inode, FLAG.inlineTail);
    else if (rest > 0) onRefused?.();
    place ??= this.#map.place(body, 0);
    if (place === void 0) throw new Error("a node of its own has no room for an inode");
    this.placed += 1;
    inodes.setPlace(inode, place.node.index, place.offset, this.placed);
  }
  /** The whole blocks of a target come first; the rest follows the inode, or gets a block of its own. */
  #placeLink(inode, body) {
    const { inodes } = this.#tree;
    const map = this.#map;
    const size = inodes.size(inode);
    const full = Math.floor(size / map.blockSize);
    const rest = size % map.blockSize;
    inodes.setUnion(inode, full > 0 ? map.takeRun(full) : NO_BLOCK);
    map.linkRun = full > 0;
    this.#attach(inode, body, rest, () => {
      if (full > 0) map.takeRun(1);
    });
    map.linkRun = false;
    const outside = rest > 0 && !inodes.has(inode, FLAG.inlineTail);
    if (full === 0 && outside) inodes.setUnion(inode, map.takeRun(1));
  }
  /** Assigns blocks to the directory, then to the nodes of its entries. */
  #directoryData(directory, entries) {
    const { inodes, rules } = this.#tree;
    const map = this.#map;
    const size = inodes.size(directory);
    const full = Math.floor(size / map.blockSize);
    let run = full > 0 ? map.append(full * map.blockSize) : void 0;
    if (run !== void 0) inodes.setUnion(directory, map.map(run));
    for (let index = 0; index < entries.length; index++) {
      const inode = entries.inode(index);
      if (inodes.has(inode, FLAG.lost)) continue;
      if (rules.earlyDots && !inodes.has(inode, FLAG.placed)) {
        this.#tree.withoutParent.add(directory);
        continue;
      }
      map.addressOf(inodes.node(inode));
    }
    if (size % map.blockSize > 0 && !inodes.has(directory, FLAG.inlineTail)) {
      if (run === void 0) {
        run = map.append(map.blockSize);
        inodes.setUnion(directory, map.map(run));
      } else {
        map.extend(run);
      }
    }
    if (run !== void 0) map.removeLast(run);
  }
};

// src/convert/erofs/native/image/metadata-writer.ts
function offsetOf(tree, map, inode) {
  return map.addressOf(tree.inodes.node(inode)) * map.blockSize + tree.inodes.offset(inode);
}
function nidOf(tree, map, layout, inode) {
  const offset = offsetOf(tree, map, inode) - layout.metaBlock * map.blockSize;
  const units = Math.floor(offset / 32);
  const high = Math.floor(units / 2 ** 32);
  return { low: units - high * 2 ** 32, high: high >= 0 ? high : high + 2 ** 27 };
}
var NO_NID = { low: 4294967295, high: 4294967295 };
var ZERO_NID = { low: 0, high: 0 };
var GROUP = 1024;
var MetadataWriter = class {
  #tree;
  #map;
  #layout;
  /** The part, and where it begins and ends in the image. */
  #bytes = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** For each group of inodes, where the first of its bytes are in the image and where the last may end. */
  #from;
  #to;
  constructor(tree, map, layout) {
    this.#tree = tree;
    this.#map = map;
    this.#layout = layout;
    const groups = Math.ceil(tree.inodes.count / GROUP);
    this.#from = new Float64Array(groups).fill(Number.POSITIVE_INFINITY);
    this.#to = new Float64Array(groups);
    for (let inode = 0; inode < tree.inodes.count; inode++) if (this.#isStored(inode)) this.#note(inode);
  }
  #isStored(inode) {
    const { inodes } = this.#tree;
    return inodes.has(inode, FLAG.placed) && !inodes.has(inode, FLAG.lost);
  }
  #note(inode) {
    const group = Math.floor(inode / GROUP);
    const offset = offsetOf(this.#tree, this.#map, inode);
    this.#widen(group, offset, offset + this.#bodySize(inode));
    const size = this.#ownBlocks(inode);
    if (size === 0) return;
    const blocks = this.#tree.inodes.union(inode) * this.#map.blockSize;
    this.#widen(group, blocks, blocks + size);
  }
  #widen(group, from, to) {
    this.#from[group] = Math.min(this.#from[group], from);
    this.#to[group] = Math.max(this.#to[group], to);
  }
  /** Fills whole blocks of zeros. */
  write({ offset, bytes }) {
    this.#bytes = bytes;
    this.#start = offset;
    this.#end = offset + bytes.length;
    const { count: count2 } = this.#tree.inodes;
    for (let group = 0; group < this.#from.length; group++) {
      if (this.#from[group] >= this.#end || this.#to[group] <= this.#start) continue;
      const end = Math.min(count2, (group + 1) * GROUP);
      for (let inode = group * GROUP; inode < end; inode++) if (this.#isStored(inode)) this.#write(inode);
    }
  }
  #write(inode) {
    const { inodes } = this.#tree;
    const offset = offsetOf(this.#tree, this.#map, inode);
    if (offset < this.#end) {
      const bodySize = this.#bodySize(inode);
      if (offset + bodySize > this.#start) this.#writeBody(inode, offset, bodySize);
    }
    const size = this.#ownBlocks(inode);
    if (size === 0) return;
    const blocks = inodes.union(inode) * this.#map.blockSize;
    if (blocks >= this.#end || blocks + size <= this.#start) return;
    if ((inodes.mode(inode) & TYPE.mask) === TYPE.directory) this.#writeDirectory(inode, blocks);
    else this.#writeTarget(inode, size, blocks);
  }
  /** Bytes of a directory or link target in blocks of its own. */
  #ownBlocks(inode) {
    const { inodes } = this.#tree;
    const type = inodes.mode(inode) & TYPE.mask;
    if (type !== TYPE.link && type !== TYPE.directory) return 0;
    return inodes.size(inode) - this.#inlined(inode);
  }
  /** Bytes of data that follow the inode. */
  #inlined(inode) {
    const { inodes } = this.#tree;
    return inodes.has(inode, FLAG.inlineTail) ? inodes.size(inode) % this.#map.blockSize : 0;
  }
  /** Bytes of the inode with all that follows it. */
  #bodySize(inode) {
    const { inodes } = this.#tree;
    const attributes = xattrSize(storedXattrs(this.#tree, inode));
    return chunkIndexSize(inodes, inode, inodeSize(inodes, inode) + attributes) + this.#inlined(inode);
  }
  #writeBody(inode, offset, size) {
    if (offset >= this.#start && offset + size <= this.#end) {
      this.#writeInode(inode, this.#bytes, offset - this.#start);
      return;
    }
    const whole = Buffer.alloc(size);
    this.#writeInode(inode, whole, 0);
    const from = Math.max(0, this.#start - offset);
    whole.copy(this.#bytes, offset + from - this.#start, from, Math.min(size, this.#end - offset));
  }
  /** Writes the inode with all that follows it. */
  #writeInode(inode, target, at) {
    const { inodes, dentries } = this.#tree;
    const list = storedXattrs(this.#tree, inode);
    const attributes = xattrSize(list);
    const end = at + writeInode(inodes, inode, attributes, target, at);
    if (attributes > 0) writeXattrs(list, target, end);
    const tail = end + attributes;
    if (inodes.has(inode, FLAG.chunked)) {
      writeChunkIndex(inodes, inode, target, tail);
      return;
    }
    const inlined = this.#inlined(inode);
    if (inlined === 0) return;
    const before = inodes.size(inode) - inlined;
    const type = inodes.mode(inode) & TYPE.mask;
    if (type === TYPE.link) dentries.arena.copy(inodes.first(inode) + before, inlined, target, tail);
    else if (type === TYPE.directory) this.#writeLastBlock(inode, before, target, tail);
  }
  #writeTarget(inode, size, blocks) {
    const { inodes, dentries } = this.#tree;
    const from = Math.max(0, this.#start - blocks);
    const to = Math.min(size, this.#end - blocks);
    dentries.arena.copy(inodes.first(inode) + from, to - from, this.#bytes, blocks + from - this.#start);
  }
  /** Writes the blocks of a directory that lie in the part, except the one that follows its inode. */
  #writeDirectory(inode, blocks) {
    const { blockSize } = this.#map;
    const entries = new DirectoryEntries(this.#tree, inode);
    const full = Math.floor(this.#tree.inodes.size(inode) / blockSize);
    const nid = this.#nidIn(inode);
    const own = this.#inlined(inode) > 0 ? full : full + 1;
    for (let block = 0, done = 0; block < own && done < entries.length; block++) {
      const count2 = entriesInBlock(entries, done, blockSize);
      const at = blocks + block * blockSize - this.#start;
      if (at >= 0 && at < this.#bytes.length) writeDirectoryBlock(entries, done, count2, nid, this.#bytes, at);
      done += count2;
    }
  }
  /** Writes the entries of a directory behind those of the first `before` bytes. */
  #writeLastBlock(inode, before, target, at) {
    const { blockSize } = this.#map;
    const entries = new DirectoryEntries(this.#tree, inode);
    let done = 0;
    for (let block = 0; block < before; block += blockSize) done += entriesInBlock(entries, done, blockSize);
    writeDirectoryBlock(entries, done, entries.length - done, this.#nidIn(inode), target, at);
  }
  /** Up to 1.8.10, directories refer to their original parent, which may come later or not at all. */
  #nidIn(directory) {
    const tree = this.#tree;
    const missing = tree.withoutParent.has(directory) ? tree.inodes.parent(directory) : void 0;
    return (inode) => {
      if (inode === missing) return ZERO_NID;
      return tree.inodes.has(inode, FLAG.lost) ? NO_NID : nidOf(tree, this.#map, this.#layout, inode);
    };
  }
};

// src/convert/erofs/native/image/metadata.ts
var WINDOW = 4 * 1024 * 1024;
function writeMetadata(tree, map, layout, dataBlocks) {
  const { blockSize } = map;
  const size = layout.totalBlocks * blockSize;
  const headSize = dataBlocks === 0 ? Math.min(WINDOW, size) : blockSize;
  const writer = new MetadataWriter(tree, map, layout);
  const head = Buffer.alloc(headSize);
  writer.write({ offset: 0, bytes: head });
  return { head, rest: pieces2(writer, headSize + dataBlocks * blockSize, size), size };
}
function* pieces2(writer, start, end) {
  if (start >= end) return;
  const window = Buffer.allocUnsafeSlow(Math.min(WINDOW, end - start));
  for (let offset = start; offset < end; offset += window.length) {
    const bytes = window.subarray(0, Math.min(window.length, end - offset)).fill(0);
    writer.write({ offset, bytes });
    yield { offset, bytes };
  }
}

// src/lib/crc32c.ts
var POLYNOMIAL = 2197175160;
var START = 4294967295;
var TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? value >>> 1 ^ POLYNOMIAL : value >>> 1;
  return value;
});
function crc32c(bytes) {
  return (crc32cRegister(bytes) ^ 4294967295) >>> 0;
}
function crc32cRegister(bytes, register = START) {
  let crc = register;
  for (const byte of bytes) crc = crc >>> 8 ^ (TABLE[(crc ^ byte) & 255] ?? 0);
  return crc >>> 0;
}

// src/convert/erofs/native/image/superblock.ts
var OFFSET = 1024;
var SIZE = 128;
var MAGIC = 3774210530;
var COMPAT = { checksum: 1, mtime: 2, xattrFilter: 4 };
var INCOMPAT_DEVICES = 8;
var CHECKSUM = 4;
var RESERVED = { withoutDevices: OFFSET + SIZE, withTar: OFFSET + 2 * SIZE };
function writeSuperblock(head, facts) {
  const { layout, blockSize, tarSize } = facts;
  const at = (field) => OFFSET + field;
  head.writeUInt32LE(MAGIC, at(0));
  const compat = [
    COMPAT.mtime,
    facts.checksum ? COMPAT.checksum : 0,
    layout.filters ? COMPAT.xattrFilter : 0
  ];
  head.writeUInt32LE(
    compat.reduce((bits, bit) => bits | bit),
    at(8)
  );
  head.writeUInt8(Math.log2(blockSize), at(12));
  head.writeUInt16LE(facts.rootNid & 65535, at(14));
  head.writeUInt32LE(layout.inodeCount, at(16));
  head.writeUInt32LE(layout.totalBlocks, at(36));
  head.writeUInt32LE(layout.metaBlock, at(40));
  facts.uuid.copy(head, at(48));
  facts.volumeName?.copy(head, at(64));
  if (tarSize !== void 0) {
    head.writeUInt32LE(INCOMPAT_DEVICES, at(80));
    head.writeUInt16LE(1, at(86));
    head.writeUInt16LE((OFFSET + SIZE) / SIZE, at(88));
    const slot = OFFSET + SIZE;
    head.writeUInt32LE(Number((tarSize + BigInt(blockSize) - 1n) / BigInt(blockSize)), slot + 64);
    head.writeUInt32LE(layout.totalBlocks, slot + 68);
  }
  if (!facts.checksum) return;
  const end = blockSize > OFFSET ? blockSize : OFFSET + blockSize;
  head.writeUInt32LE(crc32cRegister(head.subarray(OFFSET, end)), at(CHECKSUM));
}

// src/convert/erofs/native/tree/tree.ts
var OPAQUE_XATTRS = [{ name: "trusted.overlay.opaque", value: "y" }];
var LayerTree = class {
  inodes = new InodeTable();
  dentries;
  /** Where the extended attributes of an inode are, in the order of addition; most inodes have none. */
  #xattrs = /* @__PURE__ */ new Map();
  #xattrArena;
  /** Bytes of the extended attributes of all entries so far. */
  #xattrBytes = 0;
  rules;
  /** Directories whose original parent has no place yet when their data is written (up to 1.8.10). */
  withoutParent = /* @__PURE__ */ new Set();
  implied = 0;
  walked = 0;
  last = NOWHERE;
  maxInodes;
  #data;
  /**
   * @param xattrs shared by the releases that are built side by side
   * @param maxInodes maximum number of files and directories
   * @param texts names and link targets, shared in the same way
   */
  constructor(rules, data, xattrs, maxInodes2, texts) {
    this.dentries = new Dentries(texts);
    this.maxInodes = maxInodes2;
    this.rules = rules;
    this.#data = data;
    this.#xattrArena = xattrs;
    const root = this.inodes.add();
    this.inodes.setMode(root, TYPE.directory | 511);
    this.inodes.setNlink(root, 2);
    this.inodes.setNames(root, 1);
    this.inodes.setFlag(root, FLAG.named);
  }
  /**
   * Adds an entry. Returns whether its data follows.
   * @throws VeritySignError 'image' for an entry that this release refuses
   */
  apply(entry) {
    const path = this.rules.oldPax ? entry.oldPath : entry.path;
    const { entry: name, whiteout, opaque } = walk(this, path);
    const directory = (entry.mode & TYPE.mask) === TYPE.directory;
    if (name === 0) {
      if (!directory)
        throw malformed("an entry for the root that is not a directory, or an opaque marker at the root");
      this.#fill(ROOT, entry, { whiteout: false, withData: false });
      return false;
    }
    if (opaque) {
      this.#addXattrs(this.dentries.inode(name), OPAQUE_XATTRS);
      return false;
    }
    if (entry.hardLink) {
      this.#link(name, this.rules.oldPax ? entry.oldTarget : entry.target);
      return false;
    }
    const withData = hasData(entry, path);
    this.#fill(this.#inodeFor(name, directory, typeOf(entry.mode)), entry, { whiteout, withData }, name);
    return withData;
  }
  /** The inode for a name: the existing one of a directory that is named again, else a new one. */
  #inodeFor(name, directory, type) {
    const { inodes, dentries } = this;
    let parent = dentries.inode(name);
    const was = dentries.type(name);
    if (was !== FILE_TYPE.unknown) {
      if (was === FILE_TYPE.directory && directory) return parent;
      const old = parent;
      parent = inodes.parent(old);
      this.#remove(old);
    }
    const inode = inodes.add();
    inodes.setParent(inode, parent);
    inodes.setNames(inode, 1);
    dentries.setInode(name, inode);
    dentries.setType(name, type);
    return inode;
  }
  #fill(inode, entry, { whiteout, withData }, name = 0) {
    const { inodes, dentries, rules } = this;
    if (whiteout) {
      this.last = NOWHERE;
      if (rules.earlyDots && /^\.\.?$/.test(dentries.name(name)))
        throw undefinedResult("a whiteout of . or ..");
      inodes.setMode(inode, inodes.mode(inode) & ~TYPE.mask | TYPE.char);
      dentries.setType(name, FILE_TYPE.char);
      inodes.setFlag(parentOf(inodes, inode), FLAG.whiteouts);
    } else {
      inodes.setMode(inode, entry.mode);
      const type = entry.mode & TYPE.mask;
      if (type === TYPE.char || type === TYPE.block) {
        const encode = rules.oldEntries ? oldDeviceNumber : deviceNumber;
        inodes.setUnion(inode, encode(entry.major, entry.minor));
      }
    }
    inodes.setOwner(inode, entry.uid, entry.gid);
    const time = rules.oldPax ? entry.oldMtime : entry.mtime;
    inodes.setMtime(inode, time.seconds, time.nanoseconds);
    inodes.setSize(inode, entry.size);
    this.#content(inode, entry, withData);
    const xattrs = this.#storedXattrs(rules.reversedBase64 ? entry.reversedXattrs : entry.xattrs);
    if (xattrs !== void 0) this.#addXattrs(inode, xattrs);
  }
  /** Undefined if there is none, as in most entries. */
  #storedXattrs(own) {
    let stored;
    for (const pax of own) {
      const xattr = nameAndValue(pax);
      if (xattr === void 0) continue;
      if (this.rules.knownPrefixesOnly && prefixLength(xattr.name) === 0) continue;
      stored ??= [];
      stored.push(xattr);
    }
    return stored;
  }
  #content(inode, entry, withData) {
    const { inodes, dentries, rules } = this;
    const type = inodes.mode(inode) & TYPE.mask;
    if (type === TYPE.directory) {
      if (inodes.nlink(inode) === 0) {
        inodes.setNlink(inode, 2);
        if (rules.earlyDots) parentOf(inodes, inode);
        if (rules.earlyDots && inodes.has(inode, FLAG.named)) inodes.addExtraDots(inode);
      }
      inodes.setFlag(inode, FLAG.named);
      return;
    }
    inodes.setNlink(inode, inodes.nlink(inode) + 1);
    if (type === TYPE.link) {
      const target = rules.oldPax ? entry.oldTarget : entry.target;
      inodes.setSize(inode, target.length);
      inodes.setFirst(inode, dentries.arena.add(target));
      return;
    }
    if (!withData) return;
    if (entry.size > Number.MAX_SAFE_INTEGER) throw malformed("the data of a file is cut");
    this.#data.place(inodes, inode, entry.size, entry.dataOffset);
  }
  /** The extended attributes of an inode, in the order of addition. */
  xattrsOf(inode) {
    const refs = new XattrRefs();
    const found5 = this.#xattrs.get(inode);
    if (typeof found5 === "number") this.#xattrArena.read(found5, refs);
    else for (const address of found5 ?? []) this.#xattrArena.read(address, refs);
    return refs;
  }
  hasXattrs(inode) {
    return this.#xattrs.has(inode);
  }
  #addXattrs(inode, list) {
    const address = this.#xattrArena.add(list);
    if (address === void 0) return;
    this.#xattrBytes += xattrListSize(list);
    if (this.#xattrBytes > MAX_XATTR_BYTES) throw tooManyXattrBytes();
    const found5 = this.#xattrs.get(inode);
    if (found5 === void 0) this.#xattrs.set(inode, address);
    else if (typeof found5 === "number") this.#xattrs.set(inode, [found5, address]);
    else found5.push(address);
  }
  #link(name, path) {
    const { inodes, dentries, rules } = this;
    if (rules.earlyDots && /^\.\.?$/.test(dentries.name(name)))
      throw undefinedResult("a hard link in place of . or ..");
    const replaced = dentries.type(name) === FILE_TYPE.unknown ? void 0 : dentries.inode(name);
    if (rules.linkRemovesFirst && replaced !== void 0) this.#remove(replaced);
    const { entry: target } = walk(this, path);
    if (target === 0) {
      if (rules.oldEntries) throw undefinedResult("a hard link to the root");
      throw malformed("a hard link to the root");
    }
    if (dentries.type(target) === FILE_TYPE.unknown) {
      throw malformed("a hard link whose target is missing or comes later");
    }
    if (target === name) {
      if (rules.linkRemovesFirst) throw undefinedResult("a hard link to itself");
      return;
    }
    const inode = dentries.inode(target);
    if (this.#isDirectory(inode)) throw malformed("a hard link to a directory");
    inodes.setNlink(inode, inodes.nlink(inode) + 1);
    inodes.setNames(inode, inodes.names(inode) + 1);
    if (replaced !== void 0 && !rules.linkRemovesFirst) this.#remove(replaced);
    if (inodes.has(dentries.directory(target), FLAG.freed)) {
      throw undefinedResult("a hard link replaces the directory that contains its target");
    }
    if (replaced !== void 0) this.last = NOWHERE;
    dentries.setInode(name, inode);
    dentries.setType(name, dentries.type(target));
  }
  /** Removes a name of an inode, and if it is a directory, the names of everything below it. */
  #remove(top) {
    const { inodes, dentries } = this;
    this.last = NOWHERE;
    const queue = [top];
    const strays = [top];
    for (let inode = queue.pop(); inode !== void 0; inode = queue.pop()) {
      inodes.setNlink(inode, inodes.nlink(inode) - 1);
      inodes.setNames(inode, inodes.names(inode) - 1);
      if (inodes.names(inode) === 0) inodes.setFlag(inode, FLAG.freed);
      if (!this.#isDirectory(inode)) continue;
      const parent = inodes.parent(inode);
      inodes.setNlink(parent, inodes.nlink(parent) - 1);
      for (let entry = inodes.first(inode); entry !== 0; entry = dentries.sibling(entry)) {
        const child = dentries.inode(entry);
        if (!/^\.\.?$/.test(dentries.name(entry))) queue.push(child);
        if (this.#isDirectory(child) && inodes.parent(child) !== inode) strays.push(child);
      }
    }
    for (const inode of strays) if (this.#isDirectory(inode)) parentOf(inodes, inode);
  }
  #isDirectory(inode) {
    return (this.inodes.mode(inode) & TYPE.mask) === TYPE.directory;
  }
};
function typeOf(mode) {
  switch (mode & TYPE.mask) {
    case TYPE.directory:
      return FILE_TYPE.directory;
    case TYPE.char:
      return FILE_TYPE.char;
    case TYPE.block:
      return FILE_TYPE.block;
    case TYPE.fifo:
      return FILE_TYPE.fifo;
    case TYPE.link:
      return FILE_TYPE.link;
    default:
      return FILE_TYPE.file;
  }
}

// src/convert/erofs/native/image/target.ts
var FULL_BLOCK = 4096;
var Target = class {
  tree;
  /** The error with which this release refuses the layer. */
  error;
  #map;
  #index;
  /**
   * @param index file data stays in the tar
   * @param shared by the releases that are built side by side
   * @param maxInodes maximum number of files and directories
   */
  constructor(release, index, { xattrs, texts }, maxInodes2) {
    this.#index = index;
    this.#map = new BlockMap(index ? TAR_INDEX_BLOCK : FULL_BLOCK);
    this.#map.map(this.#map.append(index ? RESERVED.withTar : RESERVED.withoutDevices));
    this.tree = new LayerTree(
      RULES[release],
      { place: index ? placeInTar : this.#placeInImage },
      xattrs,
      maxInodes2,
      texts
    );
  }
  /** Reserves blocks for file data. [erofs-utils, lib/tar.c, tarerofs_write_uncompressed_file] */
  #placeInImage = (inodes, inode, size) => {
    inodes.setUnion(inode, this.#map.takeRun(Math.ceil(size / FULL_BLOCK)));
    inodes.setFlag(inode, FLAG.dataRun);
    this.#map.fileRuns += 1;
  };
  /** The blocks that are not file data, made while they are iterated. The tree must not change afterwards. */
  finish(facts) {
    const map = this.#map;
    const dataBlocks = this.#index ? 0 : map.tail - 1;
    const layout = layOut(this.tree, map);
    const metadata = writeMetadata(this.tree, map, layout, dataBlocks);
    writeSuperblock(metadata.head, {
      layout,
      blockSize: map.blockSize,
      uuid: facts.uuid,
      volumeName: facts.volumeName,
      rootNid: nidOf(this.tree, map, layout, ROOT).low,
      checksum: !(this.#index && this.tree.rules.noIndexChecksum),
      tarSize: this.#index ? facts.tarSize : void 0
    });
    return metadata;
  }
};

// src/convert/erofs/native/native-builder.ts
var MAX_TAR = BigInt(TAR_INDEX_BLOCK) * 0xffffffffn;
function startNative(request) {
  checkOptions(request);
  return new PushedBuild(request);
}
function checkOptions({ profile, mkfsOptions, classes }) {
  if (classes.length === 0) throw new RangeError("no class to build");
  if (knowsOptions({ profile, mkfsOptions })) return;
  throw new VeritySignError(
    "usage",
    `mkfs-options ${mkfsOptions.join(" ")} are not supported by the native builder`,
    { remedy: `Use ${PROFILES[profile].defaultOptions.join(" ")}, or the builder mkfs` }
  );
}
var PushedBuild = class {
  #request;
  /** The image is a tar index: file data stays in the tar, which follows it. */
  #index;
  #targets = /* @__PURE__ */ new Map();
  /** The targets of releases that have not refused the tar. */
  #alive;
  #facts = new TarFactsCollector();
  #reader;
  /** The hash tree of the file data. */
  #tree;
  #leaves;
  #sinks;
  /** Bytes of data written, from the second block on. */
  #dataSize = 0;
  #tarSize = 0;
  #volumeName;
  #writes = [];
  constructor(request) {
    this.#request = request;
    this.#index = PROFILES[request.profile].appendsTar;
    const releases = new Set(request.classes.flatMap((of) => RELEASES[of]));
    const shared = { xattrs: new XattrArena(), texts: new BytesArena(releases.size > 1) };
    const files = maxInodes(request.blobSize ?? Number.POSITIVE_INFINITY, releases.size);
    for (const release of releases) {
      this.#targets.set(release, new Target(release, this.#index, shared, files));
    }
    this.#alive = [...this.#targets.values()];
    this.#tree = request.hashing.tree(this.#index ? TAR_INDEX_BLOCK : FULL_BLOCK);
    this.#leaves = request.hashing.leaves(TAR_INDEX_BLOCK);
    this.#sinks = Object.values(request.sinks ?? {});
    this.#reader = new TarReader(this.#handler());
  }
  async push(chunk) {
    this.#tarSize += chunk.length;
    if (this.#index) this.#leaves.update(chunk);
    this.#reader.push(chunk);
    await this.#written();
    if (this.#alive.length === 0)
      throw decisive([...this.#targets.values()].flatMap(({ error }) => error ?? []));
  }
  async end() {
    this.#reader.end();
    this.#leaves.end();
    await this.#written();
    const images = /* @__PURE__ */ new Map();
    for (const wanted of this.#request.classes) images.set(wanted, await this.#image(wanted));
    const all5 = [...images.values()];
    const [first] = all5;
    if (first instanceof VeritySignError && all5.every((image) => image instanceof VeritySignError))
      throw first;
    return { images, facts: this.#facts.result() };
  }
  /** The image of a class; all its releases must make the same one. */
  async #image(of) {
    const { position } = this.#reader;
    if (this.#index && position > MAX_TAR) return unsupported("its tar has 2 TiB or more by its headers");
    const sink = this.#request.sinks?.[of];
    const images = [];
    const errors = [];
    for (const release of RELEASES[of]) {
      const target = this.#targets.get(release);
      this.#targets.delete(release);
      try {
        if (target.error !== void 0) throw target.error;
        images.push(await this.#finish(target, images.length === 0 ? sink : void 0));
      } catch (error) {
        if (!(error instanceof VeritySignError)) throw error;
        errors.push({ release, error });
      }
    }
    const [image] = images;
    const refusal = decisive(errors.map(({ error }) => error));
    if (image === void 0 || refusal?.code === "environment") return refusal;
    const [refused] = errors;
    if (refused !== void 0) return unpackable(of, refused);
    return images.every(({ rootHash }) => rootHash === image.rootHash) ? image : differentImages(of);
  }
  async #finish(target, sink) {
    const { head, rest, size } = target.finish({
      uuid: Buffer.from(this.#request.uuid.replaceAll("-", ""), "hex"),
      volumeName: this.#volumeName,
      tarSize: this.#reader.position
    });
    const blockSize = this.#index ? TAR_INDEX_BLOCK : FULL_BLOCK;
    const tree = this.#tree.fork(sink !== void 0);
    tree.update(head.subarray(blockSize));
    for (const { offset, bytes } of rest) {
      tree.update(bytes);
      if (sink === void 0) continue;
      this.#write(sink, offset, bytes);
      await this.#written();
    }
    if (this.#index) tree.addLeaves(this.#leaves);
    const rootHash = tree.finish(head.subarray(0, blockSize));
    if (sink !== void 0) {
      this.#write(sink, 0, head);
      await this.#written();
      await sink.end(size);
    }
    const imageSize = size + (this.#index ? this.#tarSize : 0);
    return { rootHash, blockSize, imageSize, dataSize: Math.ceil(imageSize / blockSize) * blockSize };
  }
  close() {
    this.#leaves.close();
  }
  #refuse(target, error) {
    target.error = error;
    this.#alive = this.#alive.filter((other) => other !== target);
  }
  #handler() {
    return {
      alive: () => this.#alive.length > 0,
      reject: (error, applies) => {
        for (const target of this.#alive) if (applies(target.tree.rules)) this.#refuse(target, error);
      },
      entry: (entry) => this.#entry(entry),
      data: (bytes) => {
        if (!this.#index) this.#data(bytes);
      },
      dataEnd: () => {
        if (this.#index) return;
        this.#tree.pad();
        this.#dataSize = Math.ceil(this.#dataSize / FULL_BLOCK) * FULL_BLOCK;
      },
      volumeName: (name) => {
        this.#volumeName = Buffer.from(name);
      },
      dropped: this.#facts.dropped
    };
  }
  #entry(entry) {
    this.#facts.entry(entry);
    let consumes;
    for (const target of this.#alive) {
      try {
        const own = target.tree.apply(entry);
        consumes ??= own;
        if (own !== consumes)
          throw unsupported(
            `the classes disagree about the data of ${printable(entry.path)}; build them separately`
          );
      } catch (error) {
        if (!(error instanceof VeritySignError)) throw error;
        this.#refuse(target, error);
      }
    }
    return consumes ?? false;
  }
  #data(bytes) {
    this.#tree.update(bytes);
    for (const sink of this.#sinks) this.#write(sink, FULL_BLOCK + this.#dataSize, bytes);
    this.#dataSize += bytes.length;
  }
  #write(sink, offset, bytes) {
    const promise = sink.write(offset, bytes);
    if (promise !== void 0) this.#writes.push(promise);
  }
  async #written() {
    if (this.#writes.length > 0) await Promise.all(this.#writes.splice(0));
  }
};

// builtin:node:fs of worker
var found2;
var all2 = () => found2 ??= load("node:fs");
var one2 = (name) => all2()[name];
var closeSync = /* @__PURE__ */ one2("closeSync");
var ftruncateSync = /* @__PURE__ */ one2("ftruncateSync");
var openSync = /* @__PURE__ */ one2("openSync");
var readSync = /* @__PURE__ */ one2("readSync");
var rmSync = /* @__PURE__ */ one2("rmSync");
var writeSync = /* @__PURE__ */ one2("writeSync");

// builtin:node:path of worker
var found3;
var all3 = () => found3 ??= load("node:path");
var one3 = (name) => all3()[name];
var join = /* @__PURE__ */ one3("join");

// src/convert/verity-file/write-window.ts
var WINDOW2 = 1024 * 1024;
var WriteWindow = class {
  #handle;
  #bytes = Buffer.allocUnsafeSlow(WINDOW2);
  /** Where the window is in the file. */
  #start = 0;
  #filled = 0;
  /** @param handle of an empty file */
  constructor(handle) {
    this.#handle = handle;
  }
  write(offset, bytes) {
    const end = offset + bytes.length;
    const follows = offset >= this.#start + this.#filled && end <= this.#start + WINDOW2;
    if (!follows) {
      this.flush();
      this.#start = offset;
    }
    if (bytes.length > WINDOW2) {
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
    at += writeSync(handle, bytes, at, bytes.length - at, offset + at);
  }
}

// src/convert/verity-file/tar-spool.ts
var STEP = 1024 * 1024;
var TarSpool = class {
  #handle;
  #size = 0;
  /** @param folder private; the file has no name in it. The spool must be closed. */
  constructor(folder) {
    const path = join(folder, `tar-${randomUUID()}`);
    this.#handle = attempt(() => openSync(path, "wx+", 384));
    rmSync(path);
  }
  write(chunk) {
    attempt(() => writeAll(this.#handle, chunk, this.#size));
    this.#size += chunk.length;
  }
  /** Writes the tar to the end of an image of `imageSize` bytes. */
  copyTo(file, imageSize) {
    const buffer = Buffer.allocUnsafeSlow(STEP);
    for (let at = 0; at < this.#size; ) {
      const length = attempt(() => readSync(this.#handle, buffer, 0, STEP, at));
      if (length === 0) throw new TypeError("the kept tar is cut off");
      file.write(imageSize - this.#size + at, buffer.subarray(0, length));
      at += length;
    }
    file.end();
  }
  close() {
    closeSync(this.#handle);
  }
};
function attempt(work) {
  try {
    return work();
  } catch (cause) {
    const { code, message } = cause;
    throw new VeritySignError("environment", `the tar of a layer cannot be kept (${code ?? message})`, {
      remedy: "Check write permission and free space of temp-dir",
      cause
    });
  }
}

// src/convert/verity/digest-store.ts
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
      this.#handle ??= openSync(this.#path, "wx", 384);
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
    if (this.#handle !== void 0) closeSync(this.#handle);
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

// src/convert/verity/block-tree.ts
var BlockTree = class _BlockTree {
  #blockSize;
  #kept;
  #slicer;
  #levels;
  /** @param kept receives the digests of all blocks but the first, in order */
  constructor(blockSize, kept) {
    this.#blockSize = blockSize;
    this.#kept = kept;
    this.#levels = [this.#level()];
  }
  /** Adds the bytes that follow the first block, in order. */
  update(bytes) {
    this.#slicer ??= new Slicer(this.#blockSize, (leaves) => this.#leaves(leaves));
    this.#slicer.update(bytes);
  }
  /** Pads with zeros: the next bytes begin a block. */
  pad() {
    this.#slicer?.pad();
  }
  /** Adds digests of whole blocks, concatenated, in chunks of any number of digests. */
  addLeaves(leaves) {
    this.#slicer?.flush();
    for (const chunk of leaves) this.#leaves(chunk);
  }
  /**
   * Copies the tree, at the boundary of a block; both copies can be continued.
   * @param keeps the digests that the copy adds are kept like those of the original: of one copy at most
   */
  fork(keeps = false) {
    this.#slicer?.flush();
    const copy = new _BlockTree(this.#blockSize, keeps ? this.#kept : void 0);
    copy.#levels = this.#levels.map(({ first, block, end }) => ({
      first: first === void 0 ? void 0 : Buffer.from(first),
      block: Buffer.from(block),
      end
    }));
    return copy;
  }
  /** Adds the first block and returns the root hash, 64 hex digits. The tree cannot be used afterwards. */
  finish(firstBlock) {
    this.#slicer?.flush();
    const block = this.#saltedBlock();
    block.set(firstBlock, SALT.length);
    let missing = digestOf(block);
    for (const [height, level] of this.#levels.entries()) {
      const first = level.first ?? level.block;
      if (first === level.block) {
        if (level.end === SALT.length + DIGEST_SIZE) break;
        first.fill(0, level.end);
      } else if (level.end > SALT.length) {
        level.block.fill(0, level.end);
        this.#add(height + 1, digestOf(level.block));
      }
      first.set(missing, SALT.length);
      missing = digestOf(first);
    }
    return missing.toString("hex");
  }
  #leaves(leaves) {
    this.#kept?.add(leaves);
    this.#add(0, leaves);
  }
  #saltedBlock() {
    const block = Buffer.alloc(SALT.length + this.#blockSize);
    block.set(SALT);
    return block;
  }
  #level() {
    return { first: void 0, block: this.#saltedBlock(), end: SALT.length + DIGEST_SIZE };
  }
  #add(height, leaves) {
    let level = this.#levels[height];
    if (level === void 0) {
      level = this.#level();
      this.#levels.push(level);
    }
    for (let at = 0; at < leaves.length; ) {
      if (level.end === level.block.length) this.#next(height, level);
      const step = Math.min(level.block.length - level.end, leaves.length - at);
      level.block.set(leaves.subarray(at, at + step), level.end);
      at += step;
      level.end += step;
    }
  }
  /** Makes room in a full block. The first block is kept: its digest must wait. */
  #next(height, level) {
    level.end = SALT.length;
    if (level.first === void 0) {
      level.first = level.block;
      level.block = this.#saltedBlock();
    } else {
      this.#add(height + 1, digestOf(level.block));
    }
  }
};
function digestOf(block) {
  return hash(ALGORITHM, block, "buffer");
}

// src/convert/verity/image-reader.ts
var ImageReader = class {
  #parts = [];
  /** Opens the files. Only the given number of bytes of each belongs to the image. */
  constructor(files) {
    let start = 0;
    try {
      for (const { path, size } of files) {
        this.#parts.push({ fd: openSync(path, "r"), start, end: start + size });
        start += size;
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }
  /** Fills `target` from `position` of the image. Throws for an image that is shorter. */
  read(target, position) {
    for (const { fd, start, end } of this.#parts) {
      let from = Math.max(position, start);
      const to = Math.min(position + target.length, end);
      while (from < to) {
        const got = readSync(fd, target, from - position, to - from, from - start);
        if (got === 0) throw new Error("the file has become shorter");
        from += got;
      }
    }
  }
  close() {
    for (const { fd } of this.#parts) closeSync(fd);
    this.#parts.length = 0;
  }
};

// src/convert/verity/hash-job.ts
var SHARE = 1024 * 1024;
var NEXT = 0;
var STOP = 1;
var DIGEST_TAKEN = 2;
var DONE = 3;
function newHashJob(files, blockSize, imageDigest) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const blocks = Math.ceil(size / blockSize);
  return {
    files,
    size,
    blockSize,
    imageDigest,
    control: new SharedArrayBuffer(16),
    level: new SharedArrayBuffer(Math.ceil(blocks / fanOutOf(blockSize)) * DIGEST_SIZE)
  };
}
function stopHashJob({ control }) {
  Atomics.store(new Int32Array(control), STOP, 1);
}
function isComplete({ control, size }) {
  return Atomics.load(new Int32Array(control), DONE) === Math.ceil(size / SHARE);
}
var HashWork = class {
  result = {};
  #job;
  #control;
  #reader;
  #level;
  #digester;
  #leaves;
  /** Throws if a file cannot be opened. */
  constructor(job) {
    this.#job = job;
    this.#control = new Int32Array(job.control);
    this.#reader = new ImageReader(job.files);
    this.#level = Buffer.from(job.level);
    const blocks = Math.ceil(Math.min(SHARE, job.size) / job.blockSize);
    this.#digester = new BlockDigester(job.blockSize, blocks);
    this.#leaves = Buffer.alloc(blocks * DIGEST_SIZE);
  }
  /**
   * Computes the image's digest, which cannot be shared, if it is wanted and no other thread does. It blocks
   * the thread until it is done.
   */
  digestWhole() {
    if (!this.#job.imageDigest || Atomics.exchange(this.#control, DIGEST_TAKEN, 1) !== 0) return;
    const digesting = this.digestInSteps();
    while (!digesting.next().done) ;
  }
  /** The same in steps of one share each. */
  *digestInSteps() {
    const { size } = this.#job;
    const whole = createHash("sha256");
    const buffer = Buffer.alloc(Math.min(SHARE, size));
    for (let from = 0; from < size && Atomics.load(this.#control, STOP) === 0; from += buffer.length) {
      const chunk = buffer.subarray(0, Math.min(buffer.length, size - from));
      this.#reader.read(chunk, from);
      whole.update(chunk);
      yield;
    }
    this.result.imageSha256 = whole.digest("hex");
  }
  /**
   * Hashes the next free share. Returns false if there is none or the job is stopped; throws if a file cannot
   * be read.
   */
  takeShare() {
    const { size, blockSize } = this.#job;
    const share = Atomics.add(this.#control, NEXT, 1);
    const from = share * SHARE;
    if (from >= size || Atomics.load(this.#control, STOP) !== 0) return false;
    const length = Math.min(SHARE, size - from);
    this.#reader.read(this.#digester.data.subarray(0, length), from);
    const leaves = this.#leaves.subarray(0, this.#digester.digest(length, this.#leaves, 0));
    const above = size <= blockSize ? leaves : levelAbove(leaves, blockSize);
    this.#level.set(above, from / blockSize / fanOutOf(blockSize) * DIGEST_SIZE);
    Atomics.add(this.#control, DONE, 1);
    return true;
  }
  close() {
    this.#reader.close();
  }
};

// src/convert/verity/hash-request.ts
function runHashRequest({ hash: hash2 }) {
  return { hashed: takePart(hash2) };
}
function takePart(hash2) {
  try {
    const work = new HashWork(hash2);
    try {
      work.digestWhole();
      while (work.takeShare()) ;
      return work.result;
    } finally {
      work.close();
    }
  } catch (error) {
    return hashFailure(error);
  }
}
function hashFailure(error) {
  return { error: error instanceof Error ? error.message : String(error) };
}
function requestHash(worker, hash2) {
  return new Promise((resolve, reject) => {
    const onMessage = (message) => {
      if (message.hashed === void 0) return;
      leave();
      resolve(message.hashed);
    };
    const onExit = (code) => {
      leave();
      reject(new Error(`the hashing thread exited with status ${code}`));
    };
    const onError = (error) => {
      leave();
      reject(error);
    };
    const leave = () => void worker.off("message", onMessage).off("exit", onExit).off("error", onError);
    worker.on("message", onMessage).on("exit", onExit).on("error", onError);
    worker.postMessage({ hash: hash2 });
  });
}

// src/convert/verity/leaf-digests.ts
var IN_MEMORY2 = 64 * 1024 * 1024;
var LeafDigests = class {
  #slicer;
  #blockSize;
  #digests;
  /**
   * @param folder private folder for the file
   * @param inMemory bytes of digests to keep in memory, a multiple of 1 MiB
   */
  constructor(blockSize, folder, inMemory = IN_MEMORY2) {
    this.#blockSize = blockSize;
    this.#digests = new DigestStore(folder, inMemory);
  }
  update(bytes) {
    this.#slicer ??= new Slicer(this.#blockSize, (digests) => this.#digests.add(digests));
    this.#slicer.update(bytes);
  }
  end() {
    this.#slicer?.flush();
  }
  /** All digests in order, in chunks, each valid until the next one; can be iterated more than once. */
  [Symbol.iterator]() {
    return this.#digests[Symbol.iterator]();
  }
  /** Removes the file, if there is one. */
  close() {
    this.#digests.close();
  }
};

// src/convert/worker/native-consumer.ts
var NativeConsumer = class {
  reportsTarFacts = true;
  #builds;
  constructor(work) {
    this.#builds = work.plans.map((plan) => startPlan(plan, work));
  }
  async consume(chunk) {
    for (const { build, spool } of this.#builds) {
      spool?.write(chunk);
      for await (const piece of pieces(chunk)) await build.push(piece);
    }
    releaseOwned(chunk);
  }
  async end() {
    const roots = [];
    let facts = {};
    for (const { plan, build, file, spool } of this.#builds) {
      const result = await build.end();
      roots.push(plan.classes.map((of) => rootOf(result, of)));
      if (plan.file !== void 0 && file !== void 0) {
        const root = rootOf(result, plan.file.class);
        spool?.copyTo(file, root.imageSize);
        file.finish(root);
      }
      facts = result.facts;
    }
    await this.stop();
    return { ...facts, roots };
  }
  async stop() {
    for (const planned of this.#builds) {
      planned.build.close();
      planned.file?.close();
      planned.spool?.close();
      planned.spool = void 0;
    }
  }
};
function startPlan(plan, { folder, blobSize }) {
  const { file: wanted, uuid, profile } = plan;
  const file = wanted && new VerityFile(wanted.path, uuid, PROFILES[profile].blockSize, folder);
  const spool = file !== void 0 && PROFILES[profile].appendsTar ? new TarSpool(folder) : void 0;
  const hashing = {
    tree: (blockSize) => new BlockTree(blockSize, file?.leaves),
    leaves: (blockSize) => new LeafDigests(blockSize, folder)
  };
  const sinks = wanted === void 0 || file === void 0 ? {} : { [wanted.class]: file };
  return { plan, file, spool, build: startNative({ ...plan, hashing, blobSize, sinks }) };
}
function rootOf({ images }, of) {
  const image = images.get(of);
  if (image === void 0) throw new TypeError(`class ${of} was not built`);
  if (!(image instanceof VeritySignError)) return image;
  const others = [...images.values()].some((other) => !(other instanceof VeritySignError));
  throw others ? onlyOtherClasses(of, image) : image;
}

// builtin:node:stream of worker
var found4;
var all4 = () => found4 ??= load("node:stream");
var one4 = (name) => all4()[name];
var Readable = /* @__PURE__ */ one4("Readable");

// src/convert/worker/worker-side.ts
var AHEAD = 2;
var WorkerSide = class {
  #answer;
  #consumerFor;
  /** The blob of the layer that is being processed. */
  #blob;
  #stop = new AbortController();
  constructor(answer, consumerFor) {
    this.#answer = answer;
    this.#consumerFor = consumerFor;
  }
  receive(message) {
    if ("start" in message) this.#begin(message);
    else if ("stop" in message) this.#stop.abort();
    else if ("chunk" in message) this.#push(message.chunk);
    else if (message.end === "well") this.#blob?.push(null);
    else this.#blob?.destroy(new SourceBroke());
  }
  #push(chunk) {
    markOwned(chunk);
    this.#blob?.push(chunk);
  }
  #begin({ start }) {
    let requested = 0;
    const blob = new Readable({
      highWaterMark: 1,
      // Each chunk that is read makes room for one more.
      read: () => {
        for (; requested < AHEAD; requested++) this.#answer({ want: true });
        requested -= 1;
      }
    });
    this.#blob = blob;
    this.#stop = new AbortController();
    const { facts, idle } = processInPlace(
      blob,
      start,
      this.#stop.signal,
      void 0,
      this.#consumerFor(start),
      readCheckedLayer
    );
    const answered = facts.then(
      (processed) => this.#answer({ facts: processed }),
      (error) => this.#answer({ failure: toFailure(error) })
    );
    void Promise.all([answered, idle]).then(() => {
      this.#blob = void 0;
      this.#answer({ idle: true });
    });
  }
};

export {
  crc32c,
  Slicer,
  VerityFile,
  BlockTree,
  ImageReader,
  SHARE,
  newHashJob,
  stopHashJob,
  isComplete,
  HashWork,
  runHashRequest,
  hashFailure,
  requestHash,
  NativeConsumer,
  WorkerSide
};
