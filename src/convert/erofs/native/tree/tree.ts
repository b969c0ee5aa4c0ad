import { deviceNumber, oldDeviceNumber } from '../../../tar/device-number.ts';
import { hasData, type TarEntry, TYPE } from '../../../tar/entry.ts';
import { nameAndValue, type PaxXattr } from '../../../tar/pax/xattr.ts';
import { malformed, undefinedResult } from '../../../tar/refusals.ts';
import { prefixLength, type Xattr } from '../image/xattrs.ts';
import type { Rules } from '../releases.ts';
import type { BytesArena } from './bytes-arena.ts';
import { Dentries, FILE_TYPE } from './dentries.ts';
import { FLAG, InodeTable } from './inode-table.ts';
import { type LastDirectory, NOWHERE, parentOf, ROOT, walk } from './path-walk.ts';
import { MAX_XATTR_BYTES, tooManyXattrBytes, type XattrArena, xattrListSize } from './xattr-arena.ts';
import { XattrRefs } from './xattr-refs.ts';

const OPAQUE_XATTRS: readonly Xattr[] = [{ name: 'trusted.overlay.opaque', value: 'y' }];

/** Decides where file data is: in blocks of the image, or in the tar. */
export interface DataPlan {
  /** Reserves room for `size` bytes, at least 1, and records it in the inode. */
  place(inodes: InodeTable, inode: number, size: number, dataOffset: number): void;
}

/** The files of a layer as one release sees them. [erofs-utils, lib/tar.c and lib/rebuild.c] */
export class LayerTree {
  readonly inodes = new InodeTable();
  readonly dentries: Dentries;
  /** Where the extended attributes of an inode are, in the order of addition; most inodes have none. */
  readonly #xattrs = new Map<number, number | number[]>();
  readonly #xattrArena: XattrArena;
  /** Bytes of the extended attributes of all entries so far. */
  #xattrBytes = 0;
  readonly rules: Rules;
  /** Directories whose original parent has no place yet when their data is written (up to 1.8.10). */
  readonly withoutParent = new Set<number>();
  implied = 0;
  walked = 0;
  last: LastDirectory = NOWHERE;
  readonly maxInodes: number;
  readonly #data: DataPlan;

  /**
   * @param xattrs shared by the releases that are built side by side
   * @param maxInodes maximum number of files and directories
   * @param texts names and link targets, shared in the same way
   */
  constructor(rules: Rules, data: DataPlan, xattrs: XattrArena, maxInodes: number, texts?: BytesArena) {
    this.dentries = new Dentries(texts);
    this.maxInodes = maxInodes;
    this.rules = rules;
    this.#data = data;
    this.#xattrArena = xattrs;
    const root = this.inodes.add();
    // Its owner is the owner of the process, which is root on a node.
    this.inodes.setMode(root, TYPE.directory | 0o777);
    this.inodes.setNlink(root, 2);
    this.inodes.setNames(root, 1);
    this.inodes.setFlag(root, FLAG.named);
  }

