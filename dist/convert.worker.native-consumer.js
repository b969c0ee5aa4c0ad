import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  crc32cRegister
} from "./shared.lib.crc32c.js";
import {
  BlockTree
} from "./shared.convert.verity.block-tree.js";
import {
  DigestStore,
  Slicer,
  VerityFile,
  writeAll
} from "./shared.convert.verity-file.verity-file.js";
import {
  PROFILES,
  knowsOptions
} from "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.convert.verity.hash-tree.js";
import {
  OPAQUE,
  TYPE,
  TarFactsCollector,
  TarReader,
  WHITEOUT,
  deviceNumber,
  hasData,
  malformed,
  nameAndValue,
  nameFilter,
  notForErofs,
  oldDeviceNumber,
  prefixLength,
  printable,
  undefinedResult,
  unsupported,
  writeXattrs,
  xattrCount,
  xattrSize
} from "./shared.convert.tar.facts.js";
import {
  releaseOwned
} from "./shared.convert.blob.buffer-ownership.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

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

// src/convert/erofs/native/tree/records.ts
var PAGE_BITS = 12;
var IN_PAGE = (1 << PAGE_BITS) - 1;
var Records = class {
  #stride;
  #pages = [];
  #count = 0;
  constructor(stride) {
    this.#stride = stride;
  }
  get count() {
    return this.#count;
  }
  /** Adds a record of zeros and returns its number. */
  add() {
    if (this.#count >>> PAGE_BITS === this.#pages.length) {
      this.#pages.push(new DataView(new ArrayBuffer(this.#stride << PAGE_BITS)));
    }
    this.#count += 1;
    return this.#count - 1;
  }
  /** The page that has the record, which begins there at `offset`. */
  page(record) {
    return this.#pages[record >>> PAGE_BITS];
  }
  offset(record) {
    return (record & IN_PAGE) * this.#stride;
  }
};

