import { prefixLength } from '../../erofs/native/image/xattrs.ts';
import { printable } from '../refusals.ts';

/** An extended attribute of an entry: `name=value` in latin1. The name itself may contain a `=`. */
export interface PaxXattr {
  pair: string;
  nameLength: number;
}

/** Linux looks up no longer name. [include/uapi/linux/limits.h, XATTR_NAME_MAX] */
const MAX_NAME = 0xff;
/** The format has 16 bits for the length of a value. */
const MAX_VALUE = 0xffff;

/** Name and value as an inode stores them; undefined for an empty name, which mkfs.erofs drops. */
export function nameAndValue({ pair, nameLength }: PaxXattr): { name: string; value: string } | undefined {
  if (nameLength === 0) return undefined;
  const name = pair.slice(0, nameLength);
  const end = name.indexOf('\0');
  return { name: end === -1 ? name : name.slice(0, end), value: pair.slice(nameLength + 1) };
}

/** What is wrong with an attribute as mkfs.erofs stores it, as a phrase; undefined if nothing is. */
export function damageOf({ pair, nameLength }: PaxXattr): string | undefined {
  if (nameLength === 0) return 'extended attribute without a name: dropped';
  const mixed = pair[nameLength] !== '=';
  if (!mixed && nameLength <= MAX_NAME && pair.length - nameLength - 1 <= MAX_VALUE) return undefined;
  const name = printable(pair.slice(0, Math.min(nameLength, 80)));
  return `extended attribute ${name}: ${mixed ? 'mixed with another' : 'too long'}, damaged`;
}

/** Bytes of an attribute in an inode. [Linux fs/erofs/erofs_fs.h, struct erofs_xattr_entry] */
export function storedSizeOf({ pair, nameLength }: PaxXattr): number {
  return Math.ceil((4 + pair.length - 1 - prefixLength(pair.slice(0, nameLength))) / 4) * 4;
}
