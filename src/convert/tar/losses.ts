import { storedName } from '../erofs/native/image/xattrs.ts';
import { roleOf, type TarEntry, TYPE } from './entry.ts';
import type { PaxXattr, XattrList } from './pax/xattr-list.ts';
import { printable } from './refusals.ts';

/** Linux looks up no longer name. [include/uapi/linux/limits.h, XATTR_NAME_MAX] */
const MAX_NAME = 0xff;
const MAX_VALUE = 0xffff;
/** Bytes of all attributes of an inode: their 16-bit count is in units of 4 bytes. */
const MAX_ALL = 4 * 0xfffe;

/** Whiteouts of an empty name, which no kernel accepts in a directory, and of `.` and `..`. */
const NAMELESS = /(^|\/)\.wh\.$/;
const DOTS = /(^|\/)\.wh\.\.{1,2}$/;

/** The global attributes, as far as they can damage the entries to which they apply. */
export interface GlobalXattrs {
  damaged: readonly PaxXattr[];
  /** Bytes in an inode. */
  size: number;
}

export const NO_GLOBAL_XATTRS: GlobalXattrs = { damaged: [], size: 0 };

/** @param xattrs the attributes of all `g` headers so far */
export function globalXattrs(xattrs: XattrList): GlobalXattrs {
  const all = [...xattrs];
  return { damaged: all.filter((xattr) => damageOf(xattr) !== undefined), size: sizeOf(all) };
}

/**
 * What mkfs.erofs alters of an entry without an error, as phrases; empty for an entry that it stores as it
 * is. Hard links and opaque markers have nothing of their own that could be altered.
 * @param own the entry's own attributes
 */
export function lossesOf(entry: TarEntry, own: XattrList, global: GlobalXattrs): string[] {
  const role = roleOf(entry.path);
  if (role === 'opaque marker') return [];
  if (role === 'whiteout' && NAMELESS.test(entry.path))
    return ['whiteout without a name: its folder is unreadable'];
  if (entry.hardLink) return role === 'whiteout' ? ['hard link named like a whiteout: hides nothing'] : [];
  const found = role === 'whiteout' ? whiteoutLosses(entry) : ordinaryLosses(entry);
  const damage = xattrDamage(own, global);
  return damage === undefined ? found : [...found, damage];
}

function whiteoutLosses({ path, size }: TarEntry): string[] {
  if (DOTS.test(path)) return ['whiteout of . or ..: left out'];
  return size > 0 ? ['whiteout with data: hides nothing'] : [];
}

function ordinaryLosses({ mode, size, deviceFits, sparsePath }: TarEntry): string[] {
  const type = mode & TYPE.mask;
  const special = type === TYPE.char || type === TYPE.block || type === TYPE.fifo;
  if (special && size > 0) return ['device or FIFO with data: its device number is lost'];
  if (!deviceFits) return ['device number of more than 12 and 20 bits: altered'];
  if (type === TYPE.file && sparsePath !== undefined) {
    return ['PAX sparse file: stored with its sparse map, not expanded'];
  }
  return [];
}

function xattrDamage(own: XattrList, global: GlobalXattrs): string | undefined {
  if (own.size === 0 && global.size === 0) return undefined;
  for (const xattr of own) {
    const damage = damageOf(xattr);
    if (damage !== undefined) return damage;
  }
  const inherited = global.damaged.find(({ pair, nameLength }) => !own.has(pair.slice(0, nameLength)));
  if (inherited !== undefined) return damageOf(inherited);
  if (sizeOf(own) + global.size <= MAX_ALL) return undefined;
  return `extended attributes of more than ${MAX_ALL} bytes: damaged`;
}

function damageOf({ pair, nameLength }: PaxXattr): string | undefined {
  if (nameLength === 0) return 'extended attribute without a name: left out';
  const mixed = pair[nameLength] !== '=';
  if (!mixed && nameLength <= MAX_NAME && pair.length - nameLength - 1 <= MAX_VALUE) return undefined;
  const name = printable(pair.slice(0, Math.min(nameLength, 80)));
  return `extended attribute ${name}: ${mixed ? 'mixed with another' : 'too long'}, damaged`;
}

/** Bytes that attributes take in an inode. [Linux fs/erofs/erofs_fs.h, struct erofs_xattr_entry] */
function sizeOf(xattrs: Iterable<PaxXattr>): number {
  let size = 0;
  for (const { pair, nameLength } of xattrs) {
    const { suffix } = storedName(pair.slice(0, nameLength));
    size += Math.ceil((4 + suffix.length + pair.length - nameLength - 1) / 4) * 4;
  }
  return size;
}
