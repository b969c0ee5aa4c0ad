import { type TarEntry, TYPE } from '../../src/convert/tar/entry.ts';
import { FT } from './image-entries.ts';

/** A name of a layer's tree after some entries of its tar. */
export interface ReplayedNode {
  type: number;
  children: Map<string, ReplayedNode>;
  parent: ReplayedNode | undefined;
  /** The entry that made it; none for a directory that was made on the way to another. */
  entry: TarEntry | undefined;
  whiteout: boolean;
  /** An opaque marker has named it. */
  opaque: boolean;
}

const OF_TYPE = new Map<number, number>([
  [TYPE.fifo, FT.fifo],
  [TYPE.char, FT.char],
  [TYPE.directory, FT.directory],
  [TYPE.block, FT.block],
  [TYPE.file, FT.file],
  [TYPE.link, FT.link],
]);

function node(type: number, parent?: ReplayedNode, entry?: TarEntry, whiteout = false): ReplayedNode {
  return { type, children: new Map(), parent, entry, whiteout, opaque: false };
}

interface Found {
  folder: ReplayedNode;
  name: string;
  whiteout: boolean;
  opaque: boolean;
}

function find(root: ReplayedNode, path: string): Found | undefined {
  let here = root;
  let found: Found | undefined;
  const parts = path.split('/');
  for (const [index, part] of parts.entries()) {
    const final = index === parts.length - 1;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      here = here.parent ?? root;
      continue;
    }
    if (final && part === '.wh..wh..opq') {
      if (found !== undefined) found.opaque = true;
      break;
    }
    const whiteout = final && part.startsWith('.wh.');
    const name = whiteout ? part.slice(4) : part;
    found = { folder: here, name, whiteout, opaque: false };
    if (final) break;
    const next = here.children.get(name) ?? node(FT.directory, here);
    here.children.set(name, next);
    here = next;
  }
  return found;
}

/**
 * The tree of a layer, by a simple reading of the aufs rules: later entries replace earlier ones, a whiteout
 * becomes a device. The entries must be ones that mkfs.erofs accepts.
 */
export function replay(entries: readonly TarEntry[]): ReplayedNode {
  const root = node(FT.directory);
  for (const entry of entries) {
    const found = find(root, entry.path);
    if (found === undefined) continue;
    if (found.opaque) {
      const marked = found.folder.children.get(found.name);
      if (marked !== undefined) marked.opaque = true;
      continue;
    }
    const { folder, name, whiteout } = found;
    if (entry.hardLink) {
      const target = find(root, entry.target);
      const linked = target?.folder.children.get(target.name);
      if (linked === undefined) throw new TypeError(`no target of ${entry.path}`);
      folder.children.set(name, linked);
      continue;
    }
    const type = whiteout ? FT.char : (OF_TYPE.get(entry.mode & TYPE.mask) ?? 0);
    const before = folder.children.get(name);
    if (before?.type === FT.directory && type === FT.directory) before.entry = entry;
    else folder.children.set(name, node(type, folder, entry, whiteout));
  }
  return root;
}

/** All names below, by path; those in a directory with an empty name cannot be listed. */
export function namesIn(
  root: ReplayedNode,
  folder = '',
  into = new Map<string, ReplayedNode>(),
): typeof into {
  if (root.children.has('')) return into.set(folder, node(FT.unreadable));
  for (const [name, child] of root.children) {
    // Whiteouts of these two: an image has no place for them.
    if (name === '.' || name === '..') continue;
    const path = folder === '' ? name : `${folder}/${name}`;
    into.set(path, child);
    if (child.type === FT.directory) namesIn(child, path, into);
  }
  return into;
}
