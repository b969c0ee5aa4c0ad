import { roleOf, type TarEntry, TYPE } from './entry.ts';
import { damageOf } from './pax/xattr.ts';
import type { XattrList } from './pax/xattr-list.ts';

/** Bytes of all attributes of an inode: the format has 16 bits for them, in units of 4 bytes. */
const MAX_XATTRS = 4 * 0xfffe;
/** Whiteouts of an empty name, which no kernel accepts in a directory, and of `.` and `..`. */
const NAMELESS = /(^|\/)\.wh\.$/;
const DOTS = /(^|\/)\.wh\.\.{1,2}$/;
const NONE: readonly string[] = [];

/**
 * What mkfs.erofs alters of an entry without an error, as phrases; empty for an entry that it stores as it
 * is. Hard links and opaque markers have nothing of their own that could be altered.
 * @param own the entry's own attributes
 * @param global those of all `g` headers so far
 */
export function lossesOf(entry: TarEntry, own: XattrList, global: XattrList): readonly string[] {
  const role = roleOf(entry.path);
  if (role === 'opaque marker') return NONE;
  if (entry.hardLink && role === 'ordinary') return NONE;
  const found = role === 'whiteout' ? whiteoutLosses(entry) : ordinaryLosses(entry);
  if (entry.hardLink || (own.size === 0 && global.size === 0)) return found;
  const damage = xattrDamage(own, global);
  return damage === undefined ? found : [...found, damage];
}

function whiteoutLosses({ path, size, hardLink }: TarEntry): readonly string[] {
  if (NAMELESS.test(path)) return ['whiteout without a name: its directory is unreadable'];
  if (DOTS.test(path)) return ['whiteout of . or ..: dropped'];
  if (hardLink) return ['hard link named like a whiteout: hides nothing'];
  return size > 0 ? ['whiteout with data: hides nothing'] : NONE;
}

function ordinaryLosses({ mode, size, deviceFits, sparsePath }: TarEntry): readonly string[] {
  const type = mode & TYPE.mask;
  if (type === TYPE.fifo && size > 0) return ['FIFO with data: the data is dropped'];
  const device = type === TYPE.char || type === TYPE.block;
  if (device && size > 0) return ['device with data: its device number is lost'];
  if (!deviceFits) return ['device number of more than 12 and 20 bits: altered'];
  if (type === TYPE.file && sparsePath !== undefined) {
    return ['PAX sparse file: stored with its sparse map, not expanded'];
  }
  return NONE;
}

function xattrDamage(own: XattrList, global: XattrList): string | undefined {
  for (const xattr of own.damaged) return damageOf(xattr);
  for (const xattr of global.damaged) {
    if (!own.has(xattr.pair.slice(0, xattr.nameLength))) return damageOf(xattr);
  }
  if (own.storedSize + global.storedSize <= MAX_XATTRS) return undefined;
  return `extended attributes of more than ${MAX_XATTRS} bytes: damaged`;
}