// src/convert/erofs/native/tree/inode-table.ts
var STRIDE = 64;
var AT = {
  parent: 0,
  uid: 4,
  gid: 8,
  nlink: 12,
  names: 16,
  mtimeLow: 20,
  mtimeHigh: 24,
  nanoseconds: 28,
  size: 32,
  union: 40,
  first: 44,
  mode: 48,
  flags: 50,
  node: 52,
  offset: 56,
  serial: 60
};
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
var DOTS_SHIFT = 9;
var InodeTable = class {
  #records = new Records(STRIDE);
  get count() {
    return this.#records.count;
  }
  add() {
    return this.#records.add();
  }
  #u32(inode, at) {
    return this.#records.page(inode).getUint32(this.#records.offset(inode) + at, true);
  }
  #setU32(inode, at, value) {
    this.#records.page(inode).setUint32(this.#records.offset(inode) + at, value, true);
  }
  /** The directory in which it was created; finally the one with whose entries it was placed. */
  parent(inode) {
    return this.#u32(inode, AT.parent);
  }
  setParent(inode, parent) {
    this.#setU32(inode, AT.parent, parent);
  }
  uid(inode) {
    return this.#u32(inode, AT.uid);
  }
  gid(inode) {
    return this.#u32(inode, AT.gid);
  }
  setOwner(inode, uid, gid) {
    this.#setU32(inode, AT.uid, uid);
    this.#setU32(inode, AT.gid, gid);
  }
  /** The counter of mkfs.erofs, which for directories differs from the number of links. */
  nlink(inode) {
    return this.#u32(inode, AT.nlink);
  }
  setNlink(inode, nlink) {
    this.#setU32(inode, AT.nlink, nlink);
  }
  /** Number of its names. */
  names(inode) {
    return this.#u32(inode, AT.names);
  }
  setNames(inode, names) {
    this.#setU32(inode, AT.names, names);
  }
  mtimeLow(inode) {
    return this.#u32(inode, AT.mtimeLow);
  }
  mtimeHigh(inode) {
    return this.#u32(inode, AT.mtimeHigh);
  }
  nanoseconds(inode) {
    return this.#u32(inode, AT.nanoseconds);
  }
  setMtime(inode, seconds, nanoseconds) {
    this.#records.page(inode).setBigInt64(this.#records.offset(inode) + AT.mtimeLow, seconds, true);
    this.#setU32(inode, AT.nanoseconds, nanoseconds);
  }
  copyMtime(inode, from) {
    this.#setU32(inode, AT.mtimeLow, this.mtimeLow(from));
    this.#setU32(inode, AT.mtimeHigh, this.mtimeHigh(from));
    this.#setU32(inode, AT.nanoseconds, this.nanoseconds(from));
  }
  size(inode) {
    return this.#records.page(inode).getFloat64(this.#records.offset(inode) + AT.size, true);
  }
  setSize(inode, size) {
    this.#records.page(inode).setFloat64(this.#records.offset(inode) + AT.size, size, true);
  }
  /** The field `i_u` of the format: device number, first block or chunk format. */
  union(inode) {
    return this.#u32(inode, AT.union);
  }
  setUnion(inode, value) {
    this.#setU32(inode, AT.union, value);
  }
  /** Directory: its entries (see Dentries). Symbolic link: its target. Chunked: first block in the tar. */
  first(inode) {
    return this.#u32(inode, AT.first);
  }
  setFirst(inode, first) {
    this.#setU32(inode, AT.first, first);
  }
  mode(inode) {
    return this.#records.page(inode).getUint16(this.#records.offset(inode) + AT.mode, true);
  }
  setMode(inode, mode) {
    this.#records.page(inode).setUint16(this.#records.offset(inode) + AT.mode, mode, true);
  }
  has(inode, flag) {
    return (this.#records.page(inode).getUint16(this.#records.offset(inode) + AT.flags, true) & flag) !== 0;
  }
  setFlag(inode, flag) {
    const at = this.#records.offset(inode) + AT.flags;
    const page = this.#records.page(inode);
    page.setUint16(at, page.getUint16(at, true) | flag, true);
  }
  extraDots(inode) {
    return this.#records.page(inode).getUint16(this.#records.offset(inode) + AT.flags, true) >> DOTS_SHIFT;
  }
  addExtraDots(inode) {
    const at = this.#records.offset(inode) + AT.flags;
    const page = this.#records.page(inode);
    page.setUint16(at, page.getUint16(at, true) + (1 << DOTS_SHIFT), true);
  }
  /** Where its body begins: a node of the block map and bytes in it. */
  node(inode) {
    return this.#u32(inode, AT.node);
  }
  offset(inode) {
    return this.#u32(inode, AT.offset);
  }
  setPlace(inode, node, offset, serial) {
    this.#setU32(inode, AT.node, node);
    this.#setU32(inode, AT.offset, offset);
    this.#setU32(inode, AT.serial, serial);
  }
  serial(inode) {
    return this.#u32(inode, AT.serial);
  }
};

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
    target.writeUInt16LE(TAR_DEVICE, record + 2);
    target.writeUInt32LE(inodes.first(inode) + chunk * step, record + 4);
  }
}

// src/convert/erofs/native/tree/dentries.ts
import { randomFillSync } from "node:crypto";

// src/convert/erofs/native/tree/limits.ts
var MAX_NAME_BYTES = 48 * 1024 * 1024;
var MAX_WALKED_NAMES = 64e6;
var BASE_INODES = 15e4;
var BYTES_PER_INODE = 40;
function maxInodes(blobSize) {
  return BASE_INODES + Math.floor(blobSize / BYTES_PER_INODE);
}

