import { FLAG } from '../tree/inode-table.ts';
import type { LayerTree } from '../tree/tree.ts';
import type { XattrRefs } from '../tree/xattr-refs.ts';

const ORIGIN = Buffer.from('trusted.overlay.origin', 'latin1');

/** The extended attributes of an inode as the image has them. */
export function storedXattrs(tree: LayerTree, inode: number): XattrRefs {
  const refs = tree.xattrsOf(inode);
  if (tree.inodes.has(inode, FLAG.whiteouts)) refs.add(ORIGIN, 0, ORIGIN.length, 0, 0);
  if (tree.rules.sortsXattrs) refs.sort();
  return refs;
}
