import { OPAQUE, TYPE, WHITEOUT } from '../../../tar/entry.ts';
import { malformed, notForErofs, undefinedResult, unsupported } from '../../../tar/refusals.ts';
import { type Dentries, FILE_TYPE, LONGEST_NAME } from './dentries.ts';
import type { InodeTable } from './inode-table.ts';
import { FLAG } from './inode-table.ts';
import { MAX_WALKED_NAMES, NAMES_PER_INODE } from './limits.ts';

export const ROOT = 0;
/** Limit: a path with two bytes for each name needs fifty times its length of memory. */
const MAX_IMPLIED = 250_000;

/** So many bytes of a name take as long as another name, as a power of two. */
const BYTES_SHIFT = 3;

/** The result of walking a path. */
export interface Walked {
  /** The last entry that was looked up, or 0 for the root; a new one has no type and no inode of its own. */
  entry: number;
  whiteout: boolean;
  opaque: boolean;
}

/**
 * The directory part of a path, with the slash at its end, and the state of the walk behind it: the entries of
 * a directory usually follow one another. It holds until an entry replaces another one.
 */
export interface LastDirectory {
  readonly path: string;
  readonly entry: number;
  readonly inode: number;
  /** Number of names, empty ones included, and long ones as several. */
  readonly names: number;
}

export const NOWHERE: LastDirectory = { path: '', entry: 0, inode: ROOT, names: 0 };

/** The parts of the tree that walking needs. */
export interface Walkable {
  inodes: InodeTable;
  dentries: Dentries;
  /** Number of directories that no entry had named when they were created. */
  implied: number;
  /** Number of names that were walked over, empty ones included, and long ones as several. */
  walked: number;
  last: LastDirectory;
  readonly maxInodes: number;
}

/**
 * Follows a path from the root and creates what is missing: parent directories, and a last entry without a
 * type. Symbolic links are not followed. `..` leads to the parent, but the result stays the last entry that
 * was looked up.
 * @throws VeritySignError 'image' for a path that mkfs.erofs refuses
 * [erofs-utils, lib/rebuild.c, erofs_rebuild_get_dentry]
 */
export function walk(tree: Walkable, path: string): Walked {
  const { inodes, dentries } = tree;
  const known = path.startsWith(tree.last.path) ? tree.last : NOWHERE;
  const walked: Walked = { entry: known.entry, whiteout: false, opaque: false };
  let here = known.inode;
  let at = known.path.length;
  count(tree, known.names);
  for (let names = known.names; at < path.length; ) {
    const slash = path.indexOf('/', at);
    const last = slash === -1;
    if (last && at > known.path.length) {
      tree.last = { path: path.slice(0, at), entry: walked.entry, inode: here, names };
    }
    let name = path.slice(at, last ? path.length : slash);
    at = last ? path.length : slash + 1;
    const cost = 1 + (name.length >> BYTES_SHIFT);
    names += cost;
    count(tree, cost);
    if (name === '' || name === '.') continue;
    if (name === '..') {
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
      throw notForErofs('a path goes through a symbolic link or another file that is not a directory');
    }
    walked.entry = entry;
    here = dentries.inode(entry);
  }
  return walked;
}

function count(tree: Walkable, names: number): void {
  tree.walked += names;
  if (tree.walked > MAX_WALKED_NAMES)
    throw unsupported(`the paths of its entries have more than ${MAX_WALKED_NAMES} names`);
}

/** The inode's parent. @throws VeritySignError 'image' if mkfs.erofs has freed it */
export function parentOf(inodes: InodeTable, inode: number): number {
  const parent = inodes.parent(inode);
  if (inodes.has(parent, FLAG.freed)) {
    throw undefinedResult('it replaces a name in a directory that was itself replaced');
  }
  return parent;
}

function newEntry(tree: Walkable, directory: number, name: string, inode: number): number {
  const { inodes, dentries, maxInodes } = tree;
  if (inodes.count > maxInodes)
    throw unsupported(`it has more than ${maxInodes} files, too many for a layer of its size`);
  if (dentries.count > NAMES_PER_INODE * maxInodes)
    throw unsupported(
      `it has more than ${NAMES_PER_INODE * maxInodes} names, too many for a layer of its size`,
    );
  const entry = dentries.add(directory, name, inode, inodes.first(directory));
  inodes.setFirst(directory, entry);
  return entry;
}

/** Creates a directory that no entry names; its attributes are the current ones of its parent. */
function makeDirectory(tree: Walkable, parent: number, name: string): number {
  const { inodes, dentries } = tree;
  tree.implied += 1;
  if (tree.implied > MAX_IMPLIED)
    throw unsupported(`it has more than ${MAX_IMPLIED} directories without entries`);
  const inode = inodes.add();
  inodes.setMode(inode, TYPE.directory | 0o755 | (inodes.mode(parent) & 0o022));
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