// src/convert/erofs/native/tree/bytes-arena.ts
var LARGE = 4 * 1024 * 1024;
var BytesArena = class {
  #buffer = Buffer.allocUnsafeSlow(4096);
  #length = 0;
  /**
   * Returns the start of the text.
   * @throws VeritySignError 'environment' above {@link MAX_NAME_BYTES}
   */
  add(text) {
    const start = this.#length;
    const end = start + text.length;
    if (end > MAX_NAME_BYTES)
      throw unsupported(`it has names and link targets of more than ${MAX_NAME_BYTES} bytes`);
    if (end > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.ceil(end * (end > LARGE ? 1.25 : 2)));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    this.#buffer.write(text, start, text.length, "latin1");
    this.#length = end;
    return start;
  }
  text(start, length) {
    return this.#buffer.toString("latin1", start, start + length);
  }
  equals(start, text) {
    const buffer = this.#buffer;
    for (let at = 0; at < text.length; at++) if (buffer[start + at] !== text.charCodeAt(at)) return false;
    return true;
  }
  /** Compares two texts by their bytes: negative, 0 or positive, as a sort wants it. */
  compare(left, leftLength, right, rightLength) {
    const buffer = this.#buffer;
    const common = Math.min(leftLength, rightLength);
    for (let at = 0; at < common; at++) {
      const difference = buffer[left + at] - buffer[right + at];
      if (difference !== 0) return difference;
    }
    return leftLength - rightLength;
  }
  copy(start, length, target, at) {
    this.#buffer.copy(target, at, start, start + length);
  }
};

