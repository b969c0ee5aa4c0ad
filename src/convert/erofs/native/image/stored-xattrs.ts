import { FLAG } from '../tree/inode-table.ts';
import type { LayerTree } from '../tree/tree.ts';
import { XattrRefs } from '../tree/xattr-refs.ts';

const NONE = new XattrRefs();
const ORIGIN = Buffer.from('trusted.overlay.origin', 'latin1');

/** The extended attributes of an inode as the image has them; they must not be added to. */
export function storedXattrs(tree: LayerTree, inode: number): XattrRefs {
  const whiteouts = tree.inodes.has(inode, FLAG.whiteouts);
  if (!whiteouts && !tree.hasXattrs(inode)) return NONE;
  const refs = tree.xattrsOf(inode);
  if (whiteouts) refs.add(ORIGIN, 0, ORIGIN.length, 0, 0);
  if (tree.rules.sortsXattrs) refs.sort();
  return refs;
}