  /**
   * Adds an entry. Returns whether its data follows.
   * @throws VeritySignError 'image' for an entry that this release refuses
   */
  apply(entry: TarEntry): boolean {
    const path = this.rules.oldPax ? entry.oldPath : entry.path;
    const { entry: name, whiteout, opaque } = walk(this, path);
    const directory = (entry.mode & TYPE.mask) === TYPE.directory;
    if (name === 0) {
      if (!directory)
        throw malformed('an entry for the root that is not a directory, or an opaque marker at the root');
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
  #inodeFor(name: number, directory: boolean, type: number): number {
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

  #fill(
    inode: number,
    entry: TarEntry,
    { whiteout, withData }: { whiteout: boolean; withData: boolean },
    name = 0,
  ): void {
    const { inodes, dentries, rules } = this;
    if (whiteout) {
      // It may have been a directory.
      this.last = NOWHERE;
      if (rules.earlyDots && /^\.\.?$/.test(dentries.name(name)))
        throw undefinedResult('a whiteout of . or ..');
      inodes.setMode(inode, (inodes.mode(inode) & ~TYPE.mask) | TYPE.char);
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
    if (xattrs !== undefined) this.#addXattrs(inode, xattrs);
  }

  /** Undefined if there is none, as in most entries. */
  #storedXattrs(own: Iterable<PaxXattr>): Xattr[] | undefined {
    let stored: Xattr[] | undefined;
    for (const pax of own) {
      const xattr = nameAndValue(pax);
      if (xattr === undefined) continue;
      if (this.rules.knownPrefixesOnly && prefixLength(xattr.name) === 0) continue;
      stored ??= [];
      stored.push(xattr);
    }
    return stored;
  }

  #content(inode: number, entry: TarEntry, withData: boolean): void {
    const { inodes, dentries, rules } = this;
    const type = inodes.mode(inode) & TYPE.mask;
    if (type === TYPE.directory) {
      if (inodes.nlink(inode) === 0) {
        inodes.setNlink(inode, 2);
        // `..` refers to the parent as it is in memory.
        if (rules.earlyDots) parentOf(inodes, inode);
        // A second pair of `.` and `..`, unless the directory is new.
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
    if (entry.size > Number.MAX_SAFE_INTEGER) throw malformed('the data of a file is cut');
    this.#data.place(inodes, inode, entry.size, entry.dataOffset);
  }

  /** The extended attributes of an inode, in the order of addition. */
  xattrsOf(inode: number): XattrRefs {
    const refs = new XattrRefs();
    const found = this.#xattrs.get(inode);
    if (typeof found === 'number') this.#xattrArena.read(found, refs);
    else for (const address of found ?? []) this.#xattrArena.read(address, refs);
    return refs;
  }

  hasXattrs(inode: number): boolean {
    return this.#xattrs.has(inode);
  }

  #addXattrs(inode: number, list: readonly Xattr[]): void {
    const address = this.#xattrArena.add(list);
    if (address === undefined) return;
    // The image repeats a list that the arena holds once.
    this.#xattrBytes += xattrListSize(list);
    if (this.#xattrBytes > MAX_XATTR_BYTES) throw tooManyXattrBytes();
    const found = this.#xattrs.get(inode);
    if (found === undefined) this.#xattrs.set(inode, address);
    else if (typeof found === 'number') this.#xattrs.set(inode, [found, address]);
    else found.push(address);
  }

  #link(name: number, path: string): void {
    const { inodes, dentries, rules } = this;
    if (rules.earlyDots && /^\.\.?$/.test(dentries.name(name)))
      throw undefinedResult('a hard link in place of . or ..');
    const replaced = dentries.type(name) === FILE_TYPE.unknown ? undefined : dentries.inode(name);
    if (rules.linkRemovesFirst && replaced !== undefined) this.#remove(replaced);
    const { entry: target } = walk(this, path);
    if (target === 0) {
      if (rules.oldEntries) throw undefinedResult('a hard link to the root');
      throw malformed('a hard link to the root');
    }
    if (dentries.type(target) === FILE_TYPE.unknown) {
      throw malformed('a hard link whose target is missing or comes later');
    }
    if (target === name) {
      if (rules.linkRemovesFirst) throw undefinedResult('a hard link to itself');
      return;
    }
    const inode = dentries.inode(target);
    if (this.#isDirectory(inode)) throw malformed('a hard link to a directory');
    inodes.setNlink(inode, inodes.nlink(inode) + 1);
    inodes.setNames(inode, inodes.names(inode) + 1);
    if (replaced !== undefined && !rules.linkRemovesFirst) this.#remove(replaced);
    if (inodes.has(dentries.directory(target), FLAG.freed)) {
      throw undefinedResult('a hard link replaces the directory that contains its target');
    }
    if (replaced !== undefined) this.last = NOWHERE;
    dentries.setInode(name, inode);
    dentries.setType(name, dentries.type(target));
  }

  /** Removes a name of an inode, and if it is a directory, the names of everything below it. */
  #remove(top: number): void {
    const { inodes, dentries } = this;
    this.last = NOWHERE;
    const queue = [top];
    const strays = [top];
    for (let inode = queue.pop(); inode !== undefined; inode = queue.pop()) {
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
    // mkfs.erofs decrements the counters of parents that it has freed.
    for (const inode of strays) if (this.#isDirectory(inode)) parentOf(inodes, inode);
  }

  #isDirectory(inode: number): boolean {
    return (this.inodes.mode(inode) & TYPE.mask) === TYPE.directory;
  }
}

function typeOf(mode: number): number {
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