// src/convert/erofs/native/tree/dentries.ts
var STRIDE2 = 28;
var AT2 = {
  name: 0,
  length: 4,
  type: 5,
  directory: 8,
  inode: 12,
  sibling: 16,
  hash: 20,
  chain: 24
};
var FILE_TYPE = { unknown: 0, file: 1, directory: 2, char: 3, block: 4, fifo: 5, link: 7 };
var Dentries = class {
  arena = new BytesArena();
  #records = new Records(STRIDE2);
  #buckets = new Uint32Array(64);
  constructor() {
    this.#records.add();
  }
  #get(entry, at) {
    return this.#records.page(entry).getUint32(this.#records.offset(entry) + at, true);
  }
  #set(entry, at, value) {
    this.#records.page(entry).setUint32(this.#records.offset(entry) + at, value, true);
  }
  /** The entry `name` of a directory, or 0. */
  find(directory, name) {
    const hash = hashOf(directory, name);
    let entry = this.#buckets[hash & this.#buckets.length - 1];
    while (entry !== 0) {
      if (this.#get(entry, AT2.hash) === hash && this.#get(entry, AT2.directory) === directory && this.nameLength(entry) === name.length && this.arena.equals(this.#get(entry, AT2.name), name)) {
        return entry;
      }
      entry = this.#get(entry, AT2.chain);
    }
    return 0;
  }
  /** Adds an entry without a type; `sibling` is the directory's first entry so far. */
  add(directory, name, inode, sibling) {
    const entry = this.#records.add();
    if (entry > this.#buckets.length) this.#grow();
    const hash = hashOf(directory, name);
    this.#set(entry, AT2.name, this.arena.add(name));
    this.#records.page(entry).setUint8(this.#records.offset(entry) + AT2.length, name.length);
    this.#set(entry, AT2.directory, directory);
    this.#set(entry, AT2.inode, inode);
    this.#set(entry, AT2.sibling, sibling);
    this.#set(entry, AT2.hash, hash);
    this.#link(entry, hash);
    return entry;
  }
  #link(entry, hash) {
    const bucket = hash & this.#buckets.length - 1;
    this.#set(entry, AT2.chain, this.#buckets[bucket]);
    this.#buckets[bucket] = entry;
  }
  #grow() {
    this.#buckets = new Uint32Array(this.#buckets.length * 2);
    for (let entry = 1; entry < this.#records.count - 1; entry++)
      this.#link(entry, this.#get(entry, AT2.hash));
  }
  name(entry) {
    return this.arena.text(this.#get(entry, AT2.name), this.nameLength(entry));
  }
  /** Compares the names of two entries by their bytes. */
  compare(left, right) {
    const [leftName, rightName] = [this.#get(left, AT2.name), this.#get(right, AT2.name)];
    return this.arena.compare(leftName, this.nameLength(left), rightName, this.nameLength(right));
  }
  /** Compares the name of an entry with a text by their bytes. */
  compareWith(entry, text) {
    const name = this.name(entry);
    return name < text ? -1 : name > text ? 1 : 0;
  }
  nameLength(entry) {
    return this.#records.page(entry).getUint8(this.#records.offset(entry) + AT2.length);
  }
  type(entry) {
    return this.#records.page(entry).getUint8(this.#records.offset(entry) + AT2.type);
  }
  setType(entry, type) {
    this.#records.page(entry).setUint8(this.#records.offset(entry) + AT2.type, type);
  }
  directory(entry) {
    return this.#get(entry, AT2.directory);
  }
  inode(entry) {
    return this.#get(entry, AT2.inode);
  }
  setInode(entry, inode) {
    this.#set(entry, AT2.inode, inode);
  }
  /** The directory's next entry, in no particular order, or 0. */
  sibling(entry) {
    return this.#get(entry, AT2.sibling);
  }
};
var KEYS = 4 + 1 + 255;
var FACTORS = new Int32Array(new Uint32Array(randomFillSync(new Uint8Array(KEYS * 4)).buffer));
var [FIRST = 0, SECOND = 0, THIRD = 0, FOURTH = 0, LENGTH = 0] = FACTORS;
function hashOf(directory, name) {
  let hash = Math.imul(LENGTH, name.length);
  hash += Math.imul(FIRST, directory & 255) + Math.imul(SECOND, directory >>> 8 & 255);
  hash += Math.imul(THIRD, directory >>> 16 & 255) + Math.imul(FOURTH, directory >>> 24);
  for (let at = 0; at < name.length; at++)
    hash = hash + Math.imul(FACTORS[at + 5], name.charCodeAt(at)) | 0;
  return hash >>> 7;
}

// src/convert/erofs/native/tree/path-walk.ts
var ROOT = 0;
var LONGEST_NAME = 255;
var MAX_IMPLIED = 25e4;
function walk(tree, path) {
  const { inodes, dentries } = tree;
  const walked = { entry: 0, whiteout: false, opaque: false };
  let here = ROOT;
  for (let at = 0; at < path.length; ) {
    const slash = path.indexOf("/", at);
    const last = slash === -1;
    let name = path.slice(at, last ? path.length : slash);
    at = last ? path.length : slash + 1;
    tree.walked += 1;
    if (tree.walked > MAX_WALKED_NAMES)
      throw unsupported(`the paths of its entries have more than ${MAX_WALKED_NAMES} names`);
    if (name === "" || name === ".") continue;
    if (name === "..") {
      here = parentOf(inodes, here);
      continue;
    }
    if (last && name === OPAQUE) {
      walked.opaque = true;
      break;
    }
    if (last && name.startsWith(WHITEOUT)) {
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
var PAGE = 1024 * 1024;
var MAX_XATTR_BYTES = 24 * 1024 * 1024;
var XattrArena = class {
  #pages = [];
  #used = PAGE;
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
    if (this.#used + size > PAGE) {
      this.#pages.push(Buffer.allocUnsafeSlow(Math.max(PAGE, size)));
      this.#used = 0;
    }
    const page = this.#pages.at(-1);
    const address = (this.#pages.length - 1) * PAGE + this.#used;
    let at = writeLength(list.length, page, this.#used);
    for (const { name, value } of list) at = writeText(value, page, writeText(name, page, at));
    this.#used = at;
    this.#total += size;
    this.#last = { list, address };
    return address;
  }
  /** Adds the attributes of the list at an address to `into`. */
  read(address, into) {
    const page = this.#pages[Math.floor(address / PAGE)];
    const cursor = { at: address % PAGE };
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

// src/convert/erofs/native/tree/tree.ts
var OPAQUE_XATTRS = [{ name: "trusted.overlay.opaque", value: "y" }];
var LayerTree = class {
  inodes = new InodeTable();
  dentries = new Dentries();
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
  maxInodes;
  #data;
  /**
   * @param xattrs shared by the releases that are built side by side
   * @param maxInodes maximum number of files and directories
   */
  constructor(rules, data, xattrs, maxInodes2) {
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
    const own = rules.reversedBase64 ? entry.reversedXattrs : entry.xattrs;
    const xattrs = [...own].flatMap((pax) => nameAndValue(pax) ?? []);
    this.#addXattrs(
      inode,
      rules.knownPrefixesOnly ? xattrs.filter(({ name: name2 }) => prefixLength(name2) > 0) : xattrs
    );
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
    const found = this.#xattrs.get(inode);
    if (typeof found === "number") this.#xattrArena.read(found, refs);
    else for (const address of found ?? []) this.#xattrArena.read(address, refs);
    return refs;
  }
  #addXattrs(inode, list) {
    const address = this.#xattrArena.add(list);
    if (address === void 0) return;
    this.#xattrBytes += xattrListSize(list);
    if (this.#xattrBytes > MAX_XATTR_BYTES) throw tooManyXattrBytes();
    const found = this.#xattrs.get(inode);
    if (found === void 0) this.#xattrs.set(inode, address);
    else if (typeof found === "number") this.#xattrs.set(inode, [found, address]);
    else found.push(address);
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
    dentries.setInode(name, inode);
    dentries.setType(name, dentries.type(target));
  }
  /** Removes a name of an inode, and if it is a directory, the names of everything below it. */
  #remove(top) {
    const { inodes, dentries } = this;
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
    const best = { node: void 0, used: 0 };
    if (total < blockSize) {
      this.#search("mapped", limit, 1, size, inline, best);
      const last = this.#nodes[this.#mapped - 1];
      if (last !== void 0 && this.#isLast(last)) this.#consider(last, size, inline, best);
    }
    for (const [high, low] of unmappedKeys(total, limit, blockSize)) {
      if (this.#search("unmapped", high, low, size, inline, best)) break;
    }
    return best.node;
  }
  /** Tries one node of each queue from `high` down to `low`; true once one fits. */
  #search(of, high, low, size, inline, best) {
    const queues = this.#queues[of];
    for (let key = queues.nextKey(high); key >= low; key = queues.nextKey(key - 1)) {
      let node = queues.first(key);
      if (of === "mapped" && node !== void 0 && this.#isLast(node)) node = node.next;
      if (node !== void 0 && this.#consider(node, size, inline, best)) return true;
    }
    return false;
  }
  #consider(node, size, inline, best) {
    const used = this.#fits(node, size, inline);
    if (used === void 0) return false;
    if (used > best.used) {
      best.used = used;
      best.node = node;
    }
    return true;
  }
};
var aligned = (fill) => Math.ceil(fill / ALIGNMENT) * ALIGNMENT;
function unmappedKeys(total, limit, blockSize) {
  if (total < blockSize) {
    return [
      [limit, 0],
      [blockSize - 1, limit + ALIGNMENT]
    ];
  }
  if (limit < blockSize) return [[limit, 1]];
  return [
    [0, 0],
    [blockSize - 1, 1]
  ];
}
var QueueSet = class {
  /** The queues that were used so far. */
  #queues = /* @__PURE__ */ new Map();
  #bits;
  constructor(blockSize) {
    this.#bits = new Uint32Array(blockSize / 32);
  }
  first(key) {
    return this.#queues.get(key)?.first;
  }
  add(node, key) {
    let queue = this.#queues.get(key);
    if (queue === void 0) {
      queue = { first: void 0, last: void 0 };
      this.#queues.set(key, queue);
    }
    node.previous = queue.last;
    node.next = void 0;
    if (queue.last === void 0) queue.first = node;
    else queue.last.next = node;
    queue.last = node;
    this.#bits[key >>> 5] = this.#bits[key >>> 5] | 1 << (key & 31);
  }
  remove(node, key) {
    const queue = this.#queues.get(key);
    if (node.previous === void 0) queue.first = node.next;
    else node.previous.next = node.next;
    if (node.next === void 0) queue.last = node.previous;
    else node.next.previous = node.previous;
    if (queue.first === void 0) {
      this.#bits[key >>> 5] = this.#bits[key >>> 5] & ~(1 << (key & 31));
    }
  }
  /** The largest key up to `from` whose queue is not empty, or -1. */
  nextKey(from) {
    if (from < 0) return -1;
    let word = Math.min(from >>> 5, this.#bits.length - 1);
    const top = from >>> 5 === word ? from & 31 : 31;
    let bits = this.#bits[word] & 4294967295 >>> 31 - top;
    while (bits === 0) {
      word -= 1;
      if (word < 0) return -1;
      bits = this.#bits[word];
    }
    return word * 32 + 31 - Math.clz32(bits);
  }
};

// src/convert/erofs/native/tree/directory.ts
var DIRENT = 12;
var DOT = 4294967295;
var DOT_DOT = 4294967294;
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
    this.#sorted = withDots(dentries, Uint32Array.from(named), pairs);
    this.length = this.#sorted.length;
  }
  /** latin1 */
  name(index) {
    const entry = this.#sorted[index];
    if (entry >= DOT_DOT) return entry === DOT ? "." : "..";
    return this.#dentries.name(entry);
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
  entries.sort((left, right) => dentries.compare(left, right));
  const all = new Uint32Array(entries.length + 2 * pairs);
  let read = 0;
  let written = 0;
  for (const [text, mark] of [
    [".", DOT],
    ["..", DOT_DOT]
  ]) {
    while (read < entries.length && dentries.compareWith(entries[read], text) < 0) {
      all[written++] = entries[read++];
    }
    all.fill(mark, written, written + pairs);
    written += pairs;
  }
  all.set(entries.subarray(read), written);
  return all;
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
function writeDirectoryBlock(entries, start, blockSize, nidOf2, target, at) {
  let used = 0;
  let count = 0;
  for (let index = start; index < entries.length; index++, count++) {
    used += DIRENT + entries.nameLength(index);
    if (used > blockSize) break;
  }
  let nameAt = count * DIRENT;
  for (let index = start; index < start + count; index++) {
    const name = entries.name(index);
    const nid = nidOf2(entries.inode(index));
    const entry = at + (index - start) * DIRENT;
    target.writeUInt32LE(nid.low, entry);
    target.writeUInt32LE(nid.high, entry + 4);
    target.writeUInt16LE(nameAt, entry + 8);
    target.writeUInt8(entries.type(index), entry + 10);
    target.write(name, at + nameAt, name.length, "latin1");
    nameAt += name.length;
  }
  return count;
}

// src/convert/erofs/native/image/stored-xattrs.ts
var ORIGIN = Buffer.from("trusted.overlay.origin", "latin1");
function storedXattrs(tree, inode) {
  const refs = tree.xattrsOf(inode);
  if (tree.inodes.has(inode, FLAG.whiteouts)) refs.add(ORIGIN, 0, ORIGIN.length, 0, 0);
  if (tree.rules.sortsXattrs) refs.sort();
  return refs;
}

// src/convert/erofs/native/image/layout.ts
var NO_BLOCK = 4294967295;
var COMPACT = 32;
var EXTENDED = 64;
var FARTHEST_ROOT = 65535 * 32;
var CHUNK_48BIT = 64;
function layOut(tree, map) {
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
    const bodySize = this.#isExtended(inode) ? EXTENDED : COMPACT;
    if (bodySize === EXTENDED) inodes.setFlag(inode, FLAG.extended);
    const type = inodes.mode(inode) & TYPE.mask;
    if (type === TYPE.directory) this.#measure(inode);
    const lost = this.#isLost(inode);
    if (lost) inodes.setFlag(inode, FLAG.lost);
    const body = chunkIndexSize(inodes, inode, bodySize + this.#finishXattrs(inode));
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

// src/convert/erofs/native/image/inode-body.ts
var LAYOUT = { flat: 0, inlineTail: 2, chunked: 4 };
function writeInode(inodes, inode, xattrSize2, target, at) {
  const extended = inodes.has(inode, FLAG.extended);
  target.writeUInt16LE((extended ? 1 : 0) | layoutOf(inodes, inode) << 1, at);
  target.writeUInt16LE(xattrCount(xattrSize2), at + 2);
  target.writeUInt16LE(inodes.mode(inode), at + 4);
  target.writeUInt32LE(inodes.union(inode), at + 16);
  target.writeUInt32LE(inodes.serial(inode), at + 20);
  const size = inodes.size(inode);
  if (!extended) {
    target.writeUInt16LE(inodes.nlink(inode), at + 6);
    target.writeUInt32LE(size, at + 8);
    target.writeUInt16LE(inodes.uid(inode), at + 24);
    target.writeUInt16LE(inodes.gid(inode), at + 26);
    return 32;
  }
  target.writeUInt32LE(size % 2 ** 32, at + 8);
  target.writeUInt32LE(Math.floor(size / 2 ** 32), at + 12);
  target.writeUInt32LE(inodes.uid(inode), at + 24);
  target.writeUInt32LE(inodes.gid(inode), at + 28);
  target.writeUInt32LE(inodes.mtimeLow(inode), at + 32);
  target.writeUInt32LE(inodes.mtimeHigh(inode), at + 36);
  target.writeUInt32LE(inodes.nanoseconds(inode), at + 40);
  target.writeUInt32LE(inodes.nlink(inode), at + 44);
  return 64;
}
function layoutOf(inodes, inode) {
  if (inodes.has(inode, FLAG.chunked)) return LAYOUT.chunked;
  return inodes.has(inode, FLAG.inlineTail) ? LAYOUT.inlineTail : LAYOUT.flat;
}

// src/convert/erofs/native/image/metadata.ts
function writeMetadata(tree, map, layout, dataBlocks) {
  const { blockSize } = map;
  const headBlocks = dataBlocks === 0 ? layout.totalBlocks : 1;
  const restBlock = headBlocks + dataBlocks;
  const metadata = {
    head: Buffer.alloc(headBlocks * blockSize),
    rest: Buffer.alloc((layout.totalBlocks - restBlock) * blockSize),
    restBlock
  };
  const writer = new MetadataWriter(tree, map, layout, metadata);
  for (let inode = 0; inode < tree.inodes.count; inode++) {
    if (tree.inodes.has(inode, FLAG.placed) && !tree.inodes.has(inode, FLAG.lost)) writer.write(inode);
  }
  return metadata;
}
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
var MetadataWriter = class {
  #tree;
  #map;
  #layout;
  #metadata;
  constructor(tree, map, layout, metadata) {
    this.#tree = tree;
    this.#map = map;
    this.#layout = layout;
    this.#metadata = metadata;
  }
  write(inode) {
    const { inodes } = this.#tree;
    const { target, at } = this.#locate(offsetOf(this.#tree, this.#map, inode));
    const list = storedXattrs(this.#tree, inode);
    const attributes = xattrSize(list);
    const end = at + writeInode(inodes, inode, attributes, target, at);
    if (attributes > 0) writeXattrs(list, target, end);
    const tail = end + attributes;
    const type = inodes.mode(inode) & TYPE.mask;
    if (inodes.has(inode, FLAG.chunked)) writeChunkIndex(inodes, inode, target, tail);
    else if (type === TYPE.link) this.#writeTarget(inode, target, tail);
    else if (type === TYPE.directory) this.#writeDirectory(inode, target, tail);
  }
  #locate(offset) {
    const { head, rest, restBlock } = this.#metadata;
    if (offset < head.length) return { target: head, at: offset };
    return { target: rest, at: offset - restBlock * this.#map.blockSize };
  }
  #writeTarget(inode, body, tail) {
    const { inodes, dentries } = this.#tree;
    const { blockSize } = this.#map;
    const size = inodes.size(inode);
    const inlined = inodes.has(inode, FLAG.inlineTail) ? size % blockSize : 0;
    const start = inodes.first(inode);
    if (size > inlined) {
      const { target, at } = this.#locate(inodes.union(inode) * blockSize);
      dentries.arena.copy(start, size - inlined, target, at);
    }
    if (inlined > 0) dentries.arena.copy(start + size - inlined, inlined, body, tail);
  }
  #writeDirectory(inode, body, tail) {
    const { inodes } = this.#tree;
    const { blockSize } = this.#map;
    const entries = new DirectoryEntries(this.#tree, inode);
    const full = Math.floor(inodes.size(inode) / blockSize);
    const missing = this.#tree.withoutParent.has(inode) ? inodes.parent(inode) : void 0;
    const nid = (of) => of === missing ? ZERO_NID : this.#nid(of);
    for (let block = 0, done = 0; done < entries.length; block++) {
      const inlined = block === full && inodes.has(inode, FLAG.inlineTail);
      const { target, at } = inlined ? { target: body, at: tail } : this.#locate((inodes.union(inode) + block) * blockSize);
      done += writeDirectoryBlock(entries, done, blockSize, nid, target, at);
    }
  }
  #nid(inode) {
    if (this.#tree.inodes.has(inode, FLAG.lost)) return NO_NID;
    return nidOf(this.#tree, this.#map, this.#layout, inode);
  }
};

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
   * @param xattrs shared by the releases that are built side by side
   * @param maxInodes maximum number of files and directories
   */
  constructor(release, index, xattrs, maxInodes2) {
    this.#index = index;
    this.#map = new BlockMap(index ? TAR_INDEX_BLOCK : FULL_BLOCK);
    this.#map.map(this.#map.append(index ? RESERVED.withTar : RESERVED.withoutDevices));
    this.tree = new LayerTree(
      RULES[release],
      { place: index ? placeInTar : this.#placeInImage },
      xattrs,
      maxInodes2
    );
  }
  /** Reserves blocks for file data. [erofs-utils, lib/tar.c, tarerofs_write_uncompressed_file] */
  #placeInImage = (inodes, inode, size) => {
    inodes.setUnion(inode, this.#map.takeRun(Math.ceil(size / FULL_BLOCK)));
    inodes.setFlag(inode, FLAG.dataRun);
    this.#map.fileRuns += 1;
  };
  /** The blocks that are not file data. The tree cannot be used afterwards. */
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
    const xattrs = new XattrArena();
    const files = maxInodes(request.blobSize ?? Number.POSITIVE_INFINITY);
    for (const release of new Set(request.classes.flatMap((of) => RELEASES[of]))) {
      this.#targets.set(release, new Target(release, this.#index, xattrs, files));
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
    const all = [...images.values()];
    const [first] = all;
    if (first instanceof VeritySignError && all.every((image) => image instanceof VeritySignError))
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
    const { head, rest, restBlock } = target.finish({
      uuid: Buffer.from(this.#request.uuid.replaceAll("-", ""), "hex"),
      volumeName: this.#volumeName,
      tarSize: this.#reader.position
    });
    const blockSize = this.#index ? TAR_INDEX_BLOCK : FULL_BLOCK;
    const metadataEnd = rest.length === 0 ? head.length + this.#dataSize : restBlock * blockSize + rest.length;
    const tree = this.#tree.fork(sink !== void 0);
    tree.update(head.subarray(blockSize));
    tree.update(rest);
    if (this.#index) tree.addLeaves(this.#leaves);
    const rootHash = tree.finish(head.subarray(0, blockSize));
    if (sink !== void 0) {
      if (rest.length > 0) this.#write(sink, restBlock * blockSize, rest);
      this.#write(sink, 0, head);
      await this.#written();
      await sink.end(metadataEnd);
    }
    const imageSize = metadataEnd + (this.#index ? this.#tarSize : 0);
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

// src/convert/verity/leaf-digests.ts
var IN_MEMORY = 64 * 1024 * 1024;
var LeafDigests = class {
  #slicer;
  #blockSize;
  #digests;
  /**
   * @param folder private folder for the file
   * @param inMemory bytes of digests to keep in memory, a multiple of 1 MiB
   */
  constructor(blockSize, folder, inMemory = IN_MEMORY) {
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

// src/convert/verity-file/tar-spool.ts
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
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
      await build.push(chunk);
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
export {
  NativeConsumer
};
