import { OPAQUE, TYPE, WHITEOUT } from '../../../tar/entry.ts';
import { malformed, undefinedResult, unsupported } from '../../../tar/refusals.ts';
import type { Dentries } from './dentries.ts';
import { FILE_TYPE } from './dentries.ts';
import type { InodeTable } from './inode-table.ts';
import { FLAG } from './inode-table.ts';

export const ROOT = 0;
const LONGEST_NAME = 255;
/** A path of two bytes per name takes fifty times its length of memory. */
const MOST_IMPLIED = 250_000;

/** What a path leads to. */
export interface Walked {
  /** The last entry that was looked up, or 0 for the root; new ones have no type and no inode of their own. */
  entry: number;
  whiteout: boolean;
  opaque: boolean;
}

/** The tree as far as walking needs it. */
export interface Walkable {
  inodes: InodeTable;
  dentries: Dentries;
  /** Directories that no entry had named when they were made. */
  implied: number;
}

/**
 * Follows a path from the root and makes what is missing: directories on the way, and a last entry
 * without a type. Symbolic links are not followed. `..` leads up but is not itself the result, which
 * stays the last entry looked up. [erofs-utils, lib/rebuild.c, erofs_rebuild_get_dentry]
 */
export function walk(tree: Walkable, path: string): Walked {
  const { inodes, dentries } = tree;
  const walked: Walked = { entry: 0, whiteout: false, opaque: false };
  let here = ROOT;
  for (let at = 0; at < path.length; ) {
    const slash = path.indexOf('/', at);
    const last = slash === -1;
    let name = path.slice(at, last ? path.length : slash);
    at = last ? path.length : slash + 1;
    if (name === '' || name === '.') continue;
    if (name === '..') {
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
      throw malformed('a path through something that is no directory');
    }
    walked.entry = entry;
    here = dentries.inode(entry);
  }
  return walked;
}

/** The inode's parent; a freed one cannot be asked for. */
export function parentOf(inodes: InodeTable, inode: number): number {
  const parent = inodes.parent(inode);
  if (inodes.has(parent, FLAG.freed)) {
    throw undefinedResult('a name is replaced whose directory was replaced before');
  }
  return parent;
}

function newEntry({ inodes, dentries }: Walkable, directory: number, name: string, inode: number): number {
  const entry = dentries.add(directory, name, inode, inodes.first(directory));
  inodes.setFirst(directory, entry);
  return entry;
}

/** A directory that no entry names: it takes after its parent as that is now. */
function makeDirectory(tree: Walkable, parent: number, name: string): number {
  const { inodes, dentries } = tree;
  tree.implied += 1;
  if (tree.implied > MOST_IMPLIED) throw unsupported(`more than ${MOST_IMPLIED} directories without entries`);
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
